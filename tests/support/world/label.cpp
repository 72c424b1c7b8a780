#include "tests/support/world/label.h"

#include <cinttypes>
#include <cstdio>

namespace tests::world {
namespace {

std::string seconds_since_1970(Nanos time) {
  const Nanos since = kCaptureStartNs + time;
  char text[32];
  std::snprintf(text, sizeof text, "%" PRId64 ".%09" PRId64, since / kSecond, since % kSecond);
  return text;
}

}  // namespace

std::string to_json(const std::vector<Label>& labels) {
  std::string text = "[";
  for (const Label& label : labels) {
    text += text.size() == 1 ? "\n" : ",\n";
    text += R"(  {"detector": ")" + label.detector + R"(", "subject": ")" + wire::to_text(label.subject);
    text += R"(", "since": )" + seconds_since_1970(label.span.from);
    text += R"(, "until": )" + seconds_since_1970(label.span.until);
    text += std::string(R"(, "required": )") + (label.required ? "true}" : "false}");
  }
  return text + (labels.empty() ? "]\n" : "\n]\n");
}

}  // namespace tests::world

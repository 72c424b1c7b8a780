#include "mgmt/doctor_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/text_table.h"

namespace mgmt {
namespace {

constexpr std::size_t kMargin = 2;
constexpr std::size_t kGap = 2;
constexpr std::size_t kStatusColumns = 4;  // "FAIL"
constexpr std::array<std::string_view, kHealthNames.size()> kStatus = {"OK", "WARN", "FAIL"};

// A path is never cut: PATH_MAX, and what a sentence says besides.
constexpr std::size_t kWhole = 2 * kPathColumns;

std::string safe(std::string_view text) {
  return printable(text, kWhole, TextStyle{});
}

std::string colored_status(Health health, const TextStyle& style) {
  const std::string_view status = kStatus[static_cast<std::size_t>(health)];
  const std::string blanks(kStatusColumns - status.size(), ' ');
  switch (health) {
    case Health::kOk:
      return ok_color(status, style) + blanks;
    case Health::kWarn:
      return warning_color(status, style) + blanks;
    case Health::kFail:
      break;
  }
  return failure_color(status, style) + blanks;
}

std::size_t check_columns(std::span<const Diagnosis> diagnoses) {
  std::size_t columns = 0;
  for (const Diagnosis& diagnosis : diagnoses) columns = std::max(columns, columns_of(diagnosis.check));
  return columns;
}

Lines lines_in(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    lines.emplace_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

class DiagnosisLines {
 public:
  DiagnosisLines(std::size_t check_columns, const TextStyle& style)
      : check_columns_(check_columns), style_(style) {}

  std::string text_of(const Diagnosis& diagnosis) const {
    std::string text;
    std::string before = colored_status(diagnosis.health, style_) + std::string(kGap, ' ') +
                         fmt::format("{:<{}}", diagnosis.check, check_columns_);
    for (const std::string& line : wrapped(safe(diagnosis.found), width()))
      text += row(std::exchange(before, blank()), line);
    for (const std::string& line : wrapped(safe(diagnosis.advice), width())) text += row(blank(), line);
    for (const std::string& command : lines_in(diagnosis.fix))
      text += row(fix_label(), strong(safe(command), style_));
    return text;
  }

 private:
  std::size_t indent() const { return kStatusColumns + kGap + check_columns_; }
  std::size_t width() const { return kTextColumns - kMargin - indent() - kGap; }
  std::string blank() const { return std::string(indent(), ' '); }
  std::string fix_label() const {
    constexpr std::string_view kLabel = "fix:";
    return std::string(indent() - kLabel.size(), ' ') + faint(kLabel, style_);
  }
  static std::string row(const std::string& before, const std::string& line) {
    return fmt::format("{:{}}{}{:{}}{}\n", "", kMargin, before, "", kGap, line);
  }

  std::size_t check_columns_;
  const TextStyle& style_;
};

std::string heading_of(const Diagnosis& diagnosis, const TextStyle& style) {
  constexpr std::size_t kNameColumns = 60;
  if (diagnosis.subject == kHostSubject) return heading("This machine", style);
  return heading("Port " + printable(diagnosis.subject, kNameColumns, style), style);
}

std::string verdict_line(std::span<const Diagnosis> diagnoses, const TextStyle& style) {
  const auto count = [&](Health health) { return std::ranges::count(diagnoses, health, &Diagnosis::health); };
  const auto failures = count(Health::kFail);
  const auto warnings = count(Health::kWarn);
  if (failures + warnings == 0) return ok_color("All is well.", style) + "\n";
  const std::string failing = fmt::format("{} {}", failures, failures == 1 ? "failure" : "failures");
  const std::string warned = fmt::format("{} {}", warnings, warnings == 1 ? "warning" : "warnings");
  return fmt::format("{}, {}\n", failures > 0 ? failure_color(failing, style) : failing,
                     warnings > 0 ? warning_color(warned, style) : warned);
}

}  // namespace

std::string doctor_text(std::span<const Diagnosis> diagnoses, const TextStyle& style) {
  const DiagnosisLines lines(check_columns(diagnoses), style);
  std::string text;
  std::string_view subject;
  for (const Diagnosis& diagnosis : diagnoses) {
    if (diagnosis.subject != subject) {
      text += fmt::format("{}{}\n", text.empty() ? "" : "\n", heading_of(diagnosis, style));
      subject = diagnosis.subject;
    }
    text += lines.text_of(diagnosis);
  }
  return text + "\n" + verdict_line(diagnoses, style);
}

std::string doctor_json(std::span<const Diagnosis> diagnoses) {
  auto json = nlohmann::ordered_json::array();
  for (const Diagnosis& diagnosis : diagnoses) {
    json.push_back({{"check", diagnosis.check},
                    {"subject", diagnosis.subject},
                    {"status", kHealthNames[static_cast<std::size_t>(diagnosis.health)]},
                    {"found", diagnosis.found},
                    {"advice", diagnosis.advice},
                    {"fix", diagnosis.fix}});
  }
  // What the kernel says may be no UTF-8.
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace mgmt

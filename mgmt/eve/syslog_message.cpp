#include "mgmt/eve/syslog_message.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/eve/utc_time.h"

namespace mgmt {

std::string syslog_message(const EventRecord& record, const std::string& host, int process) {
  constexpr int kDaemon = 3;
  const std::string message =
      fmt::format("<{}>1 {}Z {} tapline {} {} - {}", kDaemon * 8 + static_cast<int>(record.urgency),
                  utc_time_text(record.time_ns), host, process, event_type_name(record.type), record.json);
  return fmt::format("{} {}", message.size(), message);
}

std::string host_name() {
  std::array<char, 256> text{};
  gethostname(text.data(), text.size() - 1);
  std::string name(text.data());
  std::erase_if(name, [](char c) { return c <= ' ' || c > '~'; });
  return name.empty() ? "-" : name;
}

}  // namespace mgmt

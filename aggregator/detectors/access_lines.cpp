#include "aggregator/detectors/access_lines.h"

namespace aggregator {
namespace {

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string comment(std::chrono::sys_days until) {
  const std::chrono::year_month_day date(until);
  return "# tapline: remove on " + std::to_string(static_cast<int>(date.year())) + "-" +
         two_digits(static_cast<unsigned>(date.month())) + "-" +
         two_digits(static_cast<unsigned>(date.day()));
}

}  // namespace

AccessLines postfix_access_lines(const wire::Address& client, std::chrono::sys_days until) {
  return {comment(until), to_text(client) + " REJECT"};
}

AccessLines sendmail_access_lines(const wire::Address& client, std::chrono::sys_days until) {
  const std::string address = to_text(client);
  const bool is_v6 = address.find(':') != std::string::npos;
  return {comment(until), "Connect:" + (is_v6 ? "IPv6:" + address : address) + " REJECT"};
}

}  // namespace aggregator

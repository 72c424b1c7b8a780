// Domains of mail addresses.
#pragma once

#include <string_view>

namespace wire {

// campus.example of ann@campus.example and of "a@b"@campus.example; empty if there is none, as for <> and
// ann.
inline std::string_view mail_domain(std::string_view mailbox) noexcept {
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view domain = mailbox.substr(at + 1);
  return domain.find('"') == std::string_view::npos ? domain : std::string_view();
}

}  // namespace wire

#include "wire/log_peer.h"

#include <optional>

#include "wire/network.h"

namespace wire {
namespace {

// A dotted quad; most addresses are, and inet_pton takes ten times as long.
std::optional<Address> dotted_quad(std::string_view text) noexcept {
  std::uint8_t bytes[4] = {};
  std::size_t at = 0;
  for (std::size_t part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) return std::nullopt;
    unsigned value = 0;
    const std::size_t first = at;
    for (; at < text.size() && at < first + 3 && text[at] >= '0' && text[at] <= '9'; ++at)
      value = 10 * value + static_cast<unsigned>(text[at] - '0');
    if (at == first || value > 255 || (text[first] == '0' && at > first + 1)) return std::nullopt;
    bytes[part] = static_cast<std::uint8_t>(value);
  }
  if (at != text.size()) return std::nullopt;
  return Address::v4(bytes);
}

}  // namespace

Address log_address(std::string_view text) noexcept {
  if (const std::optional<Address> v4 = dotted_quad(text)) return *v4;
  if (text.starts_with("IPv6:")) text.remove_prefix(5);
  return address_from(text.substr(0, text.find('%'))).value_or(Address{});
}

Address bracketed_address(std::string_view text) noexcept {
  const std::size_t open = text.rfind('[');
  if (open == std::string_view::npos) return {};
  text.remove_prefix(open + 1);
  const std::size_t close = text.find(']');
  return close == std::string_view::npos ? Address{} : log_address(text.substr(0, close));
}

}  // namespace wire

#include "wire/name_text.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace wire {
namespace {

constexpr std::size_t kMaxLabelOctets = 63;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Takes one octet, escaped or not, from the front.
std::optional<std::uint8_t> take_octet(std::string_view& text) noexcept {
  std::size_t used = 1;
  unsigned octet = static_cast<unsigned char>(text[0]);
  if (octet == '\\') {
    if (text.size() < 2) return std::nullopt;
    octet = static_cast<unsigned char>(text[1]);
    used = 2;
    if (is_digit(text[1])) {
      if (text.size() < 4 || !is_digit(text[2]) || !is_digit(text[3])) return std::nullopt;
      octet = static_cast<unsigned>((text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0'));
      used = 4;
    }
  }
  if (octet > 0xFF) return std::nullopt;
  text.remove_prefix(used);
  return static_cast<std::uint8_t>(octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
}

// One label and the dot behind it. What is left of the name's room is at least its length octet and the
// root's.
bool take_label(std::string_view& text, DnsName& name) noexcept {
  const std::size_t length_at = name.length;
  std::size_t at = length_at + 1;
  while (!text.empty() && text.front() != '.') {
    const auto octet = take_octet(text);
    if (!octet || at - length_at > kMaxLabelOctets || at + 1 >= kMaxNameOctets) return false;
    name.octets[at++] = *octet;
  }
  if (at == length_at + 1) return false;
  if (!text.empty()) text.remove_prefix(1);
  name.octets[length_at] = static_cast<std::uint8_t>(at - length_at - 1);
  name.length = static_cast<std::uint8_t>(at);
  return at + 1 <= kMaxNameOctets;
}

}  // namespace

bool read_name(std::string_view text, DnsName& name) noexcept {
  name.length = 0;
  if (text == ".")
    text = {};
  else if (text.empty())
    return false;
  while (!text.empty()) {
    if (take_label(text, name)) continue;
    name.length = 0;
    return false;
  }
  name.octets[name.length++] = 0;
  return true;
}

}  // namespace wire

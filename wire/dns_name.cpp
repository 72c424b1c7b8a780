#include "wire/dns_name.h"

#include <algorithm>
#include <string_view>

namespace wire {
namespace {

constexpr std::string_view kSpecial = ".\\\"();@$";

void append_octet(std::string& text, std::uint8_t octet) {
  const char character = static_cast<char>(octet);
  if (octet <= ' ' || octet >= 0x7F) {
    text += '\\';
    text += static_cast<char>('0' + octet / 100);
    text += static_cast<char>('0' + octet / 10 % 10);
    text += static_cast<char>('0' + octet % 10);
    return;
  }
  if (kSpecial.find(character) != std::string_view::npos) text += '\\';
  text += character;
}

}  // namespace

std::string to_text(std::span<const std::uint8_t> wire_name) {
  std::string text;
  while (!wire_name.empty() && wire_name[0] != 0) {
    const std::size_t label = std::min<std::size_t>(wire_name[0], wire_name.size() - 1);
    if (!text.empty()) text += '.';
    for (const std::uint8_t octet : wire_name.subspan(1, label)) append_octet(text, octet);
    wire_name = wire_name.subspan(1 + label);
  }
  if (text.empty() && !wire_name.empty()) text += '.';
  return text;
}

}  // namespace wire

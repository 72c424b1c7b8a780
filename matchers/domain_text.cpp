#include "matchers/domain_text.h"

#include <algorithm>
#include <memory>
#include <string>

#include <idn2.h>

#include "matchers/labels.h"
#include "matchers/shown_text.h"

namespace matchers {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view reason) {
  throw DomainError(quoted(text) + " " + std::string(reason));
}

bool is_ascii(char character) {
  return static_cast<unsigned char>(character) < 0x80;
}

// The text with A-labels for labels in other letters.
std::string ascii_text(std::string_view text) {
  std::string ascii(text);
  if (std::ranges::all_of(text, is_ascii)) return ascii;
  if (text.find('\0') != text.npos) refuse(text, "has a NUL in it");
  std::uint8_t* converted = nullptr;
  const int result = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(ascii.c_str()), &converted,
                                    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (result != IDN2_OK) {
    refuse(text, std::string("is no internationalised name: ") + idn2_strerror(result));
  }
  const std::unique_ptr<std::uint8_t, void (*)(void*)> owned(converted, idn2_free);
  return reinterpret_cast<const char*>(converted);
}

std::uint8_t lower(char character) {
  const bool upper = 'A' <= character && character <= 'Z';
  return static_cast<std::uint8_t>(upper ? character + ('a' - 'A') : character);
}

bool is_digit(char character) {
  return '0' <= character && character <= '9';
}

// Takes an escape, `\.` or `\046`, off the front of `rest`, which begins with the backslash.
std::uint8_t take_escape(std::string_view& rest, std::string_view text) {
  rest.remove_prefix(1);
  if (rest.empty()) refuse(text, "ends in the middle of an escape");
  if (!is_digit(rest[0])) {
    const std::uint8_t octet = lower(rest[0]);
    rest.remove_prefix(1);
    return octet;
  }
  const bool whole = rest.size() >= 3 && is_digit(rest[1]) && is_digit(rest[2]);
  const int value = whole ? 100 * (rest[0] - '0') + 10 * (rest[1] - '0') + (rest[2] - '0') : 256;
  if (value > 255) refuse(text, "has a backslash and a digit, but not three digits from 000 to 255");
  rest.remove_prefix(3);
  return lower(static_cast<char>(value));
}

// Takes a label and the dot behind it off the front of `rest`.
void take_label(std::string_view& rest, std::string_view text, WireName& wire) {
  const std::size_t start = wire.size();
  wire.push_back(0);
  while (!rest.empty() && rest[0] != '.') {
    if (rest[0] == '\\') {
      wire.push_back(take_escape(rest, text));
    } else {
      wire.push_back(lower(rest[0]));
      rest.remove_prefix(1);
    }
  }
  const std::size_t octets = wire.size() - start - 1;
  if (octets == 0) refuse(text, "has an empty label");
  if (octets > kMaxLabelOctets) refuse(text, "has a label of more than 63 octets");
  wire[start] = static_cast<std::uint8_t>(octets);
  if (!rest.empty()) rest.remove_prefix(1);
}

bool is_host_octet(std::uint8_t octet) {
  return ('a' <= octet && octet <= 'z') || ('0' <= octet && octet <= '9') || octet == '-' || octet == '_';
}

}  // namespace

WireName wire_name(std::string_view text) {
  if (text.empty()) throw DomainError("an empty name is none");
  const std::string ascii = ascii_text(text);
  std::string_view rest = ascii == "." ? std::string_view() : std::string_view(ascii);
  WireName wire;
  while (!rest.empty()) {
    take_label(rest, text, wire);
    if (wire.size() >= kMaxNameOctets) refuse(text, "is longer than 255 octets");
  }
  wire.push_back(0);
  return wire;
}

WireName host_domain(std::string_view text) {
  WireName wire = wire_name(text);
  if (wire.size() == 1) refuse(text, "is the root, which is nobody's domain");
  const Labels labels(wire);
  for (std::size_t i = 0; i < labels.count(); ++i) {
    if (std::ranges::all_of(labels.from_right(i), is_host_octet)) continue;
    refuse(text, "has a character in it that is neither letter, digit, hyphen nor underscore");
  }
  return wire;
}

}  // namespace matchers

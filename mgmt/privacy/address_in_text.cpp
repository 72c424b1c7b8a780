#include "mgmt/privacy/address_in_text.h"

#include <algorithm>
#include <cctype>

#include "wire/network.h"

namespace mgmt {
namespace {

constexpr std::size_t kLongest = 45;       // ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255
constexpr std::size_t kShortest = 2;       // ::
constexpr std::size_t kLongestNumber = 4;  // before the first dot or colon

bool is_digit(char c) noexcept {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool may_begin(std::string_view text, std::size_t at) noexcept {
  if (std::isxdigit(static_cast<unsigned char>(text[at])) == 0 && text[at] != ':') return false;
  const char before = at == 0 ? ' ' : text[at - 1];
  if (is_digit(text[at]) && !is_digit(before)) return true;
  return std::isalnum(static_cast<unsigned char>(before)) == 0;
}

// Of the longest address that begins there; 0: none does.
std::size_t address_octets(std::string_view text, std::size_t at) noexcept {
  if (!may_begin(text, at)) return 0;
  const bool behind_a_letter = at > 0 && std::isalpha(static_cast<unsigned char>(text[at - 1])) != 0;
  std::string_view candidate = text.substr(at, kLongest);
  candidate = candidate.substr(
      0, candidate.find_first_not_of(behind_a_letter ? "0123456789." : "0123456789abcdefABCDEF.:"));
  if (candidate.substr(0, kLongestNumber + 1).find_first_of(".:") == candidate.npos) return 0;
  for (; candidate.size() >= kShortest; candidate.remove_suffix(1)) {
    if (wire::address_from(candidate)) return candidate.size();
  }
  return 0;
}

}  // namespace

std::optional<AddressInText> address_in(std::string_view text, std::size_t from) noexcept {
  std::size_t octets = 0;
  while (from < text.size() && (octets = address_octets(text, from)) == 0) ++from;
  if (octets == 0) return std::nullopt;
  AddressInText found = {from, from + octets, wire::address_from(text.substr(from, octets))};
  for (std::size_t at = from + 1; at < found.until; ++at) {
    const std::size_t until = at + address_octets(text, at);
    if (until <= found.until) continue;
    found.until = until;
    found.address.reset();
  }
  return found;
}

}  // namespace mgmt

#include "mgmt/privacy/reverse_name.h"

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "matchers/labels.h"

namespace mgmt {
namespace {

constexpr std::size_t kV4Parts = 4;
constexpr std::size_t kV6Parts = 32;
constexpr std::size_t kAddressOctets = sizeof(wire::Address);

using AddressOctets = std::array<std::uint8_t, kAddressOctets>;

std::string_view text_of(std::span<const std::uint8_t> label) noexcept {
  return {reinterpret_cast<const char*>(label.data()), label.size()};
}

// As resolvers write it: an octet without leading zeros, a half octet as one digit.
std::optional<std::uint8_t> number(std::string_view label, bool v4) noexcept {
  if (v4 ? label.size() > 1 && label[0] == '0' : label.size() != 1) return std::nullopt;
  std::uint8_t value = 0;
  const char* const end = label.data() + label.size();
  const auto [rest, error] = std::from_chars(label.data(), end, value, v4 ? 10 : 16);
  return error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

void put(AddressOctets& octets, std::size_t part, std::uint8_t value, bool v4) noexcept {
  std::uint8_t& octet = octets[v4 ? part : part / 2];
  octet = static_cast<std::uint8_t>(octet | (v4 || part % 2 == 1 ? value : value << 4));
}

}  // namespace

std::optional<ReverseName> reverse_name(std::span<const std::uint8_t> wire_name) noexcept {
  const matchers::Labels labels(wire_name);
  if (labels.count() < 3 || text_of(labels.from_right(0)) != "arpa") return std::nullopt;
  ReverseName name;
  name.v4 = text_of(labels.from_right(1)) == "in-addr";
  if (!name.v4 && text_of(labels.from_right(1)) != "ip6") return std::nullopt;
  AddressOctets octets{};
  const std::size_t most = std::min(labels.count() - 2, name.v4 ? kV4Parts : kV6Parts);
  for (; name.parts < most; ++name.parts) {
    const auto value = number(text_of(labels.from_right(2 + name.parts)), name.v4);
    if (!value) break;
    put(octets, name.parts, *value, name.v4);
  }
  if (name.parts == 0) return std::nullopt;
  name.address = name.v4 ? wire::Address::v4(octets.data()) : wire::Address::v6(octets.data());
  name.wire_octets = labels.suffix_octets(2 + name.parts);
  return name;
}

std::string to_text(const ReverseName& name) {
  AddressOctets octets;
  std::memcpy(octets.data(), &name.address, octets.size());
  std::string text;
  for (std::size_t part = name.parts; part-- > 0;) {
    if (name.v4) {
      text += fmt::format("{}.", octets[kAddressOctets - kV4Parts + part]);
    } else {
      text += fmt::format("{:x}.", part % 2 == 1 ? octets[part / 2] & 0xF : octets[part / 2] >> 4);
    }
  }
  return text + (name.v4 ? "in-addr.arpa" : "ip6.arpa");
}

}  // namespace mgmt

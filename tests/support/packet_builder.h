// Frames in words: each layer wraps the one inside it and fills in its own lengths.
//   ethernet(kIpv4, ipv4(kUdp, "10.0.0.1", "10.0.0.2", udp(4000, 53, payload)))
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>

#include "wire/address.h"
#include "wire/frame.h"

namespace tests {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::uint16_t kIpv4 = 0x0800;
inline constexpr std::uint16_t kIpv6 = 0x86DD;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline Bytes be16(std::size_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}
inline Bytes be32(std::size_t value) {
  return be16(value >> 16 & 0xFFFF) + be16(value & 0xFFFF);
}
inline Bytes zeros(std::size_t count) {
  return Bytes(count, 0);
}
inline Bytes text(const std::string& characters) {
  return {characters.begin(), characters.end()};
}

inline Bytes address_bytes(const std::string& address) {
  const int family = address.find(':') == std::string::npos ? AF_INET : AF_INET6;
  Bytes bytes(family == AF_INET ? 4 : 16);
  if (inet_pton(family, address.c_str(), bytes.data()) != 1) throw std::invalid_argument(address);
  return bytes;
}
inline wire::Address address(const std::string& text) {
  const Bytes bytes = address_bytes(text);
  return bytes.size() == 4 ? wire::Address::v4(bytes.data()) : wire::Address::v6(bytes.data());
}

inline Bytes ethernet(std::uint16_t type, const Bytes& inner) {
  return zeros(12) + be16(type) + inner;
}
inline Bytes tag(std::uint16_t type, const Bytes& inner) {
  return be16(5) + be16(type) + inner;
}  // after its EtherType
inline Bytes mpls(bool bottom, const Bytes& inner) {
  return Bytes{0, 1, bottom, 64} + inner;
}
inline Bytes pppoe(std::uint16_t protocol, const Bytes& inner) {
  return Bytes{0x11, 0, 0, 7} + be16(inner.size() + 2) + be16(protocol) + inner;
}

struct Ipv4Fragment {
  std::uint16_t id = 0;
  std::uint16_t offset = 0;  // octets
  bool more = false;
};
inline Bytes ipv4(std::uint8_t protocol, const std::string& from, const std::string& to, const Bytes& inner,
                  Ipv4Fragment fragment = {}, const Bytes& options = {}) {
  const std::size_t header = 20 + options.size();
  return Bytes{static_cast<std::uint8_t>(0x40 | header / 4), 0} + be16(header + inner.size()) +
         be16(fragment.id) + be16((fragment.more ? 0x2000u : 0u) | fragment.offset / 8u) +
         Bytes{64, protocol, 0, 0} + address_bytes(from) + address_bytes(to) + options + inner;
}
inline Bytes ipv6(std::uint8_t next, const std::string& from, const std::string& to, const Bytes& inner) {
  return Bytes{0x60, 0, 0, 0} + be16(inner.size()) + Bytes{next, 64} + address_bytes(from) +
         address_bytes(to) + inner;
}
inline Bytes ipv6_option(std::uint8_t next, const Bytes& inner) {
  return Bytes{next, 0} + zeros(6) + inner;
}
inline Bytes ipv6_fragment(std::uint8_t next, std::uint32_t id, std::uint16_t offset, bool more,
                           const Bytes& inner) {
  return Bytes{next, 0} + be16(offset | more) + be32(id) + inner;
}

inline Bytes udp(std::uint16_t from, std::uint16_t to, const Bytes& payload) {
  return be16(from) + be16(to) + be16(8 + payload.size()) + be16(0) + payload;
}
inline Bytes tcp(std::uint16_t from, std::uint16_t to, std::uint8_t flags, std::uint32_t sequence = 0,
                 const Bytes& payload = {}, const Bytes& options = {}) {
  const auto offset = static_cast<std::uint8_t>((20 + options.size()) / 4 << 4);
  return be16(from) + be16(to) + be32(sequence) + be32(0) + Bytes{offset, flags} + be16(1024) + be32(0) +
         options + payload;
}

inline wire::Frame frame_of(const Bytes& bytes, wire::LinkType link = wire::LinkType::kEthernet) {
  const auto length = static_cast<std::uint32_t>(bytes.size());
  return {
      .bytes = bytes.data(), .length = length, .wire_length = length, .time_ns = 0, .order = 1, .link = link};
}

}  // namespace tests

#include "tests/support/world/hosts.h"

#include <array>
#include <cstring>

namespace tests::world {
namespace {

constexpr std::uint32_t kCampus = 0x0A010000;             // 10.1.0.0
constexpr std::uint64_t kCampusV6 = 0x20010DB8'00010000;  // 2001:db8:1::
constexpr std::uint32_t kPeers = 0xC6130000;              // 198.19.0.0
constexpr std::uint32_t kStrangers = 0xCB000000;          // 203.0.0.0
constexpr std::uint32_t kPcsOfSubnet = 100;

std::array<std::uint8_t, 16> octets_of(const Address& address) {
  std::array<std::uint8_t, 16> octets;
  std::memcpy(octets.data(), &address, octets.size());
  return octets;
}

}  // namespace

Address v4(std::uint32_t address) {
  const std::uint32_t word = __builtin_bswap32(address);
  std::array<std::uint8_t, 4> octets;
  std::memcpy(octets.data(), &word, octets.size());
  return Address::v4(octets.data());
}

Address v6(std::uint64_t high, std::uint64_t low) {
  return {__builtin_bswap64(high), __builtin_bswap64(low)};
}

Address mail_server() {
  return v4(kCampus + 25);
}
Address name_server() {
  return v4(kCampus + 53);
}
Address name_server_v6() {
  return v6(kCampusV6, 0x53);
}
Address web_server() {
  return v4(kCampus + 80);
}
Address file_server() {
  return v4(kCampus + 10);
}
Address print_server() {
  return v4(kCampus + 11);
}
Address backup_server() {
  return v4(kCampus + 5);
}
Address monitor() {
  return v4(kCampus + 6);
}
Address nat_gateway() {
  return v4(kCampus + 2);
}
Address cc_host() {
  return v4(kCampus + 30);
}

bool speaks_ipv6(std::uint32_t index) {
  return index % 5 == 3;
}

Address pc(std::uint32_t index) {
  const std::uint32_t subnet = 1 + index / kPcsOfSubnet;
  const std::uint32_t host = 10 + index % kPcsOfSubnet;
  return speaks_ipv6(index) ? v6(kCampusV6 + subnet, host) : v4(kCampus + 256 * subnet + host);
}

Address guest(std::uint32_t index) {
  return v4(kCampus + 256 * (9 + index / kPcsOfSubnet) + 10 + index % kPcsOfSubnet);
}

Address guest_v6(std::uint32_t index) {
  return v6(kCampusV6 + 9, 10 + index);
}

Address mail_peer(std::uint32_t index) {
  return v4(kPeers + 1 + index);
}

Address stranger(std::uint32_t index) {
  return v4(kStrangers + 256 * 113 + index);
}

std::string reverse_octets(const Address& address) {
  const auto octets = octets_of(address);
  std::string text;
  for (std::size_t i = 15; i >= 12; --i) text += (i == 15 ? "" : ".") + std::to_string(octets[i]);
  return text;
}

std::string reverse_name(const Address& address) {
  if (address.is_v4()) return reverse_octets(address) + ".in-addr.arpa";
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  const auto octets = octets_of(address);
  std::string text;
  for (std::size_t i = 16; i-- > 0;) {
    for (const unsigned nibble : {octets[i] & 0xFU, octets[i] / 16U}) {
      text += kHexDigits[nibble];
      text += '.';
    }
  }
  return text + "ip6.arpa";
}

}  // namespace tests::world

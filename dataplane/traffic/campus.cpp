#include "dataplane/traffic/campus.h"

#include <array>

namespace dataplane::traffic {
namespace {

constexpr std::uint32_t kResolvers = 4;

wire::Address v4(std::uint8_t first, std::uint8_t second, std::uint32_t host) {
  const std::array<std::uint8_t, 4> octets = {first, second, static_cast<std::uint8_t>(host >> 8),
                                              static_cast<std::uint8_t>(host)};
  return wire::Address::v4(octets.data());
}

wire::Address v6(std::uint16_t first, std::uint16_t second, std::uint16_t subnet, std::uint32_t host) {
  const std::array<std::uint8_t, 16> octets = {static_cast<std::uint8_t>(first >> 8),
                                               static_cast<std::uint8_t>(first),
                                               static_cast<std::uint8_t>(second >> 8),
                                               static_cast<std::uint8_t>(second),
                                               0,
                                               0,
                                               static_cast<std::uint8_t>(subnet >> 8),
                                               static_cast<std::uint8_t>(subnet),
                                               0,
                                               0,
                                               0,
                                               0,
                                               0,
                                               0,
                                               static_cast<std::uint8_t>(host >> 8),
                                               static_cast<std::uint8_t>(host)};
  return wire::Address::v6(octets.data());
}

}  // namespace

Client client(std::uint32_t index) noexcept {
  const std::uint32_t resolver = index / 2 % kResolvers;
  const std::uint32_t host = index + 1;
  Client result;
  result.vlan = index / 10 % 20 == 7 ? static_cast<std::uint16_t>(100 + index % 8) : std::uint16_t{0};
  if (index % 10 == 3) {
    result.address = v6(0x2001, 0x0DB8, 0x0064, host);
    result.resolver = v6(0x2001, 0x0DB8, static_cast<std::uint16_t>(resolver), 0x53);
  } else {
    result.address = v4(10, 64, host);
    result.resolver = v4(10, static_cast<std::uint8_t>(resolver), 0x35);
  }
  return result;
}

wire::Address server_v4(std::uint32_t index) noexcept {
  return v4(198, 18, index + 1);
}
wire::Address server_v6(std::uint32_t index) noexcept {
  return v6(0x2001, 0x0002, 0, index + 1);
}

}  // namespace dataplane::traffic

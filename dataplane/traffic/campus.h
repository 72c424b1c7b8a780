// Who talks in a generated trace: clients, their resolvers, and the servers outside.
#pragma once

#include <cstdint>

#include "wire/address.h"

namespace dataplane::traffic {

inline constexpr std::uint32_t kClients = 20'000;
inline constexpr std::uint32_t kServers = 4'000;

struct Client {
  wire::Address address;
  wire::Address resolver;
  std::uint16_t vlan = 0;  // 0: untagged
};

// Every tenth client speaks IPv6 only; one in twenty of either family is in a VLAN.
Client client(std::uint32_t index) noexcept;

// Servers have an address of each family, in the networks kept for benchmarks (RFC 2544, RFC 5180).
wire::Address server_v4(std::uint32_t index) noexcept;
wire::Address server_v6(std::uint32_t index) noexcept;

}  // namespace dataplane::traffic

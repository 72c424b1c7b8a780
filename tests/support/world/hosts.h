// Who is who on the made-up campus, and outside of it. Inside: 10.1.0.0/16 and 2001:db8:1::/48, the local
// domain campus.example. Servers outside are in the networks kept for benchmarks (RFC 2544, RFC 5180);
// strangers are in 203.0.113.0 (RFC 5737) and what follows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/address.h"

namespace tests::world {

using wire::Address;

inline constexpr std::string_view kLocalDomain = "campus.example";

// Four octets as a number: 0x0A010019 is 10.1.0.25.
Address v4(std::uint32_t address);
Address v6(std::uint64_t high, std::uint64_t low);

Address mail_server();     // mx.campus.example, 10.1.0.25
Address name_server();     // tdns.campus.example, 10.1.0.53
Address name_server_v6();  // 2001:db8:1::53, the same host
Address web_server();
Address file_server();
Address print_server();
Address backup_server();
Address monitor();
Address nat_gateway();
Address cc_host();  // login.cc.campus.example

// PCs 0 to kPcs - 1. One in five speaks IPv6 only, and asks the name server over it.
inline constexpr std::uint32_t kPcs = 200;
Address pc(std::uint32_t index);
bool speaks_ipv6(std::uint32_t index);
// Addresses inside, for hosts that are no PCs of the everyday.
Address guest(std::uint32_t index);
Address guest_v6(std::uint32_t index);

// Mail servers outside that deliver to the campus or are delivered to.
inline constexpr std::uint32_t kMailPeers = 3000;
Address mail_peer(std::uint32_t index);
// Hosts outside that do mischief, 65,536 of them.
Address stranger(std::uint32_t index);

// 25.0.1.10.in-addr.arpa, and nibbles for IPv6 (RFC 1035 section 3.5, RFC 3596 section 2.5).
std::string reverse_name(const Address& address);
// 25.0.1.10, as block lists are asked (RFC 5782 section 2.1). IPv4 only.
std::string reverse_octets(const Address& address);

}  // namespace tests::world

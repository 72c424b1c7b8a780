// What the names of the made-up world stand for: web sites by rank, mail domains, and the campus' own hosts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/world/hosts.h"
#include "tests/support/world/message_writer.h"

namespace tests::world {

inline constexpr std::uint32_t kSites = 20'000;

std::string site_name(std::uint32_t rank);
bool site_has_ipv6(std::uint32_t rank);
Address site_address(std::uint32_t rank, std::uint32_t nth, bool ipv6);
std::uint32_t site_ttl(std::uint32_t rank);  // seconds
// A, AAAA, HTTPS and TXT; other types have no data.
Lookup site_lookup(std::uint32_t rank, DnsType type);

// The domain that the nth peer of hosts.h delivers mail for, and its mail exchanger.
std::string mail_domain(std::uint32_t peer);
std::string mail_exchanger(std::uint32_t peer);

// A host of the campus, in the local domain.
Lookup local_lookup(const std::string& host, const Address& address);
Lookup empty_lookup(const std::string& name, DnsType type, std::uint32_t ttl = 900);
Lookup no_such_name(const std::string& name, DnsType type, std::uint32_t ttl = 900);
Lookup reverse_lookup(const Address& address, const std::string& target);

// A label of lower-case letters that nobody uses.
std::string random_label(std::uint64_t number, unsigned letters);

}  // namespace tests::world

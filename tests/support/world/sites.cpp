#include "tests/support/world/sites.h"

#include "dataplane/traffic/campus.h"
#include "dataplane/traffic/zone.h"
#include "wire/hash.h"

namespace tests::world {
namespace {

using dataplane::traffic::Zone;

constexpr std::uint32_t kFirstMailDomain = 50'000;  // a rank behind all sites

std::vector<std::string> all_names() {
  const Zone zone;
  std::vector<std::string> names;
  for (std::uint32_t rank = 0; rank < kFirstMailDomain + kMailPeers; ++rank) {
    const auto octets = zone.name(rank);
    std::string name;
    for (std::size_t at = 0; at < octets.size(); at += octets[at] + std::size_t{1}) {
      if (!name.empty()) name += '.';
      name.append(reinterpret_cast<const char*>(octets.data()) + at + 1, octets[at]);
    }
    names.push_back(std::move(name));
  }
  return names;
}

const std::string& name_of_rank(std::uint32_t rank) {
  static const std::vector<std::string> names = all_names();
  return names[rank];
}

}  // namespace

std::string site_name(std::uint32_t rank) {
  return name_of_rank(rank);
}

bool site_has_ipv6(std::uint32_t rank) {
  return Zone::has_ipv6(rank);
}

Address site_address(std::uint32_t rank, std::uint32_t nth, bool ipv6) {
  const std::uint32_t server = Zone::server(rank, nth % Zone::addresses(rank));
  return ipv6 ? dataplane::traffic::server_v6(server) : dataplane::traffic::server_v4(server);
}

std::uint32_t site_ttl(std::uint32_t rank) {
  return Zone::ttl(rank);
}

Lookup site_lookup(std::uint32_t rank, DnsType type) {
  Lookup lookup = empty_lookup(site_name(rank), type, site_ttl(rank));
  const bool ipv6 = type == DnsType::kAaaa;
  if (type == DnsType::kTxt) {
    lookup.records.push_back({type, {}, "v=spf1 include:_spf.mail.example ~all"});
  } else if (type == DnsType::kHttps && rank % 2 == 0) {
    lookup.records.push_back({type, site_address(rank, 0, false), {}});
  } else if (type == DnsType::kA || (ipv6 && site_has_ipv6(rank))) {
    for (std::uint32_t alias = 0; alias < Zone::aliases(rank); ++alias) {
      const std::string target =
          "e" + std::to_string(rank) + ".edge" + std::to_string(alias) + ".cdn.example";
      lookup.records.push_back({DnsType::kCname, {}, target});
    }
    for (std::uint32_t nth = 0; nth < Zone::addresses(rank); ++nth)
      lookup.records.push_back({type, site_address(rank, nth, ipv6), {}});
  }
  return lookup;
}

std::string mail_domain(std::uint32_t peer) {
  return std::string(last_labels(name_of_rank(kFirstMailDomain + peer), 2));
}

std::string mail_exchanger(std::uint32_t peer) {
  return "mx." + mail_domain(peer);
}

Lookup local_lookup(const std::string& host, const Address& address) {
  const std::string name = host + "." + std::string(kLocalDomain);
  Lookup lookup = empty_lookup(name, address.is_v4() ? DnsType::kA : DnsType::kAaaa, 3600);
  lookup.records.push_back({lookup.type, address, {}});
  return lookup;
}

Lookup empty_lookup(const std::string& name, DnsType type, std::uint32_t ttl) {
  Lookup lookup;
  lookup.name = name;
  lookup.type = type;
  lookup.ttl = ttl;
  return lookup;
}

Lookup no_such_name(const std::string& name, DnsType type, std::uint32_t ttl) {
  Lookup lookup = empty_lookup(name, type, ttl);
  lookup.rcode = kNxdomain;
  return lookup;
}

Lookup reverse_lookup(const Address& address, const std::string& target) {
  Lookup lookup = empty_lookup(reverse_name(address), DnsType::kPtr, 3600);
  if (target.empty()) {
    lookup.rcode = kNxdomain;
  } else {
    lookup.records.push_back({DnsType::kPtr, {}, target});
  }
  return lookup;
}

std::string random_label(std::uint64_t number, unsigned letters) {
  std::uint64_t digits = wire::mix(number + wire::kHashSeedA, wire::kHashSeedB);
  std::string label;
  for (unsigned i = 0; i < letters; ++i, digits /= 26) label += static_cast<char>('a' + digits % 26);
  return label;
}

}  // namespace tests::world

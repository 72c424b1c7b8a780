#include "aggregator/doh_names.h"

#include <algorithm>
#include <string_view>

#include "matchers/domain_text.h"
#include "wire/dns_name.h"

namespace aggregator {
namespace {

// Each with the servers that its own documentation names.
constexpr std::string_view kPublicResolvers[] = {
    "dns.google",
    "dns64.dns.google",  // Google
    "cloudflare-dns.com",
    "mozilla.cloudflare-dns.com",
    "chrome.cloudflare-dns.com",  // Cloudflare
    "security.cloudflare-dns.com",
    "family.cloudflare-dns.com",
    "one.one.one.one",  //
    "dns.quad9.net",
    "dns9.quad9.net",
    "dns10.quad9.net",
    "dns11.quad9.net",  // Quad9
    "doh.opendns.com",
    "doh.familyshield.opendns.com",
    "dns.umbrella.com",  // Cisco
    "dns.adguard.com",
    "dns.adguard-dns.com",
    "unfiltered.adguard-dns.com",  // AdGuard
    "family.adguard-dns.com",
    "dns.nextdns.io",
    "firefox.dns.nextdns.io",  // NextDNS
    "chromium.dns.nextdns.io",
    "doh.cleanbrowsing.org",
    "dns.mullvad.net",  //
    "doh.dns.sb",
    "doh.sb",
    "freedns.controld.com",
    "dns.controld.com",  //
    "doh.xfinity.com",
    "doh.dns.apple.com",
    "dns.alidns.com",
    "doh.pub",  //
    "dns0.eu",
    "doh.libredns.gr",
    "doh.ffmuc.net",
    "doh.applied-privacy.net",  //
    "doh.360.cn",
    "dns.digitale-gesellschaft.ch",
    "public.dns.iij.jp",
    "private.canadianshield.cira.ca",
};

std::uint64_t hash_of(const matchers::WireName& octets) {
  wire::DnsName name;
  name.length = static_cast<std::uint8_t>(octets.size());
  std::ranges::copy(octets, name.octets.begin());
  return name.hash();
}

}  // namespace

DohNames::DohNames(const std::vector<std::string>& more) {
  for (const std::string_view name : kPublicResolvers) add(std::string(name));
  for (std::size_t i = 0; i < std::min(more.size(), kMost); ++i) add(more[i]);
}

void DohNames::add(const std::string& name) {
  const std::uint64_t hash = hash_of(matchers::host_domain(name));
  if (contains(hash)) return;
  std::size_t at = hash % kSlots;
  while (hashes_[at] != 0) at = (at + 1) % kSlots;
  hashes_[at] = hash;
}

}  // namespace aggregator

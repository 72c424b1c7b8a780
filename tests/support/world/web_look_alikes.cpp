// Hosts that look up much, or connect without a look-up that the tap could see.
#include <algorithm>

#include "dataplane/traffic/weighted.h"
#include "tests/support/world/browser.h"
#include "tests/support/world/hosts.h"
#include "tests/support/world/look_alikes.h"
#include "tests/support/world/rates.h"

namespace tests::world {
namespace {

constexpr Rate kCrawled = per_second(20);
constexpr Rate kPrivateVisits = {1500};  // of one person whose look-ups nobody sees
constexpr std::uint32_t kStreamers = 20;
constexpr std::uint32_t kCdnTtl = 5;  // seconds
constexpr std::uint32_t kDualStacked = 30;
constexpr std::uint16_t kDotPort = 853;

Connection to_outside(const Stage& stage, const Address& from, const Endpoint& to) {
  Connection connection;
  connection.from = stage.tap.ephemeral(from);
  connection.to = to;
  connection.round_trip = 15 * kMillisecond;
  return connection;
}

// Somebody browses; where the names come from is not to be seen.
void browse_unseen(const Stage& stage, Random& random, const Address& client) {
  const auto sites = dataplane::traffic::zipf(kSites, 3);
  Browser browser(stage.tap, stage.resolver, random, client);
  each_arrival(random, kPrivateVisits, stage.span,
               [&](Nanos at) { browser.connect(at, sites.draw(random), false); });
}

}  // namespace

void web_crawler(const Stage& stage) {
  Random random = stage.random(40);
  Browser browser(stage.tap, stage.resolver, random, guest(0));
  each_arrival(random, kCrawled, stage.span, [&](Nanos at) { browser.visit(at, random.below(kSites)); });
}

// Somebody opens all bookmarks: a page each, and what the pages need.
void thirty_tabs(const Stage& stage) {
  Random random = stage.random(41);
  Browser browser(stage.tap, stage.resolver, random, guest(1));
  const Nanos start = stage.span.from;
  for (unsigned tab = 0; tab < 30; ++tab) {
    const Nanos opened = start + random.below(300) * kMillisecond;
    for (unsigned part = 0; part < 4; ++part) {
      const Nanos needed = opened + part * exponential(random, 200 * kMillisecond);
      browser.visit(needed, random.below(kSites));
    }
  }
}

// Players ask for the next segment's server every few seconds, and mostly stay with the connection that they
// have.
void short_ttl_cdn(const Stage& stage) {
  Random random = stage.random(42);
  for (std::uint32_t i = 0; i < kStreamers; ++i) {
    const Address client = pc(5 * i);
    each_arrival(random, {1000 / kCdnTtl * 2}, stage.span, [&](Nanos at) {
      Lookup lookup =
          empty_lookup("seg" + std::to_string(random.below(4)) + ".video.example", DnsType::kA, kCdnTtl);
      const Address server = site_address(random.below(8), 0, false);
      lookup.records.push_back({DnsType::kA, server, {}});
      const Nanos answered = stage.resolver.ask(at, client, lookup);
      if (random.permille(300))
        stage.tap.connection(answered + exponential(random, 50 * kMillisecond),
                             to_outside(stage, client, {server, kHttpsPort}));
    });
  }
}

// Its own resolver over HTTPS (RFC 8484), found by the one name that it asks for.
void doh_browser(const Stage& stage) {
  Random random = stage.random(43);
  const Address client = guest(2);
  const Address server = site_address(0, 0, false);
  Lookup lookup = empty_lookup("dns.doh.example", DnsType::kA, 3600);
  lookup.records.push_back({DnsType::kA, server, {}});
  const Nanos answered = stage.resolver.ask(stage.span.from, client, lookup);
  stage.tap.connection(answered + kMillisecond, to_outside(stage, client, {server, kHttpsPort}));
  browse_unseen(stage, random, client);
}

// Its resolver over TLS (RFC 7858) is known by address, and connected to now and then.
void dot_client(const Stage& stage) {
  Random random = stage.random(44);
  const Address client = guest(3);
  each_arrival(random, {300}, stage.span, [&](Nanos at) {
    stage.tap.connection(at, to_outside(stage, client, {site_address(1, 0, false), kDotPort}));
  });
  browse_unseen(stage, random, client);
}

// Until now all that it did was in a tunnel. What it knows from there it goes on using.
void vpn_ends(const Stage& stage) {
  Random random = stage.random(45);
  browse_unseen(stage, random, guest(4));
}

// They ask the name server over IPv4 for both families, and connect over IPv6 where they can.
void dual_stack(const Stage& stage) {
  Random random = stage.random(46);
  const auto sites = dataplane::traffic::zipf(kSites, 3);
  for (std::uint32_t i = 0; i < kDualStacked; ++i) {
    Browser over_ipv4(stage.tap, stage.resolver, random, guest(20 + i));
    Browser over_ipv6(stage.tap, stage.resolver, random, guest_v6(20 + i));
    each_arrival(random, {400}, stage.span, [&](Nanos at) {
      const std::uint32_t rank = sites.draw(random);
      const Address client = guest(20 + i);
      const Nanos first = stage.resolver.ask(at, client, site_lookup(rank, DnsType::kA));
      const Nanos second =
          stage.resolver.ask(at + kMillisecond / 2, client, site_lookup(rank, DnsType::kAaaa));
      const Nanos start = std::max(first, second) + exponential(random, 60 * kMillisecond);
      const bool ipv6 = site_has_ipv6(rank);
      (ipv6 ? over_ipv6 : over_ipv4).connect(start, rank, ipv6);
    });
  }
}

// Many behind one address.
void nat_gateway_clients(const Stage& stage) {
  Random random = stage.random(47);
  const auto sites = dataplane::traffic::zipf(kSites, 3);
  Browser browser(stage.tap, stage.resolver, random, nat_gateway());
  each_arrival(random, per_second(15), stage.shape, stage.span,
               [&](Nanos at) { browser.visit(at, sites.draw(random)); });
}

// Peers are known from each other, by address; many of them are gone.
void peer_to_peer(const Stage& stage) {
  Random random = stage.random(48);
  each_arrival(random, per_second(8), stage.span, [&](Nanos at) {
    const auto port = static_cast<std::uint16_t>(10'000 + random.below(50'000));
    const std::uint32_t first = 60 + random.below(100);
    const Address peer = v4(first << 24 | random.below(1 << 24));
    Connection connection = to_outside(stage, guest(5), {peer, port});
    connection.fate = random.permille(400) ? Fate::kAccepted : Fate::kSilent;
    stage.tap.connection(at, connection);
  });
}

}  // namespace tests::world

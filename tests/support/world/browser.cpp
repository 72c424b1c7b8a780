#include "tests/support/world/browser.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kConnectPermille = 740;
constexpr std::uint32_t kBothFamiliesPermille = 350;
constexpr std::uint32_t kHttpsRecordPermille = 200;
constexpr std::uint32_t kQuicPermille = 100;
constexpr Nanos kMeanDelay = 80 * kMillisecond;  // from the answer to the connection

std::uint16_t drawn_port(Random& random) {
  const std::uint32_t drawn = random.below(1000);
  return drawn < 800 ? kHttpsPort : drawn < 970 ? std::uint16_t{80} : std::uint16_t{8443};
}

Fate drawn_fate(Random& random) {
  const std::uint32_t drawn = random.below(1000);
  return drawn < 965 ? Fate::kAccepted : drawn < 985 ? Fate::kRefused : Fate::kSilent;
}

}  // namespace

bool Browser::remembers(Nanos at, std::uint32_t rank) const {
  const auto found = known_until_.find(rank);
  return found != known_until_.end() && at < found->second;
}

Nanos Browser::look_up(Nanos at, std::uint32_t rank) {
  const bool ipv6 = !address_.is_v4();
  const Nanos answered = resolver_.ask(at, address_, site_lookup(rank, ipv6 ? DnsType::kAaaa : DnsType::kA));
  if (random_.permille(kBothFamiliesPermille)) {
    const DnsType other = ipv6 ? DnsType::kA : DnsType::kAaaa;
    resolver_.ask(at + random_.below(kMillisecond), address_, site_lookup(rank, other));
  }
  if (random_.permille(kHttpsRecordPermille))
    resolver_.ask(at + random_.below(kMillisecond), address_, site_lookup(rank, DnsType::kHttps));
  known_until_[rank] = answered + site_ttl(rank) * kSecond;
  return answered;
}

void Browser::visit(Nanos at, std::uint32_t rank) {
  const bool ipv6 = !address_.is_v4();
  const Nanos ready = remembers(at, rank) ? at : look_up(at, rank);
  if (ipv6 && !site_has_ipv6(rank)) return;
  if (random_.permille(kConnectPermille)) connect(ready + exponential(random_, kMeanDelay), rank, ipv6);
}

void Browser::connect(Nanos at, std::uint32_t rank, bool ipv6) {
  const std::uint32_t drawn = random_.below(10);
  const unsigned connections = drawn < 6 ? 1 : drawn < 9 ? 2 : 3;
  for (unsigned i = 0; i < connections; ++i)
    connect_once(at + i * (kMillisecond + random_.below(kMillisecond)), rank, ipv6);
}

void Browser::connect_once(Nanos at, std::uint32_t rank, bool ipv6) {
  const Address server = site_address(rank, random_.below(4), ipv6);
  const Endpoint from = tap_.ephemeral(address_);
  const Nanos round_trip = (2 + random_.below(60)) * kMillisecond;
  if (random_.permille(kQuicPermille)) return tap_.quic(at, from, {server, kHttpsPort}, round_trip);
  Connection connection;
  connection.from = from;
  connection.to = {server, drawn_port(random_)};
  connection.fate = drawn_fate(random_);
  connection.round_trip = round_trip;
  tap_.connection(at, connection);
}

}  // namespace tests::world

#include "tests/support/world/resolver.h"

#include <algorithm>

#include "dataplane/traffic/campus.h"
#include "tests/support/world/hosts.h"
#include "wire/hash.h"

namespace tests::world {
namespace {

using Asks = MessageWriter::Asks;

constexpr Nanos kTurn = 200 * kMicrosecond;  // what an answer from the cache takes
constexpr Nanos kTimeout = kSecond;          // of a client; then twice that, and so on
constexpr std::uint32_t kLostPermille = 4;
constexpr std::uint32_t kTruncatedPermille = 3;
constexpr std::uint32_t kReferralPermille = 250;
constexpr std::uint32_t kIpv6Permille = 200;
constexpr std::uint32_t kServersOutside = 3000;

bool is_local(std::string_view name) {
  return name.ends_with(kLocalDomain) || name.ends_with(".1.10.in-addr.arpa") ||
         name.ends_with(".1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

std::string cache_key(const Lookup& lookup) {
  return lookup.name + '/' + std::to_string(static_cast<unsigned>(lookup.type));
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t state = text.size();
  for (const char letter : text)
    state = wire::mix(state ^ static_cast<std::uint8_t>(letter), wire::kHashSeedA);
  return state;
}

// The nth server of a zone; how far it is never changes.
struct Authority {
  Address address;
  Nanos round_trip = 0;
};
Authority authority_of(std::string_view zone, bool ipv6) {
  const std::uint64_t hash = hash_of(zone);
  const auto server = static_cast<std::uint32_t>(hash % kServersOutside);
  const Nanos round_trip = (3 + static_cast<Nanos>(hash >> 32) % 80) * kMillisecond;
  return {ipv6 ? dataplane::traffic::server_v6(server) : dataplane::traffic::server_v4(server), round_trip};
}

}  // namespace

Nanos Resolver::ask(Nanos at, const Address& client, const Lookup& lookup) {
  const Endpoint from = tap_.ephemeral(client);
  const Endpoint here = {client.is_v4() ? name_server() : name_server_v6(), kDnsPort};
  const std::uint16_t id = message_id();
  const auto query = [&](Nanos when) {
    tap_.datagram(when, from, here, writer_.query(id, lookup, Asks::kRecursion));
  };
  Nanos heard = at;
  query(heard);
  const bool lost = random_.permille(kLostPermille);
  const auto is_down = [&](Nanos when) { return down_.has_value() && down_->contains(when); };
  for (Nanos wait = kTimeout; is_down(heard) || (lost && heard == at); wait *= 2) query(heard += wait);
  Nanos known = learn(heard, lookup);
  known += kTurn + random_.below(kTurn);
  if (random_.permille(kTruncatedPermille)) {
    tap_.datagram(known, here, from, writer_.truncated(id, lookup));
    return answer_over_tcp(known + kTurn, client, lookup);
  }
  tap_.datagram(known, here, from,
                writer_.response(id, lookup, Asks::kRecursion, remaining_ttl(known, lookup)));
  return known;
}

bool Resolver::knows(const Cached& cached, Nanos at) const noexcept {
  const bool forgotten = down_.has_value() && cached.learned < down_->until && at >= down_->until;
  return cached.learned <= at && at < cached.expires && !forgotten;
}

Nanos Resolver::learn(Nanos at, const Lookup& lookup) {
  if (is_local(lookup.name)) return at;
  Cached& cached = cache_[cache_key(lookup)];
  if (knows(cached, at)) return at;
  const Nanos learned = ask_outside(at, lookup);
  cached = {learned, learned + lookup.ttl * kSecond};
  return learned;
}

// Most servers it knows from earlier names; one zone in four has to be found first.
Nanos Resolver::ask_outside(Nanos at, const Lookup& lookup) {
  const bool ipv6 = random_.permille(kIpv6Permille);
  const Endpoint from = tap_.ephemeral(ipv6 ? name_server_v6() : name_server());
  const auto ask_one = [&](Nanos when, std::string_view zone, bool referred) {
    const Authority authority = authority_of(zone, ipv6);
    const Endpoint to = {authority.address, kDnsPort};
    const std::uint16_t id = message_id();
    tap_.datagram(when, from, to, writer_.query(id, lookup, Asks::kAuthority));
    const Nanos answered = when + authority.round_trip + random_.below(kMillisecond);
    tap_.datagram(answered, to, from,
                  referred ? writer_.referral(id, lookup, last_labels(lookup.name, 2))
                           : writer_.response(id, lookup, Asks::kAuthority, lookup.ttl));
    return answered + kTurn;
  };
  Nanos now = at + kTurn;
  if (random_.permille(kReferralPermille)) now = ask_one(now, last_labels(lookup.name, 1), true);
  return ask_one(now, last_labels(lookup.name, 2), false);
}

Nanos Resolver::answer_over_tcp(Nanos at, const Address& client, const Lookup& lookup) {
  const auto prefixed = [](std::span<const std::uint8_t> message) {  // RFC 1035 section 4.2.2.
    std::vector<std::uint8_t> octets = {static_cast<std::uint8_t>(message.size() >> 8),
                                        static_cast<std::uint8_t>(message.size())};
    for (const std::uint8_t octet : message) octets.push_back(octet);
    return octets;
  };
  const std::uint16_t id = message_id();
  const auto request = prefixed(writer_.query(id, lookup, Asks::kRecursion));
  const auto response = prefixed(writer_.response(id, lookup, Asks::kRecursion, remaining_ttl(at, lookup)));
  Connection connection;
  connection.from = tap_.ephemeral(client);
  connection.to = {client.is_v4() ? name_server() : name_server_v6(), kDnsPort};
  connection.round_trip = kTurn;
  tap_.exchange(at, connection, request, response);
  return at + 4 * kTurn;
}

std::uint32_t Resolver::remaining_ttl(Nanos at, const Lookup& lookup) const {
  const auto found = cache_.find(cache_key(lookup));
  if (found == cache_.end()) return lookup.ttl;
  return static_cast<std::uint32_t>(std::max<Nanos>(found->second.expires - at, 0) / kSecond);
}

}  // namespace tests::world

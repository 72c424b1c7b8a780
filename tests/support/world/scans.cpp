// Worms and intruders that try addresses or ports without a name for any of them.
#include "tests/support/world/attacks.h"
#include "tests/support/world/hosts.h"

namespace tests::world {
namespace {

constexpr const char* kDetector = "connections_without_resolution";
constexpr std::uint32_t kInfected = 91;  // of the PCs
constexpr Rate kSlow = {500};

// Of a hundred hosts that are tried 3 accept and 7 refuse.
void try_door(const Stage& stage, Random& random, Nanos at, const Address& from, const Endpoint& to) {
  const std::uint32_t drawn = random.below(100);
  Connection connection;
  connection.from = stage.tap.ephemeral(from);
  connection.to = to;
  connection.fate = drawn < 3 ? Fate::kAccepted : drawn < 10 ? Fate::kRefused : Fate::kSilent;
  connection.retries = 1;
  stage.tap.connection(at, connection);
}

// Anywhere outside that is unicast and not ours.
Address anywhere(Random& random) {
  const std::uint32_t first = 11 + random.below(100);
  return v4(first << 24 | random.below(1 << 24));
}

Address anywhere_in_campus(Random& random) {
  return v4(0x0A010000 + random.below(0x10000));
}

template <class Target>
void scan(const Attack& attack, Rate rate, const Address& from, Target&& target) {
  Random random = attack.stage.random(19);
  each_arrival(random, rate, attack.stage.span,
               [&](Nanos at) { try_door(attack.stage, random, at, from, target(random)); });
  attack.found_by(kDetector, from);
}

}  // namespace

void horizontal_scan_135(const Attack& attack) {
  scan(attack, per_second(attack.strength), pc(kInfected), [](Random& random) {
    return Endpoint{anywhere(random), 135};
  });
}

void horizontal_scan_445(const Attack& attack) {
  scan(attack, per_second(attack.strength), pc(kInfected), [](Random& random) {
    return Endpoint{anywhere_in_campus(random), 445};
  });
}

void horizontal_scan_22(const Attack& attack) {
  scan(attack, per_second(attack.strength), guest(7), [](Random& random) {
    return Endpoint{anywhere(random), 22};
  });
}

// Of the low addresses of many networks, where hosts are likely (RFC 7707 section 4.1).
void horizontal_scan_ipv6(const Attack& attack) {
  scan(attack, per_second(attack.strength), pc(93), [](Random& random) {
    const std::uint64_t network = 0x20010002'00000000 | random.below(1 << 16);
    return Endpoint{v6(network, 1 + random.below(256)), 445};
  });
}

void vertical_scan(const Attack& attack) {
  scan(attack, per_second(attack.strength), pc(kInfected), [](Random& random) {
    return Endpoint{guest(3), static_cast<std::uint16_t>(1 + random.below(10'000))};
  });
}

void slow_scan(const Attack& attack) {
  scan(attack, kSlow, pc(kInfected), [](Random& random) { return Endpoint{anywhere(random), 135}; });
}

void backscatter_during_scan(const Attack& attack) {
  backscatter_many_clients(attack);
  const Attack scanning = {attack.stage, 20 * attack.strength / 3, attack.labels};
  horizontal_scan_445(scanning);
}

}  // namespace tests::world

// Machines of the campus that reach many others, and names that only look as if they had the local domain
// appended.
#include "tests/support/world/hosts.h"
#include "tests/support/world/look_alikes.h"
#include "tests/support/world/mail.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kBackedUp = 150;
constexpr std::uint32_t kMonitored = 30;
constexpr Nanos kMonitoringPeriod = 10 * kSecond;
constexpr std::uint16_t kBackupPort = 9102;
constexpr std::uint16_t kMonitoringPort = 5666;

Connection inside(const Stage& stage, const Address& from, const Endpoint& to, bool there) {
  Connection connection;
  connection.from = stage.tap.ephemeral(from);
  connection.to = to;
  connection.fate = there ? Fate::kAccepted : Fate::kSilent;
  connection.round_trip = kMillisecond / 4;
  return connection;
}

}  // namespace

// `cc` is a subdomain of the campus and a top-level domain as well. Mail for its hosts, and people who log in
// there; few of the names are of hosts that are gone.
void hosts_in_cc(const Stage& stage) {
  Random random = stage.random(60);
  Mail mail(stage.tap, stage.resolver, random);
  const auto drawn_lookup = [&] {
    const std::uint32_t host = random.below(20);
    const std::string name = (host < 10 ? "login" : "www.lab") + std::to_string(host) + ".cc";
    const Lookup lookup = local_lookup(name, cc_host());
    return random.permille(80) ? no_such_name("old." + lookup.name, DnsType::kA) : lookup;
  };
  each_arrival(random, per_second(6), stage.span, [&](Nanos at) { mail.ask(at, drawn_lookup()); });
  each_arrival(random, per_second(6), stage.span, [&](Nanos at) {
    const std::uint32_t index = random.below(kPcs);
    const Address client = speaks_ipv6(index) ? pc(index - 1) : pc(index);
    const Nanos answered = stage.resolver.ask(at, client, drawn_lookup());
    stage.tap.connection(answered + 30 * kMillisecond, inside(stage, client, {cc_host(), 22}, true));
  });
}

// It has a list of addresses, goes through it, and finds few that are switched off.
void backup(const Stage& stage) {
  Random random = stage.random(61);
  std::uint32_t next = 0;
  each_arrival(random, per_second(5), stage.span, [&](Nanos at) {
    const bool there = next % 16 != 7;
    stage.tap.connection(at, inside(stage, backup_server(), {guest(next++ % kBackedUp), kBackupPort}, there));
  });
}

// All servers, on one port, in turns.
void monitoring(const Stage& stage) {
  Random random = stage.random(62);
  for (Nanos round = stage.span.from; round < stage.span.until; round += kMonitoringPeriod) {
    for (std::uint32_t server = 0; server < kMonitored; ++server) {
      const Nanos at = round + server * 20 * kMillisecond + random.below(kMillisecond);
      stage.tap.connection(at, inside(stage, monitor(), {v4(0x0A010064 + server), kMonitoringPort}, true));
    }
  }
}

}  // namespace tests::world

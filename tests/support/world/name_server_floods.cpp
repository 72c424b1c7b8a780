// Questions that only mean to keep the name server busy: random names of somebody's domain ("water torture"),
// one name over and over, all addresses of a network.
#include "tests/support/world/attacks.h"
#include "tests/support/world/hosts.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kAttacker = 42;  // of the PCs

enum class From : std::uint8_t {
  kOneClient,
  kManyClients
};

Address drawn_client(Random& random, From from) {
  return pc(from == From::kOneClient ? kAttacker : random.below(kPcs));
}

void nxdomain_burst(const Attack& attack, From from) {
  Random random = attack.stage.random(12);
  const std::string victim = "." + mail_domain(17);
  attack.each_surplus(random, kNxdomains, [&](Nanos at) {
    const std::string name = random_label(random.next(), 12) + victim;
    attack.stage.resolver.ask(at, drawn_client(random, from), no_such_name(name, DnsType::kA));
  });
  attack.found_by("nxdomain_burst", name_server());
  attack.may_be_found_by("query_flood", name_server());
  if (from == From::kOneClient) attack.may_be_found_by("nxdomain_burst", pc(kAttacker));
}

void query_flood(const Attack& attack, From from) {
  Random random = attack.stage.random(13);
  const Lookup lookup = site_lookup(4, DnsType::kTxt);
  attack.each_surplus(random, kQueriesReceived,
                      [&](Nanos at) { attack.stage.resolver.ask(at, drawn_client(random, from), lookup); });
  attack.found_by("query_flood", name_server());
  if (from == From::kOneClient) attack.may_be_found_by("query_flood", pc(kAttacker));
}

}  // namespace

void nxdomain_burst_one_client(const Attack& attack) {
  nxdomain_burst(attack, From::kOneClient);
}
void nxdomain_burst_many_clients(const Attack& attack) {
  nxdomain_burst(attack, From::kManyClients);
}
void query_flood_one_client(const Attack& attack) {
  query_flood(attack, From::kOneClient);
}
void query_flood_many_clients(const Attack& attack) {
  query_flood(attack, From::kManyClients);
}

// One in eight addresses has a name.
void ptr_flood(const Attack& attack) {
  Random random = attack.stage.random(14);
  std::uint32_t address = 0x0A010000;
  attack.each_surplus(random, kReverseQueries, [&](Nanos at) {
    const std::string host =
        address % 8 == 0 ? "h" + std::to_string(address & 0xFFFF) + ".campus.example" : "";
    attack.stage.resolver.ask(at, pc(kAttacker), reverse_lookup(v4(address++), host));
  });
  attack.found_by("ptr_flood", name_server());
  attack.may_be_found_by("ptr_flood", pc(kAttacker));
  attack.may_be_found_by("nxdomain_burst", name_server());
  attack.may_be_found_by("nxdomain_burst", pc(kAttacker));
  attack.may_be_found_by("query_flood", name_server());
}

}  // namespace tests::world

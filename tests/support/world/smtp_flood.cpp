// Connections to the mail server that deliver nothing.
#include <unordered_set>

#include "tests/support/world/attacks.h"
#include "tests/support/world/mail.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kFirstClient = 40'000;  // among the strangers

// A client is looked up when it comes for the first time.
void smtp_flood(const Attack& attack, std::uint32_t clients) {
  Random random = attack.stage.random(11);
  Mail mail(attack.stage.tap, attack.stage.resolver, random);
  std::unordered_set<std::uint32_t> known;
  attack.each_surplus(random, kMailsReceived, [&](Nanos at) {
    const std::uint32_t client = kFirstClient + random.below(clients);
    const Nanos accepted = mail.smtp_connection(at, stranger(client));
    if (known.insert(client).second) mail.ask(accepted, reverse_lookup(stranger(client), ""));
  });
  attack.found_by("smtp_flood", mail_server());
  attack.may_be_found_by("ptr_flood", name_server());
  attack.may_be_found_by("nxdomain_burst", name_server());
}

}  // namespace

void smtp_flood_one_client(const Attack& attack) {
  smtp_flood(attack, 1);
}
void smtp_flood_many_clients(const Attack& attack) {
  smtp_flood(attack, 15'000);
}

}  // namespace tests::world

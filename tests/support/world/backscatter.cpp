// Bounces of mail that others sent in the campus' name. The mail server looks for the hosts of those who
// bounce, and asks for their names with the local domain appended (Musashi et al., backscattering SMTP DDoS).
#include "tests/support/world/attacks.h"
#include "tests/support/world/mail.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

struct Bounces {
  std::uint32_t clients;
  std::uint32_t unresolved_permille;  // bounces whose sender is not found
};

constexpr std::uint32_t kFirstClient = 10'000;  // among the strangers

// Eight queries, as for any mail. If the sender is not found, four of them are for names with the local
// domain.
void bounce(Mail& mail, Random& random, Nanos at, const Bounces& bounces) {
  const std::uint32_t client = kFirstClient + random.below(bounces.clients);
  const std::string domain = random_label(client, 9) + ".com";
  const std::string local = "." + std::string(kLocalDomain);
  Nanos now = mail.smtp_connection(at, stranger(client));
  now = mail.ask(now, reverse_lookup(stranger(client), client % 2 == 0 ? "" : "out." + domain));
  Lookup exchanger = empty_lookup(domain, DnsType::kMx);
  exchanger.records.push_back({DnsType::kMx, {}, "mx." + domain});
  now = mail.ask(now, exchanger);
  const bool unresolved = random.permille(bounces.unresolved_permille);
  for (const char* host : {"mx.", "out."}) {
    std::string name = host + domain;
    if (unresolved) name += local;
    for (const DnsType type : {DnsType::kA, DnsType::kAaaa})
      now = mail.ask(now, unresolved ? no_such_name(name, type) : empty_lookup(name, type));
  }
  for (const char* host : {"", "_dmarc."}) now = mail.ask(now, empty_lookup(host + domain, DnsType::kTxt));
}

void backscatter(const Attack& attack, const Bounces& bounces) {
  Random random = attack.stage.random(10);
  Mail mail(attack.stage.tap, attack.stage.resolver, random);
  attack.each_surplus(random, kMailsReceived, [&](Nanos at) { bounce(mail, random, at, bounces); });
  attack.found_by("backscatter", mail_server());
  attack.may_be_found_by("smtp_flood", mail_server());
  for (const char* detector : {"nxdomain_burst", "ptr_flood", "query_flood"})
    attack.may_be_found_by(detector, name_server());
}

}  // namespace

void backscatter_many_clients(const Attack& attack) {
  backscatter(attack, {20'000, 1000});
}
void backscatter_few_clients(const Attack& attack) {
  backscatter(attack, {12, 1000});
}
void backscatter_thin(const Attack& attack) {
  backscatter(attack, {20'000, 160});
}

}  // namespace tests::world

// The mail server's day: mail in, mail out, people who read it.
#include "dataplane/traffic/weighted.h"
#include "tests/support/world/everyday.h"
#include "tests/support/world/mail.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

// Now and then a peer's name is not found, and the server tries it in its own domain.
constexpr Rate kOwnDomainTried = {300};

}  // namespace

void mail_server_day(const Stage& stage) {
  Random random = stage.random(3);
  Mail mail(stage.tap, stage.resolver, random);
  const auto peers = dataplane::traffic::zipf(kMailPeers, 20);
  each_arrival(random, kMailsReceived, stage.shape, stage.span,
               [&](Nanos at) { mail.receive(at, peers.draw(random)); });
  each_arrival(random, kMailsSent, stage.shape, stage.span, [&](Nanos at) {
    mail.deliver(at, {mail_server(), peers.draw(random), drawn_delivery(random)});
  });
  each_arrival(random, kLogins, stage.shape, stage.span,
               [&](Nanos at) { mail.log_in(at, random.below(kPcs)); });
  each_arrival(random, kOwnDomainTried, stage.shape, stage.span, [&](Nanos at) {
    const std::string name = mail_exchanger(random.below(kMailPeers)) + "." + std::string(kLocalDomain);
    mail.ask(at, no_such_name(name, DnsType::kA));
  });
}

}  // namespace tests::world

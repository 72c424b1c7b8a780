// A worm with a mail engine of its own on a PC: MX queries, and connections to the mail servers that it
// finds.
#include "tests/support/world/attacks.h"
#include "tests/support/world/mail.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kInfected = 77;  // of the PCs

Fate drawn_fate(Random& random) {
  const std::uint32_t drawn = random.below(100);
  return drawn < 60 ? Fate::kAccepted : drawn < 85 ? Fate::kSilent : Fate::kRefused;
}

}  // namespace

void mass_mailer(const Attack& attack) {
  Random random = attack.stage.random(18);
  Mail mail(attack.stage.tap, attack.stage.resolver, random);
  each_arrival(random, per_second(attack.strength), attack.stage.span, [&](Nanos at) {
    mail.deliver(at, {pc(kInfected), random.below(kMailPeers), drawn_fate(random)});
  });
  attack.found_by("mass_mailer", pc(kInfected));
}

}  // namespace tests::world

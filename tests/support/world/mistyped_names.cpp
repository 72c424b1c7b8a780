// Names that are not there: typing errors, to which some systems append the local domain, and what machines
// look for unasked.
#include <array>

#include "tests/support/world/everyday.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kSearchListPermille = 200;
constexpr std::array<const char*, 3> kLookedForUnasked = {"wpad", "isatap", "_ldap._tcp.dc._msdcs"};

}  // namespace

void mistyped_names(const Stage& stage) {
  Random random = stage.random(2);
  const std::string local = "." + std::string(kLocalDomain);
  each_arrival(random, kTypos, stage.shape, stage.span, [&](Nanos at) {
    const Address client = pc(random.below(kPcs));
    if (random.permille(300)) {
      const std::string host = kLookedForUnasked[random.below(kLookedForUnasked.size())];
      stage.resolver.ask(at, client, no_such_name(host + local, DnsType::kA));
      return;
    }
    const std::string name = "w" + site_name(random.below(kSites));
    const Nanos answered = stage.resolver.ask(at, client, no_such_name(name, DnsType::kA));
    if (random.permille(kSearchListPermille))
      stage.resolver.ask(answered + kMillisecond, client, no_such_name(name + local, DnsType::kA));
  });
}

}  // namespace tests::world

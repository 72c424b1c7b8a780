// Answers with addresses that nobody connects to: sent by others in the name of name servers, or asked for to
// no end.
#include "dataplane/traffic/campus.h"
#include "tests/support/world/attacks.h"
#include "tests/support/world/hosts.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/sites.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kVictim = 57;      // of the PCs
constexpr std::uint32_t kEnumerator = 61;  // of the PCs
constexpr std::uint32_t kReflectors = 500;

// From port 53 of somebody outside, to whom nobody sent a question.
void unasked_answer(const Stage& stage, Random& random, MessageWriter& writer, Nanos at,
                    const Address& victim, MessageWriter::Asks asks) {
  const Lookup lookup = site_lookup(random.below(kSites), DnsType::kA);
  const Endpoint from = {dataplane::traffic::server_v4(random.below(kReflectors)), kDnsPort};
  const auto id = static_cast<std::uint16_t>(random.next());
  stage.tap.datagram(at, from, stage.tap.ephemeral(victim), writer.response(id, lookup, asks, lookup.ttl));
}

}  // namespace

void answer_flood_at_cache(const Attack& attack) {
  Random random = attack.stage.random(15);
  MessageWriter writer;
  attack.each_surplus(random, kAnswersToCache, [&](Nanos at) {
    unasked_answer(attack.stage, random, writer, at, name_server(), MessageWriter::Asks::kAuthority);
  });
  attack.found_by("answers_without_connections", name_server());
}

void answer_flood_at_client(const Attack& attack) {
  Random random = attack.stage.random(16);
  MessageWriter writer;
  each_arrival(random, per_second(attack.strength), attack.stage.span, [&](Nanos at) {
    unasked_answer(attack.stage, random, writer, at, pc(kVictim), MessageWriter::Asks::kRecursion);
  });
  attack.found_by("answers_without_connections", pc(kVictim));
}

void answers_never_used(const Attack& attack) {
  Random random = attack.stage.random(17);
  each_arrival(random, per_second(attack.strength), attack.stage.span, [&](Nanos at) {
    attack.stage.resolver.ask(at, pc(kEnumerator), site_lookup(random.below(kSites), DnsType::kA));
  });
  attack.found_by("answers_without_connections", pc(kEnumerator));
  attack.may_be_found_by("answers_without_connections", name_server());  // It has to fetch them all.
  attack.may_be_found_by("query_flood", name_server());
}

}  // namespace tests::world

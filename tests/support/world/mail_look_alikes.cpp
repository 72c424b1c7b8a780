// The mail server sends much at once.
#include "tests/support/world/look_alikes.h"
#include "tests/support/world/mail.h"

namespace tests::world {
namespace {

constexpr Rate kNewsletter = per_second(40);
constexpr Rate kQueue = per_second(25);
constexpr Nanos kQueueLength = 15 * kSecond;

}  // namespace

// One after the other, to all subscribers.
void newsletter(const Stage& stage) {
  Random random = stage.random(30);
  Mail mail(stage.tap, stage.resolver, random);
  std::uint32_t subscriber = 0;
  each_arrival(random, kNewsletter, stage.span, [&](Nanos at) {
    mail.deliver(at, {mail_server(), subscriber++ % kMailPeers, drawn_delivery(random)});
  });
}

// What could not be sent in an outage goes out when it is over.
void queue_flush(const Stage& stage) {
  Random random = stage.random(31);
  Mail mail(stage.tap, stage.resolver, random);
  const Span flush = {stage.span.from, stage.span.from + kQueueLength};
  each_arrival(random, kQueue, flush, [&](Nanos at) {
    mail.deliver(at, {mail_server(), random.below(kMailPeers), drawn_delivery(random)});
  });
}

}  // namespace tests::world

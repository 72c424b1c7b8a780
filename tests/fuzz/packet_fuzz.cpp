// A link type and a frame, through everything that a worker does with it, whole and cut by a snap length.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "dataplane/observer.h"
#include "wire/glance.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Every event that reaches the ring is one that the aggregator can read.
class Check : public dataplane::FullRing {
 public:
  bool make_room(dataplane::EventRing& ring) override {
    for (auto events = ring.readable(); !events.empty(); events = ring.readable()) {
      for (const dataplane::Event& event : events) check(event);
      ring.release(events.size());
    }
    return true;
  }

 private:
  static void check(const dataplane::Event& event) {
    require(event.order == 1 || event.order == 2);
    require(event.kind < dataplane::EventKind::kCount);
    if (event.kind != dataplane::EventKind::kName) return;
    require(event.detail.name.length <= dataplane::kNameSlotOctets);
    require(event.detail.name.offset + event.detail.name.length <= event.detail.name.total);
  }
};

dataplane::ObserverSettings small_tables() {
  dataplane::ObserverSettings settings;
  settings.fragments = {.datagrams = 4, .blocks = 64, .blocks_per_datagram = 40};
  settings.streams.streams = 4;
  settings.streams.blocks = 64;
  settings.duplicates = {.window_ns = 1'000'000, .packets = 16};
  return settings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  Check check;
  dataplane::EventRing ring(64);
  dataplane::Outlet outlet({&ring}, dataplane::Routing::kToFirst, check);
  dataplane::Ledger ledger;
  const auto observer = std::make_unique<dataplane::Observer>(outlet, ledger, small_tables());

  const auto link = static_cast<wire::LinkType>(bytes[0] | bytes[1] << 8);
  const auto length = static_cast<std::uint32_t>(size - 2);
  const wire::Frame whole = {bytes + 2, length, length, 0, 1, link};
  const wire::Frame cut = {bytes + 2, length / 2, length, 5'000'000, 2, link};
  for (const wire::Frame& frame : {whole, cut}) {
    wire::Packet packet;
    const wire::Verdict verdict = wire::decode(frame, packet);
    require(verdict < wire::Verdict::kCount);
    const wire::Glance glance = wire::glance(frame);
    require(glance != wire::Glance::kTcpOther || verdict == wire::Verdict::kTcpOther);
    require(glance != wire::Glance::kUdpOther || verdict == wire::Verdict::kUdpOther);
    require(observer->observe(frame) < wire::Verdict::kCount);
  }
  outlet.publish(2);
  check.make_room(ring);
  return 0;
}

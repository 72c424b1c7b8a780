// How many frames a second does a worker turn into verdicts and events on one core, when they are in memory
// already?
#include <cstdio>
#include <cstdlib>

#include <benchmark/benchmark.h>

#include "bench/discard.h"
#include "bench/frame_arena.h"
#include "dataplane/burst.h"
#include "dataplane/worker.h"

namespace bench {
namespace {

using dataplane::EventKind;

// Hands out the arena's frames burst by burst, once for each restart().
class ArenaSource {
 public:
  explicit ArenaSource(const FrameArena& arena) : frames_(arena.frames()) {}

  std::span<const wire::Frame> receive() {
    const auto burst = frames_.subspan(next_, std::min(dataplane::kBurstFrames, frames_.size() - next_));
    next_ += burst.size();
    return burst;
  }
  std::uint64_t reached() const { return next_; }
  bool finished() const { return next_ == frames_.size(); }
  void restart() { next_ = 0; }

 private:
  std::span<const wire::Frame> frames_;
  std::size_t next_ = 0;
};

struct Bench {
  explicit Bench(const FrameArena& arena)
      : source(arena), outlet({&ring}, dataplane::Routing::kToFirst, discard) {}

  void run_once() {
    source.restart();
    while (worker.poll_once()) discard.make_room(ring);
    discard.make_room(ring);
  }

  dataplane::EventRing ring{1024};
  Discard discard;
  ArenaSource source;
  dataplane::Outlet outlet;
  dataplane::ObserverSettings settings;
  dataplane::Worker<ArenaSource> worker{source, outlet, settings};
};

bool makes_the_right_events(const FrameArena& arena) {
  std::array<std::uint64_t, kFrameKinds> kinds{};
  for (std::size_t i = 0; i < arena.frames().size(); ++i) ++kinds[static_cast<std::size_t>(arena.kind(i))];
  const auto bench = std::make_unique<Bench>(arena);
  bench->run_once();
  const dataplane::Ledger& ledger = bench->worker.ledger();
  const bool right = ledger[EventKind::kQuery] == kinds[static_cast<std::size_t>(FrameKind::kQuery)] &&
                     ledger[EventKind::kResponse] == kinds[static_cast<std::size_t>(FrameKind::kResponse)] &&
                     ledger[EventKind::kConnect] == kinds[static_cast<std::size_t>(FrameKind::kSyn)] &&
                     ledger[EventKind::kAccept] == kinds[static_cast<std::size_t>(FrameKind::kSynAck)] &&
                     ledger.sum_of_verdicts() == arena.frames().size();
  if (!right) std::fprintf(stderr, "worker_bench: the events are not those of the frames\n");
  return right;
}

void worker(benchmark::State& state, Mix mix) {
  const FrameArena arena(mix);
  if (!makes_the_right_events(arena)) std::exit(1);
  const auto bench = std::make_unique<Bench>(arena);
  for ([[maybe_unused]] auto _ : state) bench->run_once();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(arena.frames().size()));
}

BENCHMARK_CAPTURE(worker, core_mix, Mix::kCoreMix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker, dns_syn, Mix::kDnsSyn)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker, dns_only, Mix::kDnsOnly)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker, syn_flood, Mix::kSynFlood)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench

BENCHMARK_MAIN();

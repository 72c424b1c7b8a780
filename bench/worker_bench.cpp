// How many frames a second does a worker turn into verdicts and events on one core, when they are in memory
// already? And what does it cost beside that to keep the frames of DNS and SYN: worker_kept copies them into
// the ring of a tap, which is emptied on the same core; worker_stopped has a tap that is off.
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
  // `tap` is borrowed and may be null.
  explicit Bench(const FrameArena& arena, dataplane::FrameTap* frame_tap = nullptr)
      : source(arena), outlet({&ring}, dataplane::Routing::kToFirst, discard), tap(frame_tap) {}

  void run_once() {
    source.restart();
    while (worker.poll_once()) make_room();
    make_room();
  }
  void make_room() {
    discard.make_room(ring);
    if (tap != nullptr) tap->drain(kAll, [this](const wire::Frame& frame) { kept += frame.length; });
  }

  static constexpr std::size_t kAll = std::size_t{1} << 30;

  dataplane::EventRing ring{1024};
  Discard discard;
  ArenaSource source;
  dataplane::Outlet outlet;
  dataplane::ObserverSettings settings;
  dataplane::FrameTap* tap;
  std::uint64_t kept = 0;  // octets
  dataplane::Worker<ArenaSource> worker{source, outlet, settings, 0, {.spool = tap}};
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

void with_tap(benchmark::State& state, Mix mix, bool on) {
  const FrameArena arena(mix);
  dataplane::FrameTap tap({.ring_bytes = std::size_t{1} << 16, .on = on});
  const auto bench = std::make_unique<Bench>(arena, &tap);
  for ([[maybe_unused]] auto _ : state) bench->run_once();
  if ((bench->kept > 0) != on || tap.dropped() > 0)
    state.SkipWithError("the frames kept are not those asked for");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(arena.frames().size()));
}

void worker_stopped(benchmark::State& state, Mix mix) {
  with_tap(state, mix, false);
}
void worker_kept(benchmark::State& state, Mix mix) {
  with_tap(state, mix, true);
}

BENCHMARK_CAPTURE(worker, core_mix, Mix::kCoreMix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker, dns_syn, Mix::kDnsSyn)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker, dns_only, Mix::kDnsOnly)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker, syn_flood, Mix::kSynFlood)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker_stopped, core_mix, Mix::kCoreMix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker_kept, core_mix, Mix::kCoreMix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker_kept, dns_only, Mix::kDnsOnly)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker_kept, syn_flood, Mix::kSynFlood)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench

BENCHMARK_MAIN();

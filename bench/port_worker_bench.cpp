// What does a worker of `tapline run` cost for each frame: burst in from a port of DPDK, events on the ring,
// packet buffers freed?
//
// The port is one of memory (dataplane/memory_traffic.h), as fast as the worker takes frames. `source` is the
// same without a worker: the burst is received and freed, as testpmd does in rxonly mode. worker_scanned
// looks each name that is asked for up among a local domain's unresolved names and a hundred patterns, too.
// Frames come from the third-level cache, or from beyond it where neighbours fill that: 12 MB of core-mix by
// default, core_mix_4MB as much as is one core's share where eight have 32 MiB.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <benchmark/benchmark.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include "bench/discard.h"
#include "bench/usual_patterns.h"
#include "dataplane/burst.h"
#include "dataplane/eal.h"
#include "dataplane/memory_traffic.h"
#include "dataplane/pinned_thread.h"
#include "dataplane/port_queue.h"
#include "dataplane/worker.h"
#include "matchers/pattern_compiler.h"
#include "matchers/public_suffixes.h"
#include "matchers/unresolved_names.h"

namespace bench {
namespace {

using dataplane::EventKind;
using dataplane::traffic::Mix;

constexpr std::uint64_t kFramesAtOnce = 100'000;
constexpr std::array<Mix, 6> kMeasured = {Mix::kCoreMix,  Mix::kDnsOnly, Mix::kSynFlood,
                                          Mix::kDnsFlood, Mix::kPlain,   Mix::kImix};
constexpr std::array<Mix, 2> kScanned = {Mix::kCoreMix, Mix::kDnsOnly};
constexpr std::size_t kFramesOf4Megabytes = 33'000;  // of core-mix
constexpr unsigned kWorkers = 2;
constexpr std::size_t kPorts = (kMeasured.size() + 1) * kWorkers + kScanned.size() + 1;

dataplane::ObserverSettings scanning() {
  const std::vector<std::string> local = {"campus.example"};
  dataplane::ObserverSettings settings;
  settings.unresolved_names = std::make_shared<const matchers::UnresolvedNames>(
      local, std::span<const std::string>{}, matchers::PublicSuffixes::read());
  const matchers::PatternFile file = matchers::parse_patterns(usual_patterns(100).text, "patterns");
  settings.patterns = std::make_shared<const dataplane::PatternScanners>(matchers::compile_patterns(file), 1);
  return settings;
}

class NoWindows : public dataplane::PortQueue::OnWindow {
  void window_begins(std::uint64_t) noexcept override {}
};

// A port of one mix and its worker. Nothing of it is shared with the others.
struct Bench {
  Bench(const dataplane::TrafficSettings& frames, const dataplane::PortSettings& settings,
        const dataplane::Device& device, const dataplane::ObserverSettings& observer)
      : traffic(frames, 1), port(settings, device), worker(queue, outlet, observer) {
    traffic.attach(port);
    traffic.set_rate(dataplane::kAsFastAsItGoes);
  }
  ~Bench() { traffic.detach(); }

  std::uint64_t receive_and_free() {
    std::array<rte_mbuf*, dataplane::kBurstFrames> burst;
    const std::uint16_t count = rte_eth_rx_burst(port.id(), 0, burst.data(), dataplane::kBurstFrames);
    rte_pktmbuf_free_bulk(burst.data(), count);
    return count;
  }

  std::uint64_t observe() {
    const std::uint64_t before = worker.ledger().frames;
    worker.poll_once();
    discard.make_room(ring);
    return worker.ledger().frames - before;
  }

  // The traffic outlives the queue, which holds some of its frames.
  dataplane::MemoryTraffic traffic;
  dataplane::Port port;
  std::atomic<bool> stop{false};
  NoWindows no_windows;
  dataplane::EventRing ring{1024};
  Discard discard;
  dataplane::PortQueue queue{port, 0, stop, no_windows};
  dataplane::Outlet outlet{{&ring}, dataplane::Routing::kToFirst, discard};
  dataplane::Worker<dataplane::PortQueue> worker;
};

class Benches {
 public:
  Benches() {
    std::vector<dataplane::PortSettings> ports;
    for (unsigned i = 0; i < kPorts; ++i) ports.push_back(dataplane::memory_port_settings(i, 1));
    const std::vector<dataplane::Device> devices = dataplane::devices_of(ports);
    eal_ = std::make_unique<dataplane::Eal>(dataplane::EalSettings{
        .devices = devices,
        .hugepages = dataplane::free_hugepage_bytes() > kMemory,
        .memory_bytes = kMemory,
    });
    const auto add = [&](const dataplane::TrafficSettings& frames,
                         const dataplane::ObserverSettings& settings) {
      const std::size_t i = benches_.size();
      benches_.push_back(std::make_unique<Bench>(frames, ports[i], devices[i], settings));
    };
    for (std::size_t i = 0; i < kMeasured.size() * kWorkers; ++i) add({.mix = kMeasured[i / kWorkers]}, {});
    for (const Mix mix : kScanned) add({.mix = mix}, scanning());
    const dataplane::TrafficSettings fewer = {.mix = Mix::kCoreMix, .frames = kFramesOf4Megabytes};
    add(fewer, scanning());
    for (unsigned i = 0; i < kWorkers; ++i) add(fewer, {});
  }

  Bench& of(Mix mix, int worker) {
    const auto at = static_cast<std::size_t>(std::ranges::find(kMeasured, mix) - kMeasured.begin());
    return *benches_[at * kWorkers + static_cast<std::size_t>(worker)];
  }
  Bench& scanned(Mix mix) {
    const auto at = static_cast<std::size_t>(std::ranges::find(kScanned, mix) - kScanned.begin());
    return *benches_[kMeasured.size() * kWorkers + at];
  }
  Bench& scanned_of_4_megabytes() { return *benches_[kPorts - kWorkers - 1]; }
  Bench& of_4_megabytes(int worker) { return *benches_[kPorts - kWorkers + static_cast<unsigned>(worker)]; }

 private:
  static constexpr std::uint64_t kMemory = std::uint64_t{1} << 30;
  std::unique_ptr<dataplane::Eal> eal_;
  std::vector<std::unique_ptr<Bench>> benches_;
};

Benches& benches() {
  static Benches all;
  return all;
}

bool makes_the_right_events(Bench& bench, Mix mix) {
  while (bench.worker.ledger().frames < kFramesAtOnce) bench.observe();
  const dataplane::Ledger& ledger = bench.worker.ledger();
  const auto within = [&](std::uint64_t count, double share) {
    return std::abs(static_cast<double>(count) / static_cast<double>(ledger.frames) - share) < 0.02;
  };
  const double queries = mix == Mix::kCoreMix    ? 0.05
                         : mix == Mix::kDnsOnly  ? 0.5
                         : mix == Mix::kDnsFlood ? 1
                                                 : 0;
  const double connects = mix == Mix::kCoreMix ? 0.021 : mix == Mix::kSynFlood ? 1 : 0;
  const bool right =
      within(ledger[EventKind::kQuery], queries) && within(ledger[EventKind::kConnect], connects) &&
      ledger.sum_of_verdicts() == ledger.frames && bench.traffic.counters().received == ledger.frames;
  if (!right) std::fprintf(stderr, "port_worker_bench: the events are not those of the frames\n");
  return right;
}

void source(benchmark::State& state, Mix mix) {
  Bench& bench = benches().of(mix, 0);
  std::uint64_t frames = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (std::uint64_t done = 0; done < kFramesAtOnce;) {
      const std::uint64_t more = bench.receive_and_free();
      done += more;
      frames += more;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(frames));
}

void observe_all(benchmark::State& state, Bench& bench, Mix mix) {
  if (bench.worker.ledger().frames == 0 && !makes_the_right_events(bench, mix)) std::exit(1);
  std::uint64_t frames = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (std::uint64_t done = 0; done < kFramesAtOnce;) {
      const std::uint64_t more = bench.observe();
      done += more;
      frames += more;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(frames));
}

void worker(benchmark::State& state, Mix mix) {
  observe_all(state, benches().of(mix, state.thread_index()), mix);
}

void worker_of_4_megabytes(benchmark::State& state) {
  observe_all(state, benches().of_4_megabytes(state.thread_index()), Mix::kCoreMix);
}

void observe_and_scan_all(benchmark::State& state, Bench& bench, Mix mix) {
  observe_all(state, bench, mix);
  const dataplane::Ledger& ledger = bench.worker.ledger();
  if (ledger[EventKind::kMatch] != ledger[EventKind::kQuery])
    state.SkipWithError("not every name that was asked for was scanned");
}

void worker_scanned(benchmark::State& state, Mix mix) {
  observe_and_scan_all(state, benches().scanned(mix), mix);
}

void worker_scanned_of_4_megabytes(benchmark::State& state) {
  observe_and_scan_all(state, benches().scanned_of_4_megabytes(), Mix::kCoreMix);
}

double largest(const std::vector<double>& values) {
  return *std::ranges::max_element(values);
}

#define MEASURE(name, mix)                    \
  BENCHMARK_CAPTURE(worker, name, mix)        \
      ->ComputeStatistics("largest", largest) \
      ->Unit(benchmark::kMillisecond);        \
  BENCHMARK_CAPTURE(source, name, mix)->ComputeStatistics("largest", largest)->Unit(benchmark::kMillisecond)
MEASURE(core_mix, Mix::kCoreMix);
MEASURE(dns_only, Mix::kDnsOnly);
MEASURE(syn_flood, Mix::kSynFlood);
MEASURE(dns_flood, Mix::kDnsFlood);
MEASURE(plain_64, Mix::kPlain);
MEASURE(imix, Mix::kImix);
BENCHMARK_CAPTURE(worker_scanned, core_mix, Mix::kCoreMix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(worker_scanned, dns_only, Mix::kDnsOnly)->Unit(benchmark::kMillisecond);
BENCHMARK(worker_scanned_of_4_megabytes)
    ->Name("worker_scanned/core_mix_4MB")
    ->ComputeStatistics("largest", largest)
    ->Unit(benchmark::kMillisecond);

// Two workers, each with a port and a ring of its own, beside one; by the clock on the wall.
BENCHMARK_CAPTURE(worker, core_mix_together, Mix::kCoreMix)
    ->Threads(1)
    ->Threads(kWorkers)
    ->UseRealTime()
    ->ComputeStatistics("largest", largest)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(worker_of_4_megabytes)
    ->Name("worker/core_mix_4MB_together")
    ->Threads(1)
    ->Threads(kWorkers)
    ->UseRealTime()
    ->ComputeStatistics("largest", largest)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench

BENCHMARK_MAIN();

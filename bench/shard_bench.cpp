// What does a shard cost for each event and for each DNS message, with all its tables at work?
#include <algorithm>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "aggregator/shard.h"
#include "aggregator/summarize.h"
#include "bench/aggregator_events.h"

namespace {

using dataplane::Event;
using dataplane::EventKind;

constexpr std::size_t kEvents = 4'000'000;
constexpr std::size_t kSpan = 256;  // about what a poll of the rings brings

std::uint64_t count(const std::vector<Event>& events, EventKind kind) {
  return static_cast<std::uint64_t>(
      std::count_if(events.begin(), events.end(), [kind](const Event& event) { return event.kind == kind; }));
}

void observe_all(aggregator::Shard& shard, const std::vector<Event>& events) {
  for (std::size_t at = 0; at < events.size(); at += kSpan) {
    shard.observe({&events[at], std::min(kSpan, events.size() - at)});
  }
}

bool counts_right(const aggregator::ShardWindow& window, const std::vector<Event>& events) {
  return window.dns.udp_queries == count(events, EventKind::kQuery) &&
         window.pairing.answers == count(events, EventKind::kResponse) &&
         window.pairing.a_records == count(events, EventKind::kResolution) &&
         window.syn == count(events, EventKind::kConnect) && window.clients.other_events == 0;
}

// Packet time goes on from lap to lap, and the frame gap sets how many answers one window holds.
void shard(benchmark::State& state, double syn_share) {
  const auto live = static_cast<std::uint32_t>(state.range(0));
  std::vector<Event> events = bench::zipf_events(
      {.clients = live / 16, .names = live, .syn_share = syn_share, .frame_gap_ns = 1'000'000'000 / live},
      kEvents);
  aggregator::Shard shard(aggregator::ShardSettings{});
  observe_all(shard, events);
  if (!counts_right(shard.close(), events)) return state.SkipWithError("the shard miscounts");

  const std::int64_t lap_ns = events.back().time_ns + 1'000'000'000;
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    for (Event& event : events) {
      if (event.kind != EventKind::kName) event.time_ns += lap_ns;
    }
    state.ResumeTiming();
    observe_all(shard, events);
  }
  const auto laps = static_cast<double>(state.iterations());
  const auto messages =
      static_cast<double>(count(events, EventKind::kQuery) + count(events, EventKind::kResponse));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
  state.counters["dns/s"] = benchmark::Counter(laps * messages, benchmark::Counter::kIsRate);
  state.counters["paired"] =
      static_cast<double>(aggregator::summarize(shard.close(), {}).pairing.pairs) / laps;
}

void dns_only(benchmark::State& state) {
  shard(state, 0);
}
void dns_syn(benchmark::State& state) {
  shard(state, 0.4);
}  // 4 SYNs for 6 queries and their 6 responses: 25 %

#define SIZES Arg(10'000)->Arg(100'000)->Arg(1'000'000)->ArgName("names")->Unit(benchmark::kMillisecond)
BENCHMARK(dns_only)->SIZES;
BENCHMARK(dns_syn)->SIZES;

}  // namespace

BENCHMARK_MAIN();

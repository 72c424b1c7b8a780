// What does an event cost a shard when queries come from ten million random clients, beside an ordinary mix
// of clients?
//
// A window is closed after each lap, as a second of `tapline run` would be, and that is part of the time.
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "aggregator/shard.h"
#include "bench/aggregator_events.h"
#include "dataplane/traffic/flood.h"

namespace {

using dataplane::Event;
using dataplane::EventKind;
using dataplane::traffic::flood_source;
using dataplane::traffic::kFloodSources;

constexpr std::uint32_t kQueries = 2'000'000;  // in a lap
constexpr std::uint32_t kOrdinaryClients = 20'000;
constexpr std::uint32_t kNames = 100'000;
constexpr std::size_t kSpan = 256;  // about what a poll of the rings brings
constexpr std::int64_t kGapNs = 200;

wire::Address v4(std::uint32_t address) {
  const std::uint8_t octets[4] = {
      static_cast<std::uint8_t>(address >> 24), static_cast<std::uint8_t>(address >> 16),
      static_cast<std::uint8_t>(address >> 8), static_cast<std::uint8_t>(address)};
  return wire::Address::v4(octets);
}

std::vector<Event> queries() {
  std::mt19937 random(1);
  const bench::Zipf clients(kOrdinaryClients);
  const bench::Zipf names(kNames);
  tests::EventScript script;
  script.events().reserve(2 * kQueries);
  for (std::uint32_t i = 0; i < kQueries; ++i) {
    script.after(kGapNs);
    script.query(tests::host((1 << 16) + clients(random)),
                 "host" + std::to_string(names(random)) + ".department.example.org");
  }
  return std::move(script.events());
}

std::uint64_t resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6));
  }
  return 0;
}

void observe_all(aggregator::Shard& shard, const std::vector<Event>& events) {
  for (std::size_t at = 0; at < events.size(); at += kSpan) {
    shard.observe({&events[at], std::min(kSpan, events.size() - at)});
  }
}

// Packet time goes on, and a flood brings the next two of ten million clients.
void next_lap(std::vector<Event>& events, bool flood, std::uint32_t& source) {
  for (Event& event : events) {
    if (event.kind == EventKind::kName) continue;
    event.time_ns += kQueries * kGapNs;
    if (flood) event.client = v4(flood_source(source++ % kFloodSources));
  }
}

void shard_event(benchmark::State& state, bool flood) {
  std::vector<Event> events = queries();
  std::uint32_t source = 0;
  aggregator::Shard shard(aggregator::ShardSettings{});
  for (std::uint32_t lap = 0; lap < kFloodSources / kQueries; ++lap) {
    next_lap(events, flood, source);
    observe_all(shard, events);
    if (shard.close_window().dns.udp_queries != kQueries) return state.SkipWithError("the shard miscounts");
  }
  const std::uint64_t after_all_clients = resident_kilobytes();
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    next_lap(events, flood, source);
    state.ResumeTiming();
    observe_all(shard, events);
    benchmark::DoNotOptimize(shard.close_window());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
  state.counters["grown_kB"] =
      static_cast<double>(resident_kilobytes()) - static_cast<double>(after_all_clients);
  state.counters["resident_MB"] = static_cast<double>(resident_kilobytes()) / 1000;
}

BENCHMARK_CAPTURE(shard_event, ordinary_clients, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(shard_event, ten_million_clients, true)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

// What does pairing cost when the live (client, address) keys no longer fit a cache?
#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "aggregator/pairing.h"
#include "tests/support/events.h"

namespace {

using aggregator::Pairer;
using aggregator::PairKey;
using dataplane::Event;
using dataplane::EventKind;

constexpr std::size_t kStepEvents = 12;
constexpr std::int64_t kLapNs = 1'000'000'000;  // one window: when a key's turn comes, its last answer ends

// A lap answers each key once, in an order that no cache can guess. After two answers of three comes a SYN to
// the key that was answered half a lap ago: all keys are live, and each such SYN makes a pair.
std::vector<Event> lap_of(std::uint32_t keys) {
  std::vector<std::uint32_t> turns(keys);
  std::iota(turns.begin(), turns.end(), 0u);
  std::shuffle(turns.begin(), turns.end(), std::mt19937(1));
  tests::EventScript script;
  const auto client = [](std::uint32_t key) { return tests::host((1 << 20) + key / 16); };
  const auto server = [](std::uint32_t key) { return tests::host((1 << 24) + key); };
  for (std::uint32_t i = 0; i < keys; ++i) {
    script.at(static_cast<std::int64_t>(kLapNs * std::uint64_t{i} / keys));
    script.response(client(turns[i]), {server(turns[i])});
    const std::uint32_t asked = turns[(i + keys / 2) % keys];
    if (i % 3 != 0) script.syn(client(asked), server(asked));
  }
  std::erase_if(script.events(), [](const Event& event) { return event.kind == EventKind::kResponse; });
  return std::move(script.events());
}

class Laps {
 public:
  explicit Laps(std::uint32_t keys)
      : lap_(lap_of(keys)), pairer_({.answers_per_partition = std::size_t{keys} * 2}) {}

  // Returns the pairs. Looks ahead as a shard does.
  std::uint64_t run() {
    std::uint64_t pairs = 0;
    for (std::size_t i = 0; i < lap_.size() + 3 * kStepEvents; ++i) {
      if (i < lap_.size()) {
        ahead(i).hash = pairer_.hash_of(pairer_.key_of(lap_[i].client, lap_[i].peer));
        pairer_.prefetch_index(ahead(i).hash);
      }
      const std::size_t second = i - kStepEvents;  // Wraps, and then is no place in the lap.
      if (second < lap_.size()) ahead(second).likely = pairer_.prefetch_oldest(ahead(second).hash);
      const std::size_t third = second - kStepEvents;
      if (third < lap_.size()) pairer_.prefetch_chain(ahead(third).likely);
      const std::size_t last = third - kStepEvents;
      if (last < lap_.size()) pairs += pair(lap_[last], ahead(last));
    }
    lap_start_ns_ += kLapNs;
    return pairs;
  }

  std::size_t events() const { return lap_.size(); }
  std::uint64_t syns() const {
    return static_cast<std::uint64_t>(std::count_if(
        lap_.begin(), lap_.end(), [](const Event& event) { return event.kind == EventKind::kConnect; }));
  }
  const Pairer& pairer() const { return pairer_; }

 private:
  struct Ahead {
    std::uint64_t hash;
    std::uint32_t likely;
  };

  Ahead& ahead(std::size_t i) { return ahead_[i % ahead_.size()]; }

  bool pair(const Event& event, const Ahead& of_event) {
    const PairKey key = pairer_.key_of(event.client, event.peer);
    const std::int64_t time_ns = lap_start_ns_ + event.time_ns;
    if (event.kind == EventKind::kConnect)
      return pairer_.connect(0, key, of_event.hash, time_ns, of_event.likely).paired;
    pairer_.begin_answer();
    pairer_.add_address(0, key, of_event.hash, time_ns, of_event.likely);
    return false;
  }

  std::vector<Event> lap_;
  Pairer pairer_;
  std::int64_t lap_start_ns_ = 0;
  std::array<Ahead, 64> ahead_{};
};

void pairing(benchmark::State& state) {
  const auto keys = static_cast<std::uint32_t>(state.range(0));
  Laps laps(keys);
  laps.run();
  if (laps.run() != laps.syns() || laps.pairer().losses().evicted != 0 || laps.pairer().keys() < keys) {
    return state.SkipWithError("not every SYN was paired with its answer");
  }
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(laps.run());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(laps.events()));
  state.counters["bytes/key"] = static_cast<double>(laps.pairer().bytes()) / keys;
}
BENCHMARK(pairing)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->ArgName("live keys")
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

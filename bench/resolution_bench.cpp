// What does it cost to remember who was told which address, and to ask for it, when the live keys no longer
// fit a cache; how many are given up when there are more than the table is made for; and what does a window
// of told addresses cost, by how many different ones it has?
#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "aggregator/resolution_table.h"
#include "aggregator/told_addresses.h"
#include "bench/aggregator_events.h"
#include "dataplane/partition.h"

namespace {

using aggregator::AddressFilter;
using aggregator::filter_hash;
using aggregator::KeyedHash;
using aggregator::ResolutionTable;
using aggregator::ToldAddressCollector;
using aggregator::ToldBy;

constexpr std::size_t kBatch = 16;
constexpr std::uint32_t kNoon = 1'700'000'000;

struct Key {
  wire::Address client;
  wire::Address address;
};

Key key_of(std::uint32_t number) {
  return {tests::host((1 << 20) + number / 16), tests::host((1 << 26) + number)};
}

// Each once, in an order that no cache can guess.
std::vector<Key> shuffled_keys(std::uint32_t from, std::uint32_t to) {
  std::vector<Key> keys;
  keys.reserve(to - from);
  for (std::uint32_t i = from; i < to; ++i) keys.push_back(key_of(i));
  std::shuffle(keys.begin(), keys.end(), std::mt19937(1));
  return keys;
}

// Calls visit(partition, hash) for each key, a batch after its memory was asked for, as a shard does.
template <class Visit>
void look_ahead(const ResolutionTable& table, const std::vector<Key>& keys, Visit&& visit) {
  struct Ahead {
    std::uint64_t hash;
    unsigned partition;
  };
  std::array<Ahead, 2 * kBatch> ahead;
  for (std::size_t first = 0; first < keys.size() + kBatch; first += kBatch) {
    for (std::size_t i = first; i < std::min(first + kBatch, keys.size()); ++i) {
      Ahead& at = ahead[i % ahead.size()];
      at = {table.hash_of(keys[i].client, keys[i].address), dataplane::partition_of(keys[i].client)};
      table.prefetch(at.partition, at.hash);
    }
    const std::size_t last = first - kBatch;  // Wraps at first, and then is behind all keys.
    for (std::size_t i = last; i < std::min(first, keys.size()); ++i) {
      visit(ahead[i % ahead.size()].partition, ahead[i % ahead.size()].hash);
    }
  }
}

void tell(ResolutionTable& table, const std::vector<Key>& keys, std::uint32_t now_s) {
  look_ahead(table, keys, [&](unsigned partition, std::uint64_t hash) {
    table.told(partition, hash, ToldBy::kAnswer, now_s, 60);
  });
}

std::uint64_t count_held(const ResolutionTable& table, const std::vector<Key>& keys, std::uint32_t now_s) {
  std::uint64_t held = 0;
  look_ahead(table, keys, [&](unsigned partition, std::uint64_t hash) {
    held += table.judge(partition, hash, now_s).has_value();
  });
  return held;
}

ResolutionTable table_for(std::uint32_t keys) {
  return {{.partitions = dataplane::kPartitions, .keys_per_partition = keys / dataplane::kPartitions}, {}};
}

void report(benchmark::State& state, const ResolutionTable& table, std::size_t keys) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(keys));
  state.counters["MiB"] = static_cast<double>(table.bytes()) / (1 << 20);
  state.counters["evicted"] = static_cast<double>(table.evicted());
}

// All keys are told anew in each lap, and have ended before the next one but one.
void told(benchmark::State& state) {
  const auto live = static_cast<std::uint32_t>(state.range(0));
  const auto keys = shuffled_keys(0, live);
  ResolutionTable table = table_for(live);
  std::uint32_t now_s = kNoon;
  tell(table, keys, now_s);
  if (count_held(table, keys, now_s) + table.evicted() != live || table.evicted() > live / 100'000) {
    return state.SkipWithError("not every key was held");
  }
  for ([[maybe_unused]] auto _ : state) tell(table, keys, now_s += 200);
  report(state, table, keys.size());
}
BENCHMARK(told)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->ArgName("live keys")
    ->Unit(benchmark::kMillisecond);

// New keys all the time, each in place of one that has ended.
void told_new(benchmark::State& state) {
  const auto live = static_cast<std::uint32_t>(state.range(0));
  const std::array<std::vector<Key>, 3> laps = {shuffled_keys(0, live), shuffled_keys(live, 2 * live),
                                                shuffled_keys(2 * live, 3 * live)};
  ResolutionTable table = table_for(live);
  std::uint32_t now_s = kNoon;
  std::size_t lap = 0;
  for (const auto& keys : laps) tell(table, keys, now_s += 1000);
  for ([[maybe_unused]] auto _ : state) tell(table, laps[lap++ % laps.size()], now_s += 1000);
  report(state, table, live);
  if (table.evicted() > lap * live / 100'000) state.SkipWithError("keys were evicted that had not ended");
}
BENCHMARK(told_new)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->ArgName("live keys")
    ->Unit(benchmark::kMillisecond);

// Every second key that is asked for was told.
void judge(benchmark::State& state) {
  const auto live = static_cast<std::uint32_t>(state.range(0));
  const auto asked = shuffled_keys(live / 2, live / 2 + live);
  ResolutionTable table = table_for(live);
  tell(table, shuffled_keys(0, live), kNoon);
  if (count_held(table, asked, kNoon) + live / 100'000 < live / 2) {
    return state.SkipWithError("not every key was held");
  }
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(count_held(table, asked, kNoon));
  report(state, table, asked.size());
}
BENCHMARK(judge)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->ArgName("live keys")
    ->Unit(benchmark::kMillisecond);

// A table for a million keys that is held at `load` percent of that: every second a sixtieth of the keys is
// told, for a minute. With `zipf` the clients are 20,000 by Zipf's law, so that some partitions have far more
// than others.
void evictions(benchmark::State& state) {
  constexpr std::uint32_t kCapacity = 1 << 20;
  const auto keys = static_cast<std::uint32_t>(std::uint64_t{kCapacity} * state.range(0) / 100);
  const bool uneven = state.range(1) != 0;
  const bench::Zipf zipf(20'000);
  for ([[maybe_unused]] auto _ : state) {
    std::mt19937 random(1);
    ResolutionTable table({.partitions = dataplane::kPartitions,
                           .keys_per_partition = kCapacity / dataplane::kPartitions,
                           .grace_s = 0},
                          {});
    const std::uint32_t seconds = 300;
    std::vector<std::uint64_t> by_partition(dataplane::kPartitions);
    std::uint32_t number = 0;
    for (std::uint32_t second = 0; second < seconds; ++second) {
      for (std::uint32_t i = 0; i < keys / 60; ++i, ++number) {
        const auto client = tests::host((1 << 20) + (uneven ? zipf(random) : random() % 20'000));
        const unsigned partition = dataplane::partition_of(client);
        ++by_partition[partition];
        table.told(partition, table.hash_of(client, tests::host((1 << 26) + number)), ToldBy::kAnswer,
                   kNoon + second, 59);
      }
    }
    const auto most = *std::max_element(by_partition.begin(), by_partition.end());
    state.counters["evicted/million"] = 1e6 * static_cast<double>(table.evicted()) / number;
    state.counters["fullest/mean"] = static_cast<double>(most) * dataplane::kPartitions / number;
  }
}
BENCHMARK(evictions)
    ->ArgsProduct({{50, 100, 200, 250, 300, 400, 500}, {0, 1}})
    ->ArgNames({"load", "zipf"})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

// A window of 100,000 tellings: gathered, closed and added to a generation. `list`: by ToldAddresses; else
// the filter itself is handed over each time.
void window(benchmark::State& state) {
  constexpr std::size_t kTold = 100'000;
  constexpr std::size_t kFilterBytes = 1 << 20;
  const auto different = static_cast<std::uint32_t>(state.range(0));
  const bool list = state.range(1) != 0;
  const KeyedHash hash;
  ToldAddressCollector collector(kFilterBytes, hash);
  AddressFilter bits(kFilterBytes);
  AddressFilter generation(kFilterBytes);
  AddressFilter exact(kFilterBytes);
  std::vector<wire::Address> addresses(kTold);
  for (std::size_t i = 0; i < kTold; ++i) {
    addresses[i] = tests::host((1 << 26) + static_cast<std::uint32_t>(i) % different);
    exact.add(collector.hash_of(addresses[i]));
  }
  std::shuffle(addresses.begin(), addresses.end(), std::mt19937(1));
  std::size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    if (list) {
      for (const auto& address : addresses) collector.add(collector.hash_of(address));
      const auto told = collector.close();
      told.add_to(generation);
      bytes = told.bytes();
    } else {
      for (const auto& address : addresses) bits.add(collector.hash_of(address));
      const AddressFilter told = bits;
      bits.clear();
      generation |= told;
      bytes = told.bytes();
    }
  }
  if (!(generation == exact)) state.SkipWithError("the generation does not hold what was told");
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(window)
    ->ArgsProduct({{100, 1000, 10'000, 16'000, 100'000}, {1, 0}})
    ->ArgNames({"different", "list"})
    ->Unit(benchmark::kMicrosecond);

// Eight generations of `different` addresses each, asked for a million others.
void generations(benchmark::State& state) {
  const auto different = static_cast<std::uint32_t>(state.range(0));
  constexpr std::uint32_t kOthers = 1'000'000;
  for ([[maybe_unused]] auto _ : state) {
    const KeyedHash hash;
    std::vector<AddressFilter> filters(8, AddressFilter(1 << 20));
    std::uint32_t number = 0;
    for (AddressFilter& filter : filters) {
      for (std::uint32_t i = 0; i < different; ++i) filter.add(filter_hash(hash, tests::host(number++)));
    }
    std::uint32_t in_first = 0;
    std::uint32_t in_any = 0;
    for (std::uint32_t i = 0; i < kOthers; ++i) {
      const std::uint64_t other = filter_hash(hash, tests::host(number++));
      in_first += filters.front().contains(other);
      in_any += std::any_of(filters.begin(), filters.end(),
                            [&](const AddressFilter& filter) { return filter.contains(other); });
    }
    state.counters["in first/million"] = in_first;
    state.counters["in any/million"] = in_any;
  }
}
BENCHMARK(generations)
    ->Arg(100'000)
    ->Arg(250'000)
    ->Arg(500'000)
    ->Arg(700'000)
    ->Arg(1'000'000)
    ->ArgName("different")
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

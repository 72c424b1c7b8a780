// What does it cost to hand an event from a worker's core to a shard's: our ring beside DPDK's, on two cores?
//
// All three move the same events in the same bursts. Each is run once before the clock starts, and the
// consumer must come to the producer's sum.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <pthread.h>
#include <rte_ring.h>
#include <rte_ring_elem.h>
#include <rte_ring_peek_zc.h>

#include "dataplane/event_ring.h"

namespace bench {
namespace {

using dataplane::Event;

constexpr std::size_t kSlots = std::size_t{1} << 16;       // as `tapline run` has them
constexpr std::uint64_t kEvents = std::uint64_t{1} << 21;  // many times round
constexpr unsigned kEventBytes = sizeof(Event);
static_assert(kEvents % 64 == 0);

// The worker's work, as little of it as there can be: one cache line with something new in it.
void write(Event& event, std::uint64_t number) {
  event.order = number;
  event.kind = dataplane::EventKind::kConnect;
  event.time_ns = static_cast<std::int64_t>(number);
  event.name_hash = ~number;
}

// The shard's: it reads the line from end to end.
std::uint64_t read(const Event& event) {
  return event.order + event.name_hash * 3;
}

std::uint64_t expected_sum() {
  std::uint64_t sum = 0;
  for (std::uint64_t number = 0; number < kEvents; ++number) sum += number + ~number * 3;
  return sum;
}

// Events written in place, read in place, handed over by the burst.
class Ours {
 public:
  void produce(std::uint64_t first, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      Event* slot = ring_.claim();
      while (slot == nullptr) {
        ring_.publish(first + i);
        slot = ring_.claim();
      }
      write(*slot, first + i);
    }
    ring_.publish(first + count);
  }

  unsigned consume(unsigned, std::uint64_t& sum) {
    const std::span<const Event> events = ring_.readable();
    for (const Event& event : events) sum += read(event);
    ring_.release(events.size());
    return static_cast<unsigned>(events.size());
  }

 protected:
  dataplane::EventRing ring_{kSlots};
};

// rte_ring in memory of ours: no EAL is needed for that.
class DpdkRing {
 public:
  DpdkRing() {
    const auto bytes = static_cast<std::size_t>(rte_ring_get_memsize_elem(kEventBytes, kSlots));
    ring_.reset(static_cast<rte_ring*>(std::aligned_alloc(dataplane::kCacheLine, bytes)));
    std::memset(static_cast<void*>(ring_.get()), 0, bytes);  // The pages are there before the clock starts.
    if (rte_ring_init(ring_.get(), "bench", kSlots, RING_F_SP_ENQ | RING_F_SC_DEQ) != 0)
      throw std::bad_alloc();
  }

 protected:
  struct Free {
    void operator()(rte_ring* ring) const { std::free(ring); }
  };
  std::unique_ptr<rte_ring, Free> ring_;
};

// Written in place, read in place.
class DpdkZeroCopy : public DpdkRing {
 public:
  void produce(std::uint64_t first, unsigned count) {
    rte_ring_zc_data slots{};
    while (rte_ring_enqueue_zc_bulk_elem_start(ring_.get(), kEventBytes, count, &slots, nullptr) == 0) {
    }
    auto* events = static_cast<Event*>(slots.ptr1);
    for (unsigned i = 0; i < slots.n1; ++i) write(events[i], first + i);
    events = static_cast<Event*>(slots.ptr2);
    for (unsigned i = slots.n1; i < count; ++i) write(events[i - slots.n1], first + i);
    rte_ring_enqueue_zc_elem_finish(ring_.get(), count);
  }

  unsigned consume(unsigned most, std::uint64_t& sum) {
    rte_ring_zc_data slots{};
    const unsigned count =
        rte_ring_dequeue_zc_burst_elem_start(ring_.get(), kEventBytes, most, &slots, nullptr);
    if (count == 0) return 0;
    const auto* events = static_cast<const Event*>(slots.ptr1);
    for (unsigned i = 0; i < slots.n1; ++i) sum += read(events[i]);
    events = static_cast<const Event*>(slots.ptr2);
    for (unsigned i = slots.n1; i < count; ++i) sum += read(events[i - slots.n1]);
    rte_ring_dequeue_zc_elem_finish(ring_.get(), count);
    return count;
  }
};

// Written beside the ring and copied in, copied out and read.
class DpdkCopying : public DpdkRing {
 public:
  void produce(std::uint64_t first, unsigned count) {
    for (unsigned i = 0; i < count; ++i) write(outgoing_[i], first + i);
    while (rte_ring_enqueue_bulk_elem(ring_.get(), outgoing_, kEventBytes, count, nullptr) == 0) {
    }
  }

  unsigned consume(unsigned most, std::uint64_t& sum) {
    const unsigned count = rte_ring_dequeue_burst_elem(ring_.get(), incoming_, kEventBytes,
                                                       std::min<unsigned>(most, kBurst), nullptr);
    for (unsigned i = 0; i < count; ++i) sum += read(incoming_[i]);
    return count;
  }

 private:
  static constexpr unsigned kBurst = 64;
  Event outgoing_[kBurst] = {};
  alignas(dataplane::kCacheLine) Event incoming_[kBurst] = {};
};

void pin_to(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  pthread_setaffinity_np(pthread_self(), sizeof set,
                         &set);  // Where there is one core only it stays unpinned.
}

// All events through the ring once. Returns the consumer's sum.
template <class Ring>
std::uint64_t run_once(Ring& ring, unsigned burst) {
  std::thread producer([&ring, burst] {
    pin_to(1);
    for (std::uint64_t number = 0; number < kEvents; number += burst) ring.produce(number, burst);
  });
  pin_to(0);
  std::uint64_t sum = 0;
  for (std::uint64_t left = kEvents; left > 0;) left -= ring.consume(burst, sum);
  producer.join();
  return sum;
}

template <class Ring>
void two_cores(benchmark::State& state) {
  const auto burst = static_cast<unsigned>(state.range(0));
  const auto ring = std::make_unique<Ring>();
  if (run_once(*ring, burst) != expected_sum()) return state.SkipWithError("events got lost or changed");
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(run_once(*ring, burst));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}

// Two threads that wait for each other suffer from any other work on the machine: the fastest repetition says
// what the rings do, the median what the machine does.
double largest(const std::vector<double>& values) {
  return *std::ranges::max_element(values);
}

#define BURSTS Arg(8)->Arg(64)->ArgName("burst")->UseRealTime()->ComputeStatistics("largest", largest)
BENCHMARK(two_cores<Ours>)->BURSTS;
BENCHMARK(two_cores<DpdkZeroCopy>)->BURSTS;
BENCHMARK(two_cores<DpdkCopying>)->BURSTS;

// A worker and a shard on one thread, as `tapline replay` has them: only ours can be rewound, so that its
// first slots stay in L1.
template <class Ring>
std::uint64_t alternate(Ring& ring, unsigned burst) {
  std::uint64_t sum = 0;
  for (std::uint64_t number = 0; number < kEvents; number += burst) {
    ring.produce(number, burst);
    for (unsigned left = burst; left > 0;) left -= ring.consume(burst, sum);
    if constexpr (requires { ring.rewind(); }) ring.rewind();
  }
  return sum;
}

class OursRewound : public Ours {
 public:
  void rewind() { ring_.rewind(); }
};

template <class Ring>
void one_thread(benchmark::State& state) {
  const auto burst = static_cast<unsigned>(state.range(0));
  const auto ring = std::make_unique<Ring>();
  if (alternate(*ring, burst) != expected_sum()) return state.SkipWithError("events got lost or changed");
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(alternate(*ring, burst));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}

#define ONE_BURST Arg(64)->ArgName("burst")->ComputeStatistics("largest", largest)
BENCHMARK(one_thread<OursRewound>)->ONE_BURST;
BENCHMARK(one_thread<DpdkZeroCopy>)->ONE_BURST;
BENCHMARK(one_thread<DpdkCopying>)->ONE_BURST;

}  // namespace
}  // namespace bench

BENCHMARK_MAIN();

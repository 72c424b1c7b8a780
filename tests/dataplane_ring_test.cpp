// Rings and their merge: nothing lost, nothing twice, always in capture order.
#include <map>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "aggregator/ring_merge.h"
#include "dataplane/event_ring.h"

namespace {

using aggregator::RingMerge;
using dataplane::Event;
using dataplane::EventRing;
using Orders = std::vector<std::uint64_t>;

bool push(EventRing& ring, std::uint64_t order) {
  Event* event = ring.claim();
  if (event == nullptr) return false;
  event->order = order;
  return true;
}

Orders drained(RingMerge& merge) {
  Orders orders;
  merge.drain([&](std::span<const Event> events) {
    for (const Event& event : events) orders.push_back(event.order);
  });
  return orders;
}

TEST(EventRing, IsFullWithAsManyEventsAsSlotsAndTakesMoreOnceReleased) {
  EventRing ring(4);
  for (std::uint64_t order = 1; order <= 4; ++order) EXPECT_TRUE(push(ring, order));
  EXPECT_FALSE(push(ring, 5));
  ring.publish(4);
  EXPECT_EQ(ring.readable().size(), 4u);
  ring.release(1);
  EXPECT_TRUE(push(ring, 5));
  EXPECT_FALSE(push(ring, 6));
}

TEST(EventRing, WhatIsNotPublishedIsNotSeen) {
  EventRing ring(4);
  push(ring, 1);
  EXPECT_TRUE(ring.readable().empty());
  ring.publish(1);
  ASSERT_EQ(ring.readable().size(), 1u);
  EXPECT_EQ(ring.announced(), 1u);
}

TEST(EventRing, ReadsUpToItsEndAndThenFromItsStart) {
  EventRing ring(4);
  for (std::uint64_t order = 1; order <= 3; ++order) push(ring, order);
  ring.publish(3);
  ring.release(ring.readable().size());
  for (std::uint64_t order = 4; order <= 6; ++order) push(ring, order);
  ring.publish(6);
  EXPECT_EQ(ring.readable().size(), 1u);
  ring.release(1);
  ASSERT_EQ(ring.readable().size(), 2u);
  EXPECT_EQ(ring.readable()[0].order, 5u);
}

TEST(EventRing, RewindsOnlyWhenEmpty) {
  EventRing ring(4);
  push(ring, 1);
  ring.publish(1);
  ring.rewind();
  ASSERT_EQ(ring.readable().size(), 1u);
  ring.release(1);
  ring.rewind();
  for (std::uint64_t order = 2; order <= 5; ++order) EXPECT_TRUE(push(ring, order));
  ring.publish(5);
  EXPECT_EQ(ring.readable().size(), 4u) << "side by side from the first slot";
}

TEST(EventRing, TakesAPowerOfTwo) {
  EXPECT_THROW(EventRing ring(3), std::invalid_argument);
}

TEST(EventRing, TwoThreadsLoseNothingAndReorderNothing) {
  constexpr std::uint64_t kEvents = 200'000;
  EventRing ring(64);
  std::jthread producer([&ring] {
    for (std::uint64_t order = 1; order <= kEvents;) {
      if (push(ring, order)) {
        if (order % 7 == 0 || order == kEvents) ring.publish(order);
        ++order;
      } else {
        ring.publish(order - 1);
        std::this_thread::yield();
      }
    }
  });
  std::uint64_t expected = 1;
  while (expected <= kEvents) {
    const auto events = ring.readable();
    for (const Event& event : events) ASSERT_EQ(event.order, expected++);
    ring.release(events.size());
    if (events.empty()) std::this_thread::yield();
  }
}

TEST(RingMerge, WaitsForAWorkerThatMaySendSomethingOlder) {
  EventRing a(8), b(8);
  RingMerge merge({&a, &b});
  push(a, 5);
  a.publish(5);
  EXPECT_EQ(drained(merge), Orders{}) << "b has announced nothing";
  b.publish(4);
  EXPECT_EQ(drained(merge), Orders{}) << "b may still send 5's neighbours";
  b.publish(5);
  EXPECT_EQ(drained(merge), Orders{5});
}

TEST(RingMerge, AnIdleWorkerHoldsNobodyBackOnceItAnnounces) {
  EventRing a(8), b(8);
  RingMerge merge({&a, &b});
  for (std::uint64_t order : {2, 4, 6}) push(a, order);
  a.publish(6);
  push(b, 3);
  b.publish(4);
  EXPECT_EQ(drained(merge), (Orders{2, 3, 4}));
  b.publish(10);
  EXPECT_EQ(drained(merge), Orders{6});
}

TEST(RingMerge, EqualOrdersOfTwoWorkersDoNotBlock) {
  EventRing a(8), b(8);
  RingMerge merge({&a, &b});
  push(a, 5);
  push(b, 5);
  push(b, 6);
  a.publish(dataplane::kFinished);
  b.publish(dataplane::kFinished);
  EXPECT_EQ(drained(merge), (Orders{5, 5, 6}));
  EXPECT_TRUE(merge.finished());
}

TEST(RingMerge, IsFinishedWhenAllHaveSaidSoAndAllIsRead) {
  EventRing a(8), b(8);
  RingMerge merge({&a, &b});
  push(a, 1);
  a.publish(dataplane::kFinished);
  EXPECT_EQ(drained(merge), Orders{});
  EXPECT_FALSE(merge.finished());
  b.publish(dataplane::kFinished);
  EXPECT_EQ(drained(merge), Orders{1});
  EXPECT_TRUE(merge.finished());
}

TEST(RingMerge, AnyInterleavingComesOutSortedAndWhole) {
  std::mt19937 random(2003);
  for (int round = 0; round < 300; ++round) {
    const std::size_t workers = 1 + random() % 5;
    std::vector<std::unique_ptr<EventRing>> rings;
    std::vector<EventRing*> pointers;
    for (std::size_t i = 0; i < workers; ++i) {
      pointers.push_back(rings.emplace_back(std::make_unique<EventRing>(4)).get());
    }
    RingMerge merge(pointers);
    const std::uint64_t frames = 200;
    std::vector<Orders> of_worker(workers);
    for (std::uint64_t order = 1; order <= frames; ++order) of_worker[random() % workers].push_back(order);

    Orders out;
    std::vector<std::size_t> next(workers, 0);
    while (!merge.finished()) {
      const std::size_t w = random() % workers;
      const Orders& own = of_worker[w];
      while (next[w] < own.size() && push(*pointers[w], own[next[w]])) ++next[w];
      pointers[w]->publish(next[w] < own.size() ? own[next[w]] - 1 : dataplane::kFinished);
      for (std::uint64_t order : drained(merge)) out.push_back(order);
    }
    Orders expected(frames);
    for (std::uint64_t i = 0; i < frames; ++i) expected[i] = i + 1;
    ASSERT_EQ(out, expected) << "round " << round;
  }
}

}  // namespace

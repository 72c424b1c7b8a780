// Live time in windows of a second: each event in its own, whatever the workers and shards do.
#include <gtest/gtest.h>

#include "aggregator/run_total.h"
#include "aggregator/window_merge.h"
#include "aggregator/windowed_shard.h"
#include "dataplane/event_ring.h"
#include "tests/support/events.h"

namespace tests {
namespace {

using aggregator::ClosedWindow;
using aggregator::RunTotal;
using aggregator::ShardSettings;
using aggregator::WindowedShard;
using aggregator::WindowMerge;
using dataplane::EventRing;
using dataplane::kFinished;

constexpr std::uint64_t kNs = 1'000'000'000;

// A SYN at this time.
void push_syn(EventRing& ring, std::uint64_t order, std::uint32_t client = 1) {
  dataplane::Event* event = ring.claim();
  ASSERT_NE(event, nullptr);
  *event = {};
  event->order = order;
  event->time_ns = static_cast<std::int64_t>(order);
  event->kind = dataplane::EventKind::kConnect;
  event->client = host(client);
  event->peer = host(99);
  event->detail.port = 80;
}

struct Counted {
  std::uint64_t window, events, syns;
  bool operator==(const Counted&) const = default;
};

std::vector<Counted> taken(WindowMerge& windows, WindowMerge::Last last = WindowMerge::Last::kLeave) {
  std::vector<Counted> counted;
  for (const ClosedWindow& window : windows.take_complete(last).windows)
    counted.push_back({window.window, window.events, window.counts ? window.counts->syn : 0});
  return counted;
}
using List = std::vector<Counted>;

aggregator::ShardWindow no_counts() {
  return aggregator::ShardWindow(aggregator::Correlate::kClient, 1);
}

class Windows : public testing::Test {
 protected:
  WindowedShard shard_of(std::vector<EventRing*> rings, unsigned number = 0) {
    ShardSettings settings;
    settings.shards = static_cast<unsigned>(windows_shards_);
    settings.clients = settings.names = settings.open_answers = 1 << 12;
    return WindowedShard(std::move(rings), settings, number, windows_, aggregator::Windows::kWithCounts);
  }
  static void poll_all(WindowedShard& shard) {
    for (int i = 0; i < 10; ++i) shard.poll();
  }

  unsigned windows_shards_ = 1;
  WindowMerge windows_{1, 1 << 12};
  EventRing first_{64};
  EventRing second_{64};
};

TEST_F(Windows, AWindowClosesWhenAllWorkersHavePassedIt) {
  WindowedShard shard = shard_of({&first_, &second_});
  push_syn(first_, 5 * kNs);
  push_syn(first_, 6 * kNs - 1);
  push_syn(first_, 6 * kNs);
  first_.publish(6 * kNs);
  poll_all(shard);
  EXPECT_EQ(taken(windows_), List{});  // The other may still send what is older.
  push_syn(second_, 5 * kNs + 3);
  second_.publish(6 * kNs - 2);
  poll_all(shard);
  EXPECT_EQ(taken(windows_), List{});
  second_.publish(6 * kNs - 1);
  poll_all(shard);
  EXPECT_EQ(taken(windows_), (List{{5, 3, 3}}));
}

TEST_F(Windows, AnIdleWorkerHoldsNothingBackOnceItHasSaidSo) {
  WindowedShard shard = shard_of({&first_, &second_});
  push_syn(first_, 5 * kNs);
  first_.publish(9 * kNs);
  second_.publish(7 * kNs);
  poll_all(shard);
  EXPECT_EQ(taken(windows_), (List{{5, 1, 1}}));
  EXPECT_EQ(windows_.complete_before(), 7U);
}

TEST_F(Windows, SecondsWithoutEventsArePassedOver) {
  WindowedShard shard = shard_of({&first_});
  push_syn(first_, 5 * kNs);
  push_syn(first_, 2'000'000'000 * kNs);
  first_.publish(2'000'000'001 * kNs);
  poll_all(shard);
  EXPECT_EQ(taken(windows_), (List{{5, 1, 1}, {2'000'000'000, 1, 1}}));
}

TEST_F(Windows, TheEndOfAllWorkersClosesTheLast) {
  WindowedShard shard = shard_of({&first_, &second_});
  push_syn(first_, 5 * kNs);
  first_.publish(kFinished);
  second_.publish(kFinished);
  poll_all(shard);
  EXPECT_TRUE(shard.finished());
  EXPECT_EQ(windows_.complete_before(), kFinished);
  EXPECT_EQ(taken(windows_), List{});
  EXPECT_EQ(taken(windows_, WindowMerge::Last::kTake), (List{{5, 1, 1}}));
}

// Between two looks of the control thread: what it has not taken is not passed over as quiet.
TEST(WindowMerge, ThatHasFinishedSaysNothingUntilTheLastIsWanted) {
  WindowMerge windows(1, 1 << 12);
  windows.add({.window = 5, .events = 1, .counts = no_counts(), .step = {}});
  windows.passed(0, 6);
  EXPECT_EQ(windows.take_complete(WindowMerge::Last::kLeave).before, 6U);
  windows.add({.window = 7, .events = 2, .counts = no_counts(), .step = {}});
  windows.passed(0, 9);
  windows.passed(0, kFinished);
  EXPECT_EQ(windows.take_complete(WindowMerge::Last::kLeave).before, 0U);
  const aggregator::CompleteWindows last = windows.take_complete(WindowMerge::Last::kTake);
  EXPECT_EQ(last.before, kFinished);
  EXPECT_EQ(last.windows.size(), 1U);
}

TEST(WindowMerge, AddsTheShardsAndWaitsForTheSlowest) {
  WindowMerge windows(2, 1 << 12);
  const auto window = [](std::uint64_t number, std::uint64_t events) {
    ClosedWindow closed{.window = number, .events = events, .counts = no_counts(), .step = {}};
    closed.counts->syn = 10 * events;
    return closed;
  };
  windows.add(window(3, 1));
  windows.passed(0, 4);
  EXPECT_EQ(taken(windows), List{});
  windows.add(window(2, 4));
  windows.add(window(3, 2));
  windows.passed(1, 3);
  EXPECT_EQ(taken(windows), (List{{2, 4, 40}}));
  windows.passed(1, 4);
  EXPECT_EQ(taken(windows), (List{{3, 3, 30}}));
}

TEST(WindowMerge, IfNobodyTakesThemMemoryStaysAndNothingIsLost) {
  constexpr std::uint64_t kSeconds = 1'000;
  constexpr std::size_t kClients = 5'000;
  WindowMerge windows(1, kClients);
  for (std::uint64_t second = 0; second < kSeconds; ++second) {
    ClosedWindow closed{.window = second, .events = 7, .counts = no_counts(), .step = {}};
    for (std::uint32_t i = 0; i < 100; ++i) {
      closed.counts->clients.rows.emplace_back();
      closed.counts->clients.rows.back().address = host(static_cast<std::uint32_t>(second) * 100 + i);
      closed.counts->clients.rows.back().queries = 1;
    }
    windows.add(std::move(closed));
    windows.passed(0, second + 1);
  }
  const aggregator::CompleteWindows complete = windows.take_complete(WindowMerge::Last::kLeave);
  EXPECT_FALSE(complete.exact) << "seconds that are missing were not quiet";
  const std::vector<ClosedWindow>& taken = complete.windows;
  EXPECT_EQ(taken.size(), WindowMerge::kMostOpen);
  std::uint64_t events = 0;
  std::uint64_t queries = 0;
  for (const ClosedWindow& window : taken) {
    events += window.events;
    queries += window.counts->clients.other.queries;
    for (const aggregator::ClientRow& row : window.counts->clients.rows) queries += row.queries;
    EXPECT_LE(window.counts->clients.rows.size(), 2 * kClients + 100);
    EXPECT_FALSE(window.exact);
  }
  EXPECT_EQ(events, 7 * kSeconds);
  EXPECT_EQ(queries, 100 * kSeconds);
  EXPECT_EQ(taken.back().window, kSeconds - 1);

  windows.add({.window = kSeconds, .events = 1, .counts = no_counts(), .step = {}});
  windows.passed(0, kSeconds + 1);
  const aggregator::CompleteWindows after = windows.take_complete(WindowMerge::Last::kLeave);
  EXPECT_TRUE(after.exact);
  EXPECT_TRUE(after.windows.at(0).exact);
}

// A shard that is ahead may have put a second together with one that is not complete yet.
TEST(WindowMerge, IsNotExactWhileASecondIsWithALaterOne) {
  WindowMerge windows(2, 10, 2);
  for (std::uint64_t second = 1; second <= 4; ++second)
    windows.add({.window = second, .events = 1, .counts = no_counts(), .step = {}});
  windows.passed(0, 5);
  windows.passed(1, 3);
  const aggregator::CompleteWindows some = windows.take_complete(WindowMerge::Last::kLeave);
  ASSERT_EQ(some.windows.size(), 1U);
  EXPECT_EQ(some.windows[0].window, 1U);
  EXPECT_FALSE(some.exact) << "second 2 is with 4";
  windows.passed(1, 5);
  const aggregator::CompleteWindows rest = windows.take_complete(WindowMerge::Last::kLeave);
  ASSERT_EQ(rest.windows.size(), 1U);
  EXPECT_EQ(rest.windows[0].window, 4U);
  EXPECT_EQ(rest.windows[0].events, 3U);
  EXPECT_FALSE(rest.exact);
}

// What windows a client's events fell into says nothing in the end, and clients beyond the bound are in the
// rest.
TEST(RunTotal, TellsApartAsManyClientsAsItMayAndLosesNoCount) {
  constexpr std::size_t kClients = 5'000;
  RunTotal total(aggregator::Correlate::kClient, 1, kClients);
  std::uint64_t connections = 0;
  for (std::uint32_t second = 0; second < 30; ++second) {
    aggregator::ShardWindow window(aggregator::Correlate::kClient, 1);
    for (std::uint32_t i = 0; i < 1'000; ++i) {
      aggregator::ClientRow row;
      row.address = host(second < 10 ? second * 500 + i : i * 7);
      row.connections = 1;
      ++connections;
      window.clients.rows.push_back(row);
    }
    total.add(window);
  }
  const aggregator::Summary summary = total.summarize({});
  std::uint64_t sum = summary.other_clients.connections;
  EXPECT_EQ(summary.other_clients_events, sum);
  for (const aggregator::ClientRow& row : summary.clients) sum += row.connections;
  EXPECT_EQ(sum, connections);
  EXPECT_GE(summary.clients.size(), kClients);
  EXPECT_LT(summary.clients.size(), 2 * kClients + 5'000);
}

}  // namespace
}  // namespace tests

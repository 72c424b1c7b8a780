#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "dataplane/tick_clock.h"

namespace dataplane {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(TickClock, TurnsTicksIntoTime) {
  const TickClock clock(1000, 5 * kSecond, 0.5);
  EXPECT_EQ(clock.time_ns(1000), 5 * kSecond);
  EXPECT_EQ(clock.time_ns(3000), 5 * kSecond + 1000);
  EXPECT_EQ(clock.time_ns(0), 5 * kSecond - 500);  // before it was set
  EXPECT_EQ(clock.time_ns(1000 + 200 * std::uint64_t{kSecond}), 105 * kSecond);
}

// A tick a nanosecond in truth, and so many parts in a million more by what was said at first.
TEST(TickClock, ComesNearTheSystemsClockAndStaysThere) {
  for (const double wrong_by : {-300e-6, -20e-6, 20e-6, 300e-6}) {
    TickClock clock(0, 0, 1 + wrong_by);
    std::int64_t before = -1;
    for (std::int64_t s = 1; s <= 120; ++s) {
      clock.steer(static_cast<std::uint64_t>(s * kSecond), s * kSecond);
      const std::int64_t now = clock.time_ns(static_cast<std::uint64_t>(s * kSecond));
      EXPECT_GT(now, before);
      before = now;
    }
    EXPECT_NEAR(static_cast<double>(before), 120e9, 5e9 * std::abs(wrong_by));
  }
}

TEST(TickClock, JumpsForwardButNeverBack) {
  TickClock clock(0, 100 * kSecond, 1);
  clock.steer(kSecond, 3600 * kSecond);
  EXPECT_EQ(clock.time_ns(kSecond), 3600 * kSecond);
  // Set back by an hour: it runs slower, and catches up in the end.
  std::int64_t before = clock.time_ns(kSecond);
  for (std::int64_t s = 2; s < 40'000; ++s) {
    clock.steer(static_cast<std::uint64_t>(s * kSecond), s * kSecond);
    const std::int64_t now = clock.time_ns(static_cast<std::uint64_t>(s * kSecond));
    ASSERT_GT(now, before);
    before = now;
  }
  EXPECT_NEAR(static_cast<double>(before), 39'999e9, 1e6);
}

TEST(TickClock, IsReadWhileItIsSteered) {
  TickClock clock(0, 0, 1);
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> wrong{0};
  std::jthread reader([&] {
    while (!stop) {
      const std::int64_t now = clock.time_ns(5 * kSecond);
      if (now < 4 * kSecond || now > 6 * kSecond) ++wrong;
    }
  });
  for (std::uint64_t i = 0; i < 100'000; ++i) clock.steer(i * 10'000, static_cast<std::int64_t>(i * 10'000));
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace dataplane

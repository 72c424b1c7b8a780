#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "dataplane/current.h"

namespace dataplane {
namespace {

// Says so when it is destroyed, and is then no value any more.
struct Watched {
  Watched(int number_now, std::atomic<int>& alive_now)
      : number(number_now), twice(2 * number_now), alive(alive_now) {
    ++alive;
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  ~Watched() {
    number = -1;
    twice = -1;
    --alive;
  }
  int number;
  int twice;
  std::atomic<int>& alive;
};

TEST(Current, ReadersFindTheNewest) {
  std::atomic<int> alive{0};
  Current<Watched> current(std::make_unique<Watched>(1, alive), 2);
  EXPECT_EQ(current.read(0).number, 1);
  current.replace(std::make_unique<Watched>(2, alive));
  EXPECT_EQ(current.read(0).number, 2);
  EXPECT_EQ(current.read(1).number, 2);
}

TEST(Current, AValueLivesAsLongAsAReaderHoldsIt) {
  std::atomic<int> alive{0};
  Current<Watched> current(std::make_unique<Watched>(1, alive), 2);
  const Watched& held = current.read(0);
  current.read(1);
  current.replace(std::make_unique<Watched>(2, alive));
  current.read(1);
  EXPECT_EQ(current.destroy_unread(), 1U);
  EXPECT_EQ(held.number, 1);
  EXPECT_EQ(alive, 2);
  current.read(0);
  EXPECT_EQ(current.destroy_unread(), 0U);
  EXPECT_EQ(alive, 1);
}

TEST(Current, AReaderThatHasLeftHoldsNothing) {
  std::atomic<int> alive{0};
  {
    Current<Watched> current(std::make_unique<Watched>(1, alive), 1);
    current.read(0);
    current.leave(0);
    current.replace(std::make_unique<Watched>(2, alive));
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

// What thread and address sanitizers look at: thousands of replacements under the readers' hands.
TEST(Current, NobodySeesAValueThatIsGoneOrHalf) {
  constexpr int kReplacements = 20'000;
  std::atomic<int> alive{0};
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> wrong{0};
  std::atomic<int> newest_seen{0};
  {
    Current<Watched> current(std::make_unique<Watched>(1, alive), 2);
    const auto read_on = [&](std::size_t reader) {
      for (int last = 0; !stop;) {
        const Watched& value = current.read(reader);
        const int number = value.number;
        if (number < last || value.twice != 2 * number) ++wrong;
        last = number;
        newest_seen = number;
      }
      current.leave(reader);
    };
    std::jthread first([&] { read_on(0); });
    std::jthread second([&] { read_on(1); });
    for (int i = 2; i <= kReplacements; ++i) current.replace(std::make_unique<Watched>(i, alive));
    while (newest_seen != kReplacements) std::this_thread::yield();
    stop = true;
    first.join();
    second.join();
    EXPECT_EQ(current.destroy_unread(), 0U);
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace dataplane

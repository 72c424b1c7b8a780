#include <array>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "dataplane/byte_source.h"
#include "tests/support/non_blocking_pipe.h"

namespace dataplane {
namespace {

TEST(FileSource, WaitsForAWriterThatIsSlowAlsoIfTheInputDoesNotBlock) {
  tests::NonBlockingPipe pipe(STDIN_FILENO);
  std::atomic<std::uint64_t> progress = 0;
  FileSource source("-", progress);
  std::jthread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(::write(pipe.other_end(), "abc", 3), 3);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    pipe.close_other_end();
  });
  std::array<std::uint8_t, 16> into;
  EXPECT_EQ(source.read(into), 3U);
  EXPECT_EQ(source.read(into), 0U);
  EXPECT_EQ(source.fault(), "");
  EXPECT_EQ(progress, 3U);
}

}  // namespace
}  // namespace dataplane

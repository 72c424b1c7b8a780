// Where frames stand in time, whatever their stamps say.
#include <vector>

#include <gtest/gtest.h>

#include "dataplane/capture_source.h"
#include "tests/support/capture_builder.h"
#include "tests/support/scratch_files.h"

namespace {

constexpr std::uint32_t kDay = 86'400;
constexpr std::uint32_t kStart = 1'000'000'000;

// The second that each frame is counted in, for frames with these stamps.
std::vector<std::uint64_t> seconds(const std::vector<std::uint32_t>& stamps) {
  tests::Pcap capture;
  for (const std::uint32_t stamp : stamps) capture.frame(stamp, 0, tests::payload("x"));
  const tests::ScratchDirectory directory;
  dataplane::CaptureReader reader({directory.write("file", capture.bytes())});
  dataplane::CaptureSource source(reader);
  std::vector<std::uint64_t> seconds;
  for (auto burst = source.receive(); !burst.empty(); burst = source.receive()) {
    for (const wire::Frame& frame : burst) seconds.push_back(dataplane::packet_window_of(frame.order));
  }
  return seconds;
}

using Seconds = std::vector<std::uint64_t>;

TEST(CaptureSource, ATimeThatGoesBackStaysInTheLatestSecond) {
  EXPECT_EQ(seconds({kStart, kStart + 5, kStart + 2, kStart + 6}),
            (Seconds{kStart, kStart + 5, kStart + 5, kStart + 6}));
}

TEST(CaptureSource, AFrameAloneInTheFutureDoesNotTakeTheRestThere) {
  EXPECT_EQ(seconds({kStart, kStart + 2 * kDay, kStart + 1, kStart + 2}),
            (Seconds{kStart, kStart, kStart + 1, kStart + 2}));
  EXPECT_EQ(seconds({kStart, 0xFFFFFFF0, kStart + 1}), (Seconds{kStart, kStart, kStart + 1}));
}

TEST(CaptureSource, ACaptureThatGoesOnDaysLaterDoes) {
  EXPECT_EQ(seconds({0, kStart, kStart + 2 * kDay, kStart + 2 * kDay + 1}),
            (Seconds{0, kStart, kStart + 2 * kDay, kStart + 2 * kDay + 1}));
}

}  // namespace

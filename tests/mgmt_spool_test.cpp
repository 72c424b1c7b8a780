// The spool on disk: whole records whatever ends the program, no more octets than it may have, every frame
// counted.
#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "mgmt/spool/spool.h"
#include "mgmt/spool/spool_error.h"
#include "tests/support/program.h"
#include "tests/support/spool_frames.h"

namespace tests {
namespace {

using mgmt::Spool;

class SpoolTest : public testing::Test {
 protected:
  SpoolTest() {
    settings_.folder = scratch_.path("spool");
    settings_.rotate_bytes = 1 << 20;
    settings_.max_bytes = 8 << 20;
  }

  std::unique_ptr<Spool> spool(std::vector<dataplane::FrameTap*> taps,
                               std::unique_ptr<mgmt::HiddenFrames> hidden = nullptr) {
    const auto say = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      said_ += line + "\n";
    };
    return std::make_unique<Spool>(settings_, std::move(taps), say, nullptr, std::move(hidden));
  }

  std::string said() {
    const std::lock_guard lock(mutex_);
    return said_;
  }

  std::vector<std::string> files(const std::string& ending) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(settings_.folder)) {
      if (entry.path().string().ends_with(ending)) found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
  }
  std::uint64_t disk_bytes() const {
    std::uint64_t bytes = 0;
    for (const std::string& file : files("")) {
      std::error_code removed;  // meanwhile
      const std::uint64_t size = std::filesystem::file_size(file, removed);
      if (!removed) bytes += size;
    }
    return bytes;
  }
  CutSlice all() const { return cut(slice_of(settings_.folder, 0, 1'000'000'000)); }

  ScratchDirectory scratch_;
  mgmt::SpoolSettings settings_;

 private:
  std::mutex mutex_;
  std::string said_;
};

// Waits while the ring is full, as no worker does.
void offer(dataplane::FrameTap& tap, const FrameCopy& frame) {
  for (std::uint64_t dropped = tap.dropped();; dropped = tap.dropped()) {
    tap.offer(view_of(frame), wire::Verdict::kDns);
    tap.publish();
    if (tap.dropped() == dropped) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST_F(SpoolTest, KeepsWhatTheTapsGiveAndIsAPartUntilTheEnd) {
  dataplane::FrameTap one({}), two({});
  const auto keeper = spool({&one, &two});
  EXPECT_TRUE(one.on() && two.on());
  std::vector<FrameCopy> frames;
  for (int ms = 0; ms < 5000; ++ms) {
    frames.push_back(spool_frame(ms, "10.1.0.1"));
    offer(ms % 2 == 0 ? one : two, frames.back());
  }
  ASSERT_TRUE(eventually([&] { return keeper->state().written == 5000; }));
  EXPECT_EQ(files(".pcap.part").size(), 2U);
  EXPECT_EQ(all().capture, frames) << "while it is written";
  keeper->end();
  EXPECT_EQ(files(".pcap.part").size(), 0U);
  EXPECT_EQ(files(".pcap").size(), 2U);
  EXPECT_EQ(all().capture, frames);
  EXPECT_EQ(keeper->state().bytes, disk_bytes());
  EXPECT_EQ(keeper->state().files, 2U);
  EXPECT_EQ(said(), "");
}

// One without addresses hides nobody and is not kept; the index knows the hidden ones.
TEST_F(SpoolTest, KeepsTheHiddenFramesAndSaysSoInTheNamesOfItsFiles) {
  dataplane::FrameTap tap({});
  const auto keeper =
      spool({&tap}, std::make_unique<mgmt::HiddenFrames>(mgmt::Hiding(mgmt::PrivacyKey(), nullptr)));
  for (int ms = 0; ms < 1000; ++ms) offer(tap, spool_frame(ms, "10.1.0.1"));
  FrameCopy arp = spool_frame(1000, "10.1.0.1");
  arp.bytes[13] = 0x06;
  offer(tap, arp);
  keeper->end();
  EXPECT_EQ(keeper->state().written, 1000U);
  EXPECT_EQ(keeper->state().not_selected, 1U);
  const std::string mark = mgmt::key_mark(mgmt::PrivacyKey().octets);
  EXPECT_EQ(files("-hidden-" + mark + ".pcap").size(), 1U);
  EXPECT_EQ(files(".pcap").size(), 1U);
  mgmt::SliceQuery query = slice_of(settings_.folder, 0, 2000);
  query.host = address("10.1.0.1");
  EXPECT_EQ(cut(query).frames, 0U);
  query.host = mgmt::Hiding(mgmt::PrivacyKey(), nullptr).address(*query.host);
  EXPECT_EQ(cut(query).frames, 1000U);
}

TEST_F(SpoolTest, TakesNothingWhileItIsStopped) {
  settings_.enabled = false;
  dataplane::FrameTap tap({});
  const auto keeper = spool({&tap});
  EXPECT_FALSE(tap.on());
  EXPECT_FALSE(keeper->state().on);
  keeper->turn(true);
  EXPECT_TRUE(tap.on());
}

TEST_F(SpoolTest, IsRotatedAndNeverLargerThanItMayBe) {
  dataplane::FrameTap tap({});
  const auto keeper = spool({&tap});
  for (int ms = 0; ms < 30'000; ++ms) {
    offer(tap, spool_frame(ms, "10.1.0.1", 1000));
    if (ms % 1000 == 0) {
      EXPECT_LE(disk_bytes(), settings_.max_bytes);
    }
  }
  keeper->end();
  EXPECT_LE(disk_bytes(), settings_.max_bytes);
  EXPECT_GT(disk_bytes(), settings_.max_bytes / 2);
  EXPECT_EQ(keeper->state().bytes, disk_bytes());
  for (const std::string& file : files(".pcap"))
    EXPECT_LE(std::filesystem::file_size(file), settings_.rotate_bytes);
  const CutSlice slice = all();
  EXPECT_EQ(slice.capture.back(), spool_frame(29'999, "10.1.0.1", 1000)) << "the oldest went";
  EXPECT_EQ(slice.capture.front().time_ns + static_cast<std::int64_t>(slice.frames - 1) * 1'000'000,
            slice.capture.back().time_ns);
}

TEST_F(SpoolTest, IsRotatedByTime) {
  settings_.rotate_ns = 50'000'000;
  dataplane::FrameTap tap({});
  const auto keeper = spool({&tap});
  offer(tap, spool_frame(0, "10.1.0.1"));
  EXPECT_TRUE(eventually([&] { return files(".pcap").size() == 1; }));
}

TEST_F(SpoolTest, AnotherOneInTheSameFolderIsRefused) {
  dataplane::FrameTap tap({});
  const auto keeper = spool({&tap});
  try {
    spool({&tap});
    FAIL();
  } catch (const mgmt::SpoolError& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("another tapline keeps its frames in "));
  }
}

// Cut at every octet of the last record, and with an index that is behind, torn or gone.
TEST_F(SpoolTest, WhatADeadProgramLeftIsClosedWithoutItsTornRecord) {
  std::vector<FrameCopy> frames;
  frames.reserve(6000);
  for (int ms = 0; ms < 6000; ++ms) frames.push_back(spool_frame(ms, "10.1.0." + std::to_string(ms % 200)));
  const std::size_t record = mgmt::kPcapRecordBytes + frames.back().bytes.size();
  const std::vector<FrameCopy> but_one(frames.begin(), frames.end() - 1);
  for (std::size_t cut_off = 1; cut_off <= record; cut_off += 7) {
    std::filesystem::remove_all(settings_.folder);
    std::filesystem::create_directory(settings_.folder);
    const std::string base = settings_.folder + "/spool-00-x";
    write_spool_file(base, frames, false);
    std::filesystem::resize_file(base + ".pcap.part",
                                 std::filesystem::file_size(base + ".pcap.part") - cut_off);
    const auto times = std::filesystem::file_size(base + ".times");
    ASSERT_GT(times, 80U);
    if (cut_off % 3 == 0) std::filesystem::remove(base + ".times");
    if (cut_off % 3 == 1) std::filesystem::resize_file(base + ".times", times - 13);
    EXPECT_EQ(all().capture, but_one) << "read as it is";
    spool({})->end();
    EXPECT_EQ(files(".pcap.part").size(), 0U);
    EXPECT_EQ(std::filesystem::file_size(base + ".pcap"), mgmt::kPcapHeaderBytes + but_one.size() * record);
    const CutSlice slice = all();
    ASSERT_EQ(slice.capture, but_one) << cut_off;
    EXPECT_TRUE(slice.complaints.empty());
    mgmt::SliceQuery few = slice_of(settings_.folder, 5000, 5001);
    EXPECT_LT(cut(few).bytes_read, 3 * mgmt::kSpoolBlockBytes) << "the index is whole again";
  }
}

TEST_F(SpoolTest, APartWithoutAFrameIsRemovedAndWhatIsNoCaptureStays) {
  std::filesystem::create_directory(settings_.folder);
  write_spool_file(settings_.folder + "/spool-00-empty", {}, false);
  std::ofstream(settings_.folder + "/spool-00-short.pcap.part") << "\xD4";
  std::ofstream(settings_.folder + "/spool-00-other.pcap.part") << std::string(1000, 'x');
  std::ofstream(settings_.folder + "/notes.txt") << "mine";
  const CutSlice slice = all();
  EXPECT_TRUE(slice.capture.empty());
  ASSERT_EQ(slice.complaints.size(), 1U) << "of what the sensor was killed at nothing is said";
  EXPECT_NE(slice.complaints[0].find("spool-00-other.pcap.part: is no capture of the spool"),
            std::string::npos)
      << slice.complaints[0];
  spool({})->end();
  EXPECT_EQ(files(".part").size(), 1U);
  EXPECT_NE(said().find("spool-00-other.pcap.part was left open and stays so: is no capture of the spool"),
            std::string::npos)
      << said();
  EXPECT_EQ(files(".txt").size(), 1U);
}

// By the limit on the size of a file, which is met as a full disk is.
TEST_F(SpoolTest, WhatTheDiskDoesNotTakeIsCountedAndItGoesOnWhenItDoes) {
  dataplane::FrameTap tap({});
  const auto keeper = spool({&tap});
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {100'000, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  for (int ms = 0; ms < 3000; ++ms) offer(tap, spool_frame(ms, "10.1.0.1", 1000));
  const bool lost = eventually([&] { return keeper->state().lost >= 2000; });
  setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_TRUE(lost) << said();
  EXPECT_NE(keeper->state().trouble.find("cannot be written: "), std::string::npos)
      << keeper->state().trouble;
  for (int ms = 3000; ms < 4000; ++ms) offer(tap, spool_frame(ms, "10.1.0.1", 1000));
  keeper->end();
  const aggregator::LiveSpool state = keeper->state();
  EXPECT_EQ(state.trouble, "");
  EXPECT_EQ(state.written + state.lost, 4000U);
  const CutSlice slice = all();
  EXPECT_EQ(slice.frames, state.written);
  EXPECT_TRUE(slice.complaints.empty());
  EXPECT_NE(said().find("all is well again"), std::string::npos) << said();
}

TEST_F(SpoolTest, WhoseFolderIsRemovedSaysSoAndGoesOnWhenItIsThereAgain) {
  dataplane::FrameTap tap({});
  const auto kept = spool({&tap});
  offer(tap, spool_frame(0, "10.1.0.1"));
  ASSERT_TRUE(eventually([&] { return kept->state().written == 1; }));
  std::filesystem::rename(settings_.folder, scratch_.path("elsewhere"));
  ASSERT_TRUE(eventually([&] {
    offer(tap, spool_frame(1, "10.1.0.1"));
    return kept->state().lost > 0;
  }));
  EXPECT_NE(kept->state().trouble.find("No such file"), std::string::npos) << kept->state().trouble;
  std::filesystem::rename(scratch_.path("elsewhere"), settings_.folder);
  ASSERT_TRUE(eventually([&] {
    offer(tap, spool_frame(2, "10.1.0.1"));
    return kept->state().trouble.empty();
  }));
  kept->end();
  EXPECT_EQ(kept->state().written + kept->state().lost, tap.offered());
}

}  // namespace
}  // namespace tests

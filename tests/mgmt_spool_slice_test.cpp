// Slices of a spool: exactly the frames of the time and the host, without reading the rest; and indexes that
// lie.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "mgmt/spool/spool_error.h"
#include "tests/support/program.h"
#include "tests/support/spool_frames.h"

namespace tests {
namespace {

class SpoolSlice : public testing::Test {
 protected:
  std::string folder() const { return scratch_.path(""); }
  std::string base(const std::string& name) const { return scratch_.path("spool-" + name); }

  ScratchDirectory scratch_;
};

// One frame a millisecond, of four hosts in turn.
std::vector<FrameCopy> four_hosts(std::int64_t from_ms, std::int64_t to_ms, std::int64_t step = 1) {
  std::vector<FrameCopy> frames;
  for (std::int64_t ms = from_ms; ms < to_ms; ms += step)
    frames.push_back(spool_frame(ms, "10.1.0." + std::to_string(1 + ms % 4)));
  return frames;
}

TEST_F(SpoolSlice, HasTheFramesFromTheOneTimeToBeforeTheOther) {
  const std::vector<FrameCopy> frames = four_hosts(0, 20'000);
  write_spool_file(base("00-a"), frames);
  const CutSlice slice = cut(slice_of(folder(), 5000, 5100));
  EXPECT_EQ(slice.capture, std::vector<FrameCopy>(frames.begin() + 5000, frames.begin() + 5100));
  EXPECT_TRUE(slice.complaints.empty());
}

TEST_F(SpoolSlice, MergesTheFilesOfSeveralWorkersByTime) {
  write_spool_file(base("00-a"), four_hosts(0, 9000, 3));
  write_spool_file(base("01-a"), four_hosts(1, 9000, 3));
  write_spool_file(base("02-a"), four_hosts(2, 9000, 3), false);  // is written just now
  EXPECT_EQ(cut(slice_of(folder(), 100, 8000)).capture, four_hosts(100, 8000));
}

TEST_F(SpoolSlice, OfAHostHasItsFramesAndLooksIntoNoBlockThatIsOfOthers) {
  std::vector<FrameCopy> frames = four_hosts(0, 30'000);
  frames[20'000] = spool_frame(20'000, "10.1.7.7");
  write_spool_file(base("00-a"), frames);
  mgmt::SliceQuery query = slice_of(folder(), 0, 30'000);
  const std::uint64_t whole = cut(query).bytes_read;
  query.host = address("10.1.7.7");
  const CutSlice slice = cut(query);
  EXPECT_EQ(slice.capture, std::vector<FrameCopy>{frames[20'000]});
  EXPECT_LT(slice.bytes_read, whole / 4);
  query.host = address("10.9.9.9");
  EXPECT_EQ(cut(query).frames, 30'000U);
  query.host = address("10.1.7.8");
  EXPECT_EQ(cut(query).frames, 0U);
}

// Who it was is asked in the clear, of files from before [privacy] hid hosts and from since.
TEST_F(SpoolSlice, OfAHostHasItsFramesAlsoFromFilesWhereItIsHidden) {
  const FrameCopy clear = spool_frame(1, "10.1.7.7"), hidden = spool_frame(2, "10.2.8.8"),
                  other = spool_frame(3, "10.1.7.7");
  write_spool_file(base("00-a"), {clear, hidden});
  write_spool_file(base("00-b-hidden-k1"), {hidden, other});
  mgmt::SliceQuery query = slice_of(folder(), 0, 1000);
  query.host = address("10.1.7.7");
  EXPECT_EQ(cut(query).capture, (std::vector{clear, other})) << "without a key it is asked for as it is";
  query.hidden_host = address("10.2.8.8");
  query.key_mark = "k1";
  EXPECT_EQ(cut(query).capture, (std::vector{clear, hidden}));
  write_spool_file(base("00-c-hidden-k2-3"), {hidden});
  const CutSlice slice = cut(query);
  EXPECT_EQ(slice.capture, (std::vector{clear, hidden})) << "by another key it is somebody else";
  ASSERT_EQ(slice.complaints.size(), 1U);
  EXPECT_NE(slice.complaints[0].find("another key"), std::string::npos) << slice.complaints[0];
}

// 400 MB of frames, of which a second is asked for: what is read has the size of what is written.
TEST_F(SpoolSlice, ASmallOneOfMuchIsCutWithoutReadingTheRest) {
  constexpr int kFiles = 8;
  for (int file = 0; file < kFiles; ++file) {
    std::vector<FrameCopy> frames;
    frames.reserve(40'000);
    for (int i = 0; i < 40'000; ++i) frames.push_back(spool_frame(file * 40'000 + i, "10.1.0.1", 1200));
    write_spool_file(base("00-" + std::to_string(file)), frames);
  }
  const auto begin = std::chrono::steady_clock::now();
  const CutSlice slice = cut(slice_of(folder(), 100'500, 100'600));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  RecordProperty("milliseconds", std::to_string(took.count()));
  std::printf("%llu octets read in %.1f ms\n", static_cast<unsigned long long>(slice.bytes_read),
              took.count());
  EXPECT_EQ(slice.frames, 100U);
  EXPECT_EQ(slice.files, 1U);
  EXPECT_LT(slice.bytes_read, 3 * mgmt::kSpoolBlockBytes);
}

// As power loss may leave it: the index knows of frames that are gone.
TEST_F(SpoolSlice, APartThatLostItsFramesIsSaid) {
  write_spool_file(base("00-a"), four_hosts(0, 20'000), false);
  std::filesystem::resize_file(base("00-a.pcap.part"), 10);
  const CutSlice slice = cut(slice_of(folder(), 0, 20'000));
  EXPECT_EQ(slice.frames, 0U);
  ASSERT_EQ(slice.complaints.size(), 1U);
  EXPECT_NE(slice.complaints[0].find("is no capture of the spool; it is left out"), std::string::npos)
      << slice.complaints[0];
}

TEST_F(SpoolSlice, NothingAskedForIsACaptureWithoutFrames) {
  EXPECT_EQ(cut(slice_of(folder(), 0, 1)).octets.size(), mgmt::kPcapHeaderBytes);
}

TEST_F(SpoolSlice, AFolderThatIsNotThereIsSaid) {
  try {
    cut(slice_of(scratch_.path("none"), 0, 1));
    FAIL();
  } catch (const mgmt::SpoolError& error) {
    EXPECT_NE(std::string(error.what()).find("none cannot be read: No such file or directory"),
              std::string::npos);
  }
}

TEST_F(SpoolSlice, WithoutItsIndexAFileIsReadWhole) {
  write_spool_file(base("00-a"), four_hosts(0, 5000));
  std::filesystem::remove(base("00-a.times"));
  const CutSlice slice = cut(slice_of(folder(), 1000, 2000));
  EXPECT_EQ(slice.capture, four_hosts(1000, 2000));
  ASSERT_EQ(slice.complaints.size(), 1U);
  EXPECT_TRUE(slice.complaints[0].ends_with(
      "spool-00-a.times: cannot be opened: No such file or directory; its capture is read whole"))
      << slice.complaints[0];
}

TEST_F(SpoolSlice, OfADamagedCaptureComesWhatIsBeforeAndTheOtherFiles) {
  write_spool_file(base("00-a"), four_hosts(0, 1000));
  write_spool_file(base("01-a"), four_hosts(2000, 3000));
  std::fstream file(base("00-a.pcap"), std::ios::in | std::ios::out | std::ios::binary);
  const std::size_t record = mgmt::kPcapRecordBytes + spool_frame(0, "10.1.0.1").bytes.size();
  file.seekp(static_cast<std::streamoff>(mgmt::kPcapHeaderBytes + 500 * record));
  file << std::string(16, '\xFF');
  file.close();
  const CutSlice slice = cut(slice_of(folder(), 0, 9000));
  EXPECT_EQ(slice.frames, 1500U);
  ASSERT_EQ(slice.complaints.size(), 1U);
  EXPECT_NE(slice.complaints[0].find("so the file is damaged here; what is behind is left out"),
            std::string::npos);
}

TEST_F(SpoolSlice, ABlockThatLiesAboutItsTimeIsNotBelieved) {
  write_spool_file(base("00-a"), four_hosts(0, 9000));
  std::string times = contents_of(base("00-a.times"));
  ASSERT_GT(times.size(), 120U);
  for (std::size_t block = 40; block < times.size(); block += 40)  // its latest time becomes its earliest
    times.replace(block + 24, 8, times, block + 16, 8);
  std::ofstream(base("00-a.times"), std::ios::binary) << times;
  const CutSlice slice = cut(slice_of(folder(), 3000, 4000));
  EXPECT_EQ(slice.capture, four_hosts(3000, 4000));
  ASSERT_EQ(slice.complaints.size(), 1U);
  EXPECT_NE(slice.complaints[0].find("is damaged in its block 0; its capture is read whole"),
            std::string::npos);
}

TEST_F(SpoolSlice, AFilterThatLiesAboutItsHostsIsNotBelieved) {
  write_spool_file(base("00-a"), four_hosts(0, 9000));
  std::string hosts = contents_of(base("00-a.hosts"));
  constexpr std::size_t kStored = mgmt::HostFilter::kBytes + 8;
  for (std::size_t block = 0; block < hosts.size(); block += kStored)
    hosts.replace(block, mgmt::HostFilter::kBytes, mgmt::HostFilter::kBytes, '\0');
  std::ofstream(base("00-a.hosts"), std::ios::binary) << hosts;
  mgmt::SliceQuery query = slice_of(folder(), 0, 9000);
  query.host = address("10.1.0.2");
  EXPECT_EQ(cut(query).frames, 2250U);
}

TEST(HostFilter, HoldsAllThatWereAddedAndSeemsToHoldFewOthers) {
  mgmt::HostFilter filter;
  const auto host = [](int number) {
    return address("10." + std::to_string(number / 65536) + "." + std::to_string(number / 256 % 256) + "." +
                   std::to_string(number % 256));
  };
  for (int i = 0; i < 3000; ++i) filter.add(host(i));
  int others = 0;
  for (int i = 0; i < 3000; ++i) {
    EXPECT_TRUE(filter.may_hold(host(i))) << i;
    others += filter.may_hold(host(1'000'000 + i));
  }
  EXPECT_LT(others, 60);
}

// Octets of the indexes and of the capture are changed, cut and added to at random: every answer is a sound
// capture with no frame that was not asked for, in bounded work; with the capture left alone nothing is
// missing either.
TEST_F(SpoolSlice, IndexesThatLieMakeItSlowerAndNothingWorse) {
  std::mt19937 random(7);
  const std::vector<FrameCopy> frames = four_hosts(0, 9000);
  write_spool_file(base("00-a"), frames);
  std::map<std::string, std::string> sound;
  for (const char* ending : {".times", ".hosts", ".pcap"})
    sound[base("00-a") + ending] = contents_of(base("00-a") + ending);
  mgmt::SliceQuery query = slice_of(folder(), 3000, 4000);
  query.host = address("10.1.0.2");
  const CutSlice truth = cut(query);
  ASSERT_EQ(truth.frames, 250U);
  unsigned complained = 0;
  for (int round = 0; round < 400; ++round) {
    const bool capture_too = round % 4 == 3;
    for (const auto& [path, octets] : sound) {
      std::string mutated = octets;
      if (path.ends_with(".pcap") && !capture_too) {
        std::ofstream(path, std::ios::binary) << mutated;
        continue;
      }
      for (unsigned change = random() % 4; change > 0; --change) {
        if (mutated.empty()) break;
        switch (random() % 3) {
          case 0:
            mutated[random() % std::min<std::size_t>(mutated.size(), 400)] = static_cast<char>(random());
            break;
          case 1:
            mutated.resize(random() % mutated.size());
            break;
          default:
            mutated += std::string(random() % 100, static_cast<char>(random()));
        }
      }
      std::ofstream(path, std::ios::binary) << mutated;
    }
    const CutSlice slice = cut(query);
    EXPECT_LE(slice.bytes_read,
              2 * (sound.size() + sound[base("00-a.pcap")].size() + sound[base("00-a.hosts")].size()));
    complained += !slice.complaints.empty();
    if (!capture_too) {
      ASSERT_EQ(slice.capture, truth.capture) << "round " << round;
    }
    for (const FrameCopy& frame : slice.capture)
      ASSERT_TRUE(frame.time_ns >= query.from_ns && frame.time_ns < query.to_ns);
  }
  EXPECT_GT(complained, 100U);
}

}  // namespace
}  // namespace tests

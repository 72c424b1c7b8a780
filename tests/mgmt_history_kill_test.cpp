// The history survives its writer's end at any instant, and a disk that is full.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mgmt/history/store.h"
#include "mgmt/history/writer.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using aggregator::SeriesStep;
using mgmt::HistoryReader;

// A number that a child process counts and its parent reads, also once the child was killed.
class SharedCount {
 public:
  SharedCount()
      : count_(new (mmap(nullptr, sizeof(Count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                   Count(0)) {}
  ~SharedCount() { munmap(count_, sizeof(Count)); }
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;

  void set(std::uint64_t value) { *count_ = value; }
  std::uint64_t value() const { return *count_; }

 private:
  using Count = std::atomic<std::uint64_t>;
  Count* count_;
};

// Runs `work` in a process of its own.
pid_t in_child(const std::function<int()>& work) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  _exit(work());
}

int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::uint64_t minutes_in(HistoryReader& reader, SeriesStep step) {
  mgmt::HistoryQuery query;
  query.step = step;
  query.range.limit = 1'000'000;
  return total(reader.steps(query));
}

TEST(HistoryKill, AHundredTimesAtAnyMomentNothingThatWasWrittenIsLost) {
  const ScratchDirectory scratch;
  mgmt::HistorySettings settings;
  settings.folder = scratch.path("state");
  SharedCount begun;    // the next minute to be written
  SharedCount written;  // all before this one are
  std::uint64_t next = kMidnight;
  std::mt19937 random(1);
  int in_the_middle = 0;
  for (int round = 0; round < 100; ++round) {
    begun.set(next);
    written.set(next);
    const pid_t child = in_child([&] {
      mgmt::HistoryStore store(settings);
      for (std::uint64_t begin = next;; begin += 60) {
        begun.set(begin + 60);
        const auto minute = minute_at(begin);
        store.write({{&minute, 1}, {}, {}});
        written.set(begin + 60);
        store.trim();
      }
      return 0;
    });
    // While it begins, or after some minutes.
    const std::uint64_t enough = next + (round % 4 == 0 ? 0 : 60 * (1 + random() % 8));
    ASSERT_TRUE(eventually([&] { return written.value() >= enough; }));
    usleep(static_cast<useconds_t>(random() % (round % 4 == 0 ? 40'000 : 3'000)));
    kill(child, SIGKILL);
    ASSERT_EQ(status_of(child), -1) << "it ended before it was killed";
    in_the_middle += written.value() != begun.value();

    std::uint64_t until = next;
    if (std::filesystem::exists(mgmt::history_file(settings.folder))) {
      mgmt::HistoryStore after(settings);  // as the next start does
      ASSERT_EQ(after.set_aside(), "") << "round " << round;
      HistoryReader reader(settings.folder);
      ASSERT_EQ(reader.damage(), "");
      mgmt::HistoryQuery newest;
      newest.range.limit = 1;
      const auto rows = reader.steps(newest).rows;
      if (!rows.empty()) until = std::max(until, rows[0].begin + 60);
      ASSERT_GE(until, written.value()) << "what was written is there";
      ASSERT_LE(until, begun.value());
      EXPECT_EQ(minutes_in(reader, SeriesStep::kHour), minutes_in(reader, SeriesStep::kMinute));
      EXPECT_EQ(minutes_in(reader, SeriesStep::kDay), minutes_in(reader, SeriesStep::kMinute));
    }
    if (until > kMidnight) next = until + 600;  // the next run begins ten minutes later
  }
  EXPECT_GT(in_the_middle, 20) << "else the kills prove little";
  mgmt::HistoryStore last(settings);
  const auto minute = minute_at(next);
  last.write({{&minute, 1}, {}, {}});
  const auto gaps = HistoryReader(settings.folder).gaps({}).rows;
  EXPECT_GE(gaps.size(), 75U);
  for (const mgmt::HistoryGap& gap : gaps) {
    EXPECT_EQ((gap.end - gap.begin) % 600, 0U);
    EXPECT_EQ(gap.why, "killed");
  }
  const std::uint64_t covered = (next + 60 - kMidnight) / 60;
  std::uint64_t missing = 0;
  for (const mgmt::HistoryGap& gap : gaps) missing += (gap.end - gap.begin) / 60;
  HistoryReader reader(settings.folder);
  EXPECT_EQ(minutes_in(reader, SeriesStep::kMinute) + missing, covered)
      << "every minute is a row or in a gap";
}

// A writer whose disk fills up and is freed again. In a process with mounts of its own; returns its status.
int write_to_a_full_disk(const std::string& disk) {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") != 0)
    return 77;
  const std::string ballast = disk + "/ballast";
  const auto fill = [&] {
    std::ofstream out(ballast, std::ios::binary | std::ios::app);
    const std::string block(1024, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  };
  std::vector<std::string> said;
  std::mutex mutex;
  mgmt::HistoryWriterSettings settings;
  settings.store.folder = disk + "/state";
  settings.most_waiting = 10;
  settings.retry = std::chrono::milliseconds(20);
  std::uint64_t next = kMidnight;
  bool failed = false;
  const auto expect = [&](bool holds, const char* what) {
    if (!holds) std::fprintf(stderr, "not true: %s\n", what), failed = true;
  };
  {
    mgmt::HistoryWriter writer(settings, [&](const std::string& sentence) {
      const std::lock_guard lock(mutex);
      said.push_back(sentence);
    });
    const auto put = [&](int minutes) {
      for (int i = 0; i < minutes; ++i, next += 60) {
        writer.put(minute_at(next), {finding_at(1, static_cast<std::int64_t>(kMidnight))});
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    };
    for (int round = 0; round < 3; ++round) {
      put(5);
      expect(eventually([&] { return writer.progress().waiting == 0; }), "an empty disk takes all");
      fill();
      for (int tries = 0; tries < 2000 && !writer.progress().failing; ++tries) put(1);
      expect(writer.progress().failing, "a full disk is noticed");
      const std::uint64_t given_up = writer.progress().given_up;
      put(50);
      expect(writer.progress().waiting <= 10 + 16, "the queue is bounded");
      expect(writer.progress().given_up > given_up, "what finds no room is given up");
      std::filesystem::remove(ballast);
      expect(eventually([&] { return !writer.progress().failing; }), "it goes on once there is room");
      expect(eventually([&] { return writer.progress().waiting == 0; }), "what waited is written");
    }
    put(1);
    expect(writer.finish(std::chrono::seconds(10)), "it ends in order");
  }
  expect(said.size() == 6, "it is said once that it fails, and once that it goes on");
  for (const std::string& sentence : said) std::fprintf(stderr, "%s\n", sentence.c_str());
  HistoryReader reader(settings.store.folder);
  expect(reader.damage().empty(), "the file is sound");
  std::uint64_t missing = 0;
  const auto gaps = reader.gaps({}).rows;
  for (const mgmt::HistoryGap& gap : gaps) {
    missing += (gap.end - gap.begin) / 60;
    expect(gap.why == "unwritten", "the gap says why");
  }
  expect(gaps.size() == 3, "a gap for each time");
  expect(minutes_in(reader, SeriesStep::kMinute) + missing == (next - kMidnight) / 60,
         "every minute is a row or in a gap");
  expect(minutes_in(reader, SeriesStep::kDay) == minutes_in(reader, SeriesStep::kMinute),
         "nothing counts twice");
  expect(reader.findings({}).rows.size() == 1, "findings are kept");
  return failed ? 1 : 0;
}

TEST(HistoryDisk, ThatIsFullLosesOnlyWhatCannotWaitAndTheGapIsThere) {
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.path("disk"));
  const int status = status_of(in_child([&] { return write_to_a_full_disk(scratch.path("disk")); }));
  if (status == 77) GTEST_SKIP() << "needs root, to mount a small disk";
  EXPECT_EQ(status, 0);
}

// Capture goes on where there is no room even to begin.
TEST(HistoryDisk, ThatIsFullFromTheStartIsTriedAgain) {
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.path("disk"));
  const int status = status_of(in_child([&] {
    const std::string disk = scratch.path("disk");
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0)
      return 77;
    std::filesystem::create_directory(disk + "/state");
    std::ofstream(disk + "/state/history.lock").flush();
    shell("head -c 2000000 /dev/zero > " + disk + "/ballast 2>/dev/null");
    mgmt::HistoryWriterSettings settings;
    settings.store.folder = disk + "/state";
    settings.retry = std::chrono::milliseconds(20);
    std::atomic<int> said = 0;
    mgmt::HistoryWriter writer(settings, [&](const std::string&) { ++said; });
    writer.put(minute_at(kMidnight), {});
    if (said != 1) return 2;
    std::filesystem::remove(disk + "/ballast");
    return writer.finish(std::chrono::seconds(10)) && writer.progress().written == 1 ? 0 : 3;
  }));
  if (status == 77) GTEST_SKIP() << "needs root, to mount a small disk";
  EXPECT_EQ(status, 0);
}

// How long it takes to hand over a thousand while the writer waits for the database.
std::chrono::steady_clock::duration handing_over_while_it_waits() {
  const ScratchDirectory scratch;
  mgmt::HistoryWriterSettings settings;
  settings.store.folder = scratch.path("state");
  mgmt::HistoryWriter writer(settings, [](const std::string&) {});
  mgmt::Database other(mgmt::history_file(settings.store.folder), mgmt::Database::Access::kWrite);
  mgmt::Transaction holding(other);
  writer.put(minute_at(kMidnight), {});
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // It has taken that one, and waits.
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = 1; i <= 1'000; ++i) writer.put(minute_at(kMidnight + 60 * i), {});
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_LE(writer.progress().waiting, settings.most_waiting + 16);
  EXPECT_GT(writer.progress().given_up, 800U);
  return took;
}

TEST(HistoryWriter, WhoHandsOverAMinuteDoesNotWait) {
  auto fastest = std::chrono::steady_clock::duration::max();
  for (int attempt = 0; attempt < 3; ++attempt)  // The machine may stand still in one.
    fastest = std::min(fastest, handing_over_while_it_waits());
  EXPECT_LT(fastest, std::chrono::milliseconds(500));
}

}  // namespace
}  // namespace tests

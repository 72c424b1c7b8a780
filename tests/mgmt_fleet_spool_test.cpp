// What waits for the fleet survives the end of the program at any instant, within its bounds.
#include <atomic>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "mgmt/fleet/rows.h"
#include "mgmt/fleet/spool.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using mgmt::FleetSpool;
using mgmt::HistoryGap;

const mgmt::FleetSensor kSensor = {"box-1", 7, {{"10.1.0.25", "mx"}}};
constexpr std::uint64_t kRoom = 1 << 30;

std::string lines_at(std::uint64_t begin) {
  return mgmt::fleet_lines(kSensor, minute_at(begin), {});
}

void add(FleetSpool& spool, std::uint64_t begin) {
  spool.add(begin, begin + 60, lines_at(begin));
}

std::vector<std::string> told(const std::vector<HistoryGap>& gaps) {
  std::vector<std::string> texts;
  for (const HistoryGap& gap : gaps)
    texts.push_back(std::to_string((gap.begin - kMidnight) / 60) + "-" +
                    std::to_string((gap.end - kMidnight) / 60) + " " + gap.why);
  return texts;
}

using Texts = std::vector<std::string>;

class Spool : public testing::Test {
 protected:
  std::string folder() const { return scratch_.path("state/fleet"); }
  ScratchDirectory scratch_;
};

TEST_F(Spool, GivesBackWhatItWasGivenInOrderAndOnce) {
  FleetSpool spool(folder(), kRoom);
  for (std::uint64_t i = 0; i < 5; ++i) add(spool, kMidnight + 60 * i);
  const auto first = spool.take(3, kRoom);
  EXPECT_EQ(first.numbers, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(first.lines, lines_at(kMidnight) + lines_at(kMidnight + 60) + lines_at(kMidnight + 120));
  spool.put_back();
  EXPECT_EQ(spool.take(100, 1).numbers.size(), 1U) << "one in any case";
  EXPECT_EQ(spool.take(100, 2 * lines_at(kMidnight).size()).numbers.size(), 2U);
  spool.sent(first);
  EXPECT_EQ(spool.content().minutes, 2U);
  EXPECT_EQ(spool.content().oldest, kMidnight + 180);
  EXPECT_EQ(spool.take(100, kRoom).numbers, (std::vector<std::uint64_t>{4, 5}));
}

TEST_F(Spool, ARowIsWhatTheTablesHave) {
  std::vector<mgmt::HistoryFinding> findings = {finding_at(3, 1'000)};
  mgmt::FleetRows rows;
  ASSERT_TRUE(mgmt::add_rows(mgmt::fleet_lines(kSensor, minute_at(kMidnight), findings), rows));
  ASSERT_TRUE(mgmt::add_rows(mgmt::fleet_line(kSensor, {60, 120, "stopped"}), rows));
  for (std::size_t table = 0; table < mgmt::kFleetTables; ++table) {
    const auto row = nlohmann::json::parse(rows[table]);
    std::size_t stored = 0;
    for (const mgmt::FleetColumn& column : mgmt::fleet_columns(static_cast<mgmt::FleetTable>(table))) {
      const bool alias = column.type.find("ALIAS") != std::string::npos;
      EXPECT_EQ(row.contains(column.name), !alias) << column.name;
      stored += alias ? 0 : 1;
    }
    EXPECT_EQ(row.size(), stored) << mgmt::kFleetTableNames[table];
    EXPECT_EQ(row["sensor"], "box-1");
  }
  EXPECT_EQ(nlohmann::json::parse(rows[1])["name"], "mx");
}

TEST_F(Spool, WhatFindsNoRoomIsTheOldestAndAGap) {
  const std::uint64_t size = lines_at(kMidnight).size();
  FleetSpool spool(folder(), 3 * size);
  for (std::uint64_t i = 0; i < 10; ++i) add(spool, kMidnight + 60 * i);
  EXPECT_EQ(spool.content().minutes, 3U);
  EXPECT_EQ(spool.content().bytes, 3 * size);
  EXPECT_EQ(spool.content().lost, 7U);
  const auto batch = spool.take(100, kRoom);
  EXPECT_EQ(batch.numbers, (std::vector<std::uint64_t>{8, 9, 10}));
  EXPECT_EQ(told(batch.gaps), Texts{"0-7 unsent"});
  add(spool, kMidnight + 600);
  EXPECT_EQ(spool.content().minutes, 4U) << "what is being sent makes no room";
  spool.sent(batch);
  EXPECT_EQ(spool.content().minutes, 1U);
  EXPECT_TRUE(spool.take(100, kRoom).gaps.empty()) << "it was told";
}

TEST_F(Spool, AGapThatGrewWhileItWasToldIsToldAgain) {
  const std::uint64_t size = lines_at(kMidnight).size();
  FleetSpool spool(folder(), 2 * size);
  for (std::uint64_t i = 0; i < 4; ++i) add(spool, kMidnight + 60 * i);
  const auto batch = spool.take(1, kRoom);
  spool.put_back();
  add(spool, kMidnight + 240);
  spool.sent(batch);
  EXPECT_EQ(told(spool.take(1, kRoom).gaps), Texts{"0-3 unsent"});
}

TEST_F(Spool, ARunBeginsWithAGapThatSaysHowTheLastOneEnded) {
  {
    FleetSpool spool(folder(), kRoom);
    add(spool, kMidnight);
    spool.end_run();
  }
  {
    FleetSpool spool(folder(), kRoom);
    add(spool, kMidnight + 300);
    EXPECT_EQ(told(spool.take(9, kRoom).gaps), Texts{"1-5 stopped"});
    add(spool, kMidnight + 420);
    EXPECT_EQ(spool.take(9, kRoom).gaps.size(), 1U) << "within a run there are none";
  }
  FleetSpool spool(folder(), kRoom);
  add(spool, kMidnight + 600);
  const auto batch = spool.take(9, kRoom);
  EXPECT_EQ(told(batch.gaps), (Texts{"1-5 stopped", "8-10 killed"}));
  EXPECT_EQ(batch.numbers.size(), 4U) << "what waits, waits on";
}

TEST_F(Spool, IsOneTaplinesAlone) {
  FleetSpool spool(folder(), kRoom);
  EXPECT_THROW(FleetSpool(folder(), kRoom), mgmt::HistoryError);
  EXPECT_THROW(FleetSpool("/proc/tapline/fleet", kRoom), mgmt::HistoryError);
}

TEST_F(Spool, WhatIsDamagedIsGivenUpAndNothingElse) {
  {
    FleetSpool spool(folder(), kRoom);
    for (std::uint64_t i = 0; i < 4; ++i) add(spool, kMidnight + 60 * i);
  }
  const auto file = [&](int number, std::uint64_t from) {
    return folder() + "/" + std::to_string(number) + "-" + std::to_string(from) + "-" +
           std::to_string(from + 60) + ".rows";
  };
  const std::string whole = lines_at(kMidnight + 60);
  std::ofstream(file(2, kMidnight + 60)) << whole.substr(0, whole.size() / 2);
  std::ofstream(file(3, kMidnight + 120)) << std::string(whole.size(), '\0');
  std::ofstream(folder() + "/unfinished") << "half a";
  std::ofstream(folder() + "/x-y-z.rows") << "somebody's";
  std::ofstream(folder() + "/99999999999999999999999-1-2.rows") << "somebody's";
  FleetSpool spool(folder(), kRoom);
  const auto batch = spool.take(9, kRoom);
  EXPECT_EQ(batch.numbers, (std::vector<std::uint64_t>{1, 4}));
  EXPECT_EQ(spool.content().lost, 2U);
  EXPECT_EQ(told(spool.take(9, kRoom).gaps), Texts{"1-3 unsent"});
  EXPECT_FALSE(std::filesystem::exists(folder() + "/unfinished"));
}

// No file can be opened for a while.
TEST_F(Spool, WhatCannotBeReadJustNowIsNotGivenUp) {
  FleetSpool spool(folder(), kRoom);
  for (std::uint64_t i = 0; i < 3; ++i) add(spool, kMidnight + 60 * i);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlimit none = {0, files.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  EXPECT_THROW(spool.take(10, kRoom), mgmt::SpoolError);
  setrlimit(RLIMIT_NOFILE, &files);
  EXPECT_EQ(spool.take(10, kRoom).numbers.size(), 3U);
}

TEST_F(Spool, ABrokenStateCostsGapsOnly) {
  for (const char* text :
       {"", "{", "[]", "{\"until\":-1}", "{\"until\":1,\"ended\":3,\"given_up\":{},\"gaps\":7}",
        "{\"until\":1,\"ended\":true,\"given_up\":[],\"gaps\":[[1]]}"}) {
    std::filesystem::create_directories(folder());
    std::ofstream(folder() + "/state") << text;
    FleetSpool spool(folder(), kRoom);
    add(spool, kMidnight);
    EXPECT_FALSE(spool.take(9, kRoom).empty()) << text;
  }
}

TEST_F(Spool, SaysWhatWaitsWhileItIsInUse) {
  FleetSpool spool(folder(), kRoom);
  add(spool, kMidnight);
  add(spool, kMidnight + 60);
  const FleetSpool::Content content = mgmt::spool_content(folder());
  EXPECT_EQ(content.minutes, 2U);
  EXPECT_EQ(content.bytes, spool.content().bytes);
  EXPECT_EQ(content.oldest, kMidnight);
  EXPECT_THROW(mgmt::spool_content(scratch_.path("nowhere")), mgmt::HistoryError);
}

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

// The child adds minutes, and takes as many as it likes out again, as a sender would. Whoever looks after it
// was killed finds each minute that it neither took out nor gave up, or a gap.
TEST_F(Spool, AHundredTimesKilledAtAnyMomentEveryMinuteIsThereOrInAGap) {
  const std::uint64_t size = lines_at(kMidnight).size();
  std::mt19937 random(1);
  std::set<std::uint64_t> covered;  // minutes that were taken out, or are in gaps
  std::uint64_t next = kMidnight;
  for (int round = 0; round < 100; ++round) {
    const std::string progress = scratch_.path("progress");
    std::ofstream(progress, std::ios::trunc);
    const pid_t child = in_child([&] {
      std::ofstream out(progress, std::ios::app);
      FleetSpool spool(folder(), 6 * size);
      for (std::uint64_t begin = next;; begin += 60) {
        out << "b " << begin << std::endl;
        add(spool, begin);
        out << "a " << begin << std::endl;
        if (random() % 4 != 0) continue;
        const auto batch = spool.take(1 + random() % 3, kRoom);
        mgmt::FleetRows rows;
        mgmt::add_rows(batch.lines, rows);
        out << "s\n" << rows[0] << std::flush;
        for (const HistoryGap& gap : batch.gaps) out << "g " << gap.begin << " " << gap.end << "\n";
        out.flush();
        spool.sent(batch);
      }
      return 0;
    });
    eventually([&] { return std::filesystem::file_size(progress) > 0; });
    usleep(static_cast<useconds_t>(random() % (round % 2 == 0 ? 30'000 : 3'000)));
    kill(child, SIGKILL);
    ASSERT_EQ(status_of(child), -1) << "it ended before it was killed";

    std::uint64_t added = next, begun = next;
    std::ifstream in(progress);
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string what;
      std::uint64_t begin = 0, end = 0;
      words >> what >> begin >> end;
      if (what == "b") begun = begin + 60;
      if (what == "a") added = begin + 60;
      if (what == "g")
        for (std::uint64_t at = begin; at < end; at += 60) covered.insert(at);
      if (!line.starts_with('{')) continue;
      const auto row = nlohmann::json::parse(line, nullptr, false);
      if (!row.is_discarded()) covered.insert(row["begin"].get<std::uint64_t>());
    }
    FleetSpool after(folder(), 6 * size);
    EXPECT_LE(after.content().bytes, 7 * size);
    add(after, begun + 600);  // the next run begins some minutes later
    const auto left = after.take(100, kRoom);
    mgmt::FleetRows rows;
    ASSERT_TRUE(mgmt::add_rows(left.lines, rows));
    std::istringstream lines(rows[0]);
    for (std::string line; std::getline(lines, line);)
      covered.insert(nlohmann::json::parse(line)["begin"].get<std::uint64_t>());
    for (const HistoryGap& gap : left.gaps)
      for (std::uint64_t at = gap.begin; at < gap.end; at += 60) covered.insert(at);
    next = begun + 660;
    for (std::uint64_t at = kMidnight; at < next; at += 60)
      ASSERT_TRUE(covered.contains(at)) << "round " << round << ", minute " << (at - kMidnight) / 60
                                        << ", added up to " << (added - kMidnight) / 60;
    after.sent(left);
  }
}

TEST_F(Spool, OnAFullDiskAMinuteIsAddedAsAWholeOrNotAtAll) {
  std::filesystem::create_directory(scratch_.path("disk"));
  const int status = status_of(in_child([&] {
    const std::string disk = scratch_.path("disk");
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0)
      return 77;
    FleetSpool spool(disk + "/state/fleet", kRoom);
    std::uint64_t next = kMidnight;
    try {
      for (; next < kMidnight + 60 * 1'000; next += 60) add(spool, next);
      return 2;  // it must be full some time
    } catch (const mgmt::SpoolError& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    const std::uint64_t added = (next - kMidnight) / 60;
    if (spool.content().minutes != added || mgmt::spool_content(disk + "/state/fleet").minutes != added)
      return 3;
    const auto batch = spool.take(2, kRoom);
    if (batch.numbers.size() != 2) return 4;
    spool.sent(batch);
    add(spool, next);  // there is room again
    return spool.content().minutes == added - 1 ? 0 : 5;
  }));
  if (status == 77) GTEST_SKIP() << "needs root, to mount a small disk";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace tests

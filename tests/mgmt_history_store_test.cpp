// The history on disk: what is written is there, what cannot be is said.
#include <filesystem>

#include <gtest/gtest.h>

#include "mgmt/history/store.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using aggregator::SeriesStep;
using mgmt::Database;
using mgmt::HistoryError;
using mgmt::HistoryKind;
using mgmt::HistoryReader;
using mgmt::HistoryStore;

class History : public testing::Test {
 protected:
  History() { settings_.folder = scratch_.path("state"); }

  std::string file() const { return mgmt::history_file(settings_.folder); }

  static void write(HistoryStore& store, const mgmt::HistoryMinute& minute,
                    const std::vector<mgmt::HistoryFinding>& findings = {}) {
    store.write({{&minute, 1}, findings, {}});
  }

  // In a run of its own, that ends in order or not.
  void write_run(std::uint64_t begin, std::uint64_t minutes, bool ends = true, std::uint64_t figure = 1) {
    HistoryStore store(settings_);
    store.write({minutes_from(begin, minutes, figure), {}, {}});
    if (ends) store.end();
  }

  mgmt::HistoryAnswer<mgmt::HistoryStep> steps(HistoryKind kind, SeriesStep step) const {
    return HistoryReader(settings_.folder).steps({.kind = kind, .host = "", .step = step, .range = {}});
  }

  void run_sql(const std::string& sql) const { Database(file(), Database::Access::kWrite).run(sql); }

  std::string refusal() const {
    try {
      const HistoryStore store(settings_);
      return "";
    } catch (const HistoryError& error) {
      return error.what();
    }
  }

  ScratchDirectory scratch_;
  mgmt::HistorySettings settings_;
};

TEST_F(History, MinutesAddUpToHoursAndDays) {
  write_run(kMidnight - 90 * 60, 180);
  for (std::size_t k = 0; k < mgmt::kHistoryKinds; ++k) {
    const auto kind = static_cast<HistoryKind>(k);
    const auto minutes = steps(kind, SeriesStep::kMinute);
    const auto hours = steps(kind, SeriesStep::kHour);
    const auto days = steps(kind, SeriesStep::kDay);
    EXPECT_EQ(minutes.rows.size(), 180U);
    EXPECT_EQ(total(minutes), 180 * (k + 1));
    ASSERT_EQ(hours.rows.size(), 4U);
    EXPECT_EQ(hours.rows[0].row.counts[0], 30 * (k + 1));
    EXPECT_EQ(hours.rows[1].row.counts[0], 60 * (k + 1));
    EXPECT_EQ(total(hours), total(minutes));
    ASSERT_EQ(days.rows.size(), 2U);
    EXPECT_EQ(days.rows[1].begin, kMidnight);
    EXPECT_EQ(total(days), total(minutes));
  }
}

// Different destinations of two minutes may be the same ones: no sum says how many there are.
TEST_F(History, OfDifferentOnesTheMostOfAMinuteIsKept) {
  HistoryStore store(settings_);
  write(store, minute_at(kMidnight, 5));
  write(store, minute_at(kMidnight + 60, 3));
  const auto names = mgmt::history_column_names(HistoryKind::kHost);
  const auto place = static_cast<std::size_t>(std::ranges::find(names, "most_destinations") - names.begin());
  EXPECT_EQ(steps(HistoryKind::kHost, SeriesStep::kHour).rows.at(0).row.counts.at(place), 10U);
}

TEST_F(History, DaysBeginAtMidnightOfTheConfiguredZone) {
  settings_.east_s = 9 * 3600;
  write_run(kMidnight + 14 * 3600, 120);
  const auto days = steps(HistoryKind::kSensor, SeriesStep::kDay);
  ASSERT_EQ(days.rows.size(), 2U);
  EXPECT_EQ(days.rows[1].begin, kMidnight + 15 * 3600);
}

TEST_F(History, TwoRunsInTheSameMinuteAddUp) {
  write_run(kMidnight, 1);
  write_run(kMidnight, 1, true, 10);
  EXPECT_EQ(total(steps(HistoryKind::kSensor, SeriesStep::kMinute)), 11U);
  EXPECT_EQ(total(steps(HistoryKind::kSensor, SeriesStep::kDay)), 11U);
  EXPECT_TRUE(HistoryReader(settings_.folder).gaps({}).rows.empty());
}

TEST_F(History, TheTimeBetweenTwoRunsIsAGap) {
  write_run(kMidnight, 2);
  write_run(kMidnight + 600, 1, false);
  write_run(kMidnight + 900, 1);
  const auto gaps = HistoryReader(settings_.folder).gaps({}).rows;
  ASSERT_EQ(gaps.size(), 2U);
  EXPECT_EQ(gaps[0].begin, kMidnight + 120);
  EXPECT_EQ(gaps[0].end, kMidnight + 600);
  EXPECT_EQ(gaps[0].why, "stopped");
  EXPECT_EQ(gaps[1].begin, kMidnight + 660);
  EXPECT_EQ(gaps[1].why, "killed");
}

TEST_F(History, AGapThatGoesOnIsOneIfItsReasonIsTheSame) {
  HistoryStore store(settings_);
  const auto minute = minute_at(kMidnight);
  const auto write_gap = [&](std::uint64_t begin, std::uint64_t end, const char* why) {
    const mgmt::HistoryGap gap = {kMidnight + begin, kMidnight + end, why};
    store.write({{&minute, 1}, {}, {&gap, 1}});
  };
  write_gap(60, 120, "unwritten");
  write_gap(120, 300, "unwritten");
  write_gap(300, 420, "killed");
  write_gap(480, 540, "killed");
  const auto gaps = HistoryReader(settings_.folder).gaps({}).rows;
  ASSERT_EQ(gaps.size(), 3U);
  EXPECT_EQ(gaps[0].begin, kMidnight + 60);
  EXPECT_EQ(gaps[0].end, kMidnight + 300);
  EXPECT_EQ(gaps[1].begin, kMidnight + 300);
  EXPECT_EQ(gaps[2].begin, kMidnight + 480);
}

TEST_F(History, FindingsAreUpdatedAndUniqueOverRuns) {
  {
    HistoryStore store(settings_);
    write(store, minute_at(kMidnight), {finding_at(1, kMidnight), finding_at(2, kMidnight + 10)});
    auto closed = finding_at(1, kMidnight);
    closed.until = kMidnight + 50;
    closed.score = 0.9;
    write(store, minute_at(kMidnight + 60), {closed});
  }
  {
    HistoryStore store(settings_);
    write(store, minute_at(kMidnight + 300), {finding_at(1, kMidnight + 300)});
  }
  const auto findings = HistoryReader(settings_.folder).findings({}).rows;
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[0].until, kMidnight + 50);
  EXPECT_EQ(findings[0].score, 0.9);
  EXPECT_FALSE(findings[0].cut);
  EXPECT_EQ(findings[0].evidence, R"({"queries_per_s":55.3})");
  EXPECT_EQ(findings[1].until, kMidnight + 120) << "the run ended before it did";
  EXPECT_TRUE(findings[1].cut);
  EXPECT_EQ(findings[2].id, 1U);
  EXPECT_NE(findings[2].run, findings[0].run);
  EXPECT_FALSE(findings[2].until.has_value());
}

TEST_F(History, RangesAndLimitsTakeTheNewest) {
  write_run(kMidnight, 10);
  HistoryReader reader(settings_.folder);
  mgmt::HistoryQuery query;
  query.range = {kMidnight + 120, kMidnight + 420, 3};
  const auto answer = reader.steps(query);
  ASSERT_EQ(answer.rows.size(), 3U);
  EXPECT_TRUE(answer.more);
  EXPECT_EQ(answer.rows.front().begin, kMidnight + 240);
  EXPECT_EQ(answer.rows.back().begin, kMidnight + 360);
  query.range.limit = 5;
  EXPECT_FALSE(reader.steps(query).more);
}

TEST_F(History, AServerIsKnownByItsName) {
  settings_.names["mx"] = "10.1.0.25";
  write_run(kMidnight, 1);
  HistoryReader reader(settings_.folder);
  mgmt::HistoryQuery query{HistoryKind::kMail, "mx", SeriesStep::kMinute, {}};
  EXPECT_EQ(reader.steps(query).rows.size(), 1U);
  query.host = "10.1.0.99";
  EXPECT_TRUE(reader.steps(query).rows.empty());
}

TEST_F(History, ASecondWriterIsRefused) {
  const HistoryStore store(settings_);
  EXPECT_EQ(refusal(), "another tapline writes the history in " + settings_.folder +
                           ". Stop it, or give this one another folder in [state]");
}

TEST_F(History, AFolderThatCannotBeMadeIsASentence) {
  settings_.folder = "/proc/tapline";
  EXPECT_EQ(refusal(),
            "the state folder /proc/tapline cannot be written to: No such file or directory. Make it yours "
            "(install "
            "-d -o USER -m 0750 /proc/tapline), name another one as folder in [state], or leave [history] "
            "out of the "
            "configuration");
}

TEST_F(History, ANewerSchemaIsLeftAlone) {
  write_run(kMidnight, 1);
  run_sql("PRAGMA user_version = 99");
  EXPECT_NE(refusal().find("a newer tapline wrote this history (its schema is 99, this one knows 1)"),
            std::string::npos)
      << refusal();
  EXPECT_THROW(HistoryReader(settings_.folder), HistoryError);
  run_sql("PRAGMA user_version = 1");
  EXPECT_EQ(total(steps(HistoryKind::kSensor, SeriesStep::kMinute)), 1U);
}

TEST_F(History, ACounterThatIsNewGetsItsColumn) {
  write_run(kMidnight, 1);
  for (const char* table : {"sensor_minute", "sensor_hour", "sensor_day"})
    run_sql(std::string("ALTER TABLE ") + table + " DROP COLUMN without_resolution");
  write_run(kMidnight + 60, 1);
  const auto minutes = steps(HistoryKind::kSensor, SeriesStep::kMinute);
  ASSERT_EQ(minutes.rows.size(), 2U);
  EXPECT_EQ(minutes.rows[0].row.counts.back(), 0U);
  EXPECT_EQ(minutes.rows[1].row.counts.back(), 1U);
  EXPECT_EQ(minutes.rows[0].row.counts.front(), 1U);
}

TEST_F(History, ADatabaseOfSomebodyElseIsLeftAlone) {
  std::filesystem::create_directory(settings_.folder);
  run_sql("CREATE TABLE recipes(name TEXT)");
  EXPECT_NE(refusal().find("is a database, but not tapline's"), std::string::npos) << refusal();
  EXPECT_THROW(HistoryReader(settings_.folder), HistoryError);
}

// Deep among the rows, where opening it does not come by.
TEST_F(History, ABrokenFileIsSetAside) {
  write_run(kMidnight, 2'000);
  const auto size = std::filesystem::file_size(file());
  {
    std::fstream in_place(file(), std::ios::in | std::ios::out | std::ios::binary);
    in_place.seekp(static_cast<std::streamoff>(size / 4 * 3));
    for (std::uintmax_t i = 0; i < size / 8; ++i) in_place.put('\xA5');
  }
  std::string aside;
  {
    HistoryStore store(settings_);
    aside = store.set_aside();
    write(store, minute_at(kMidnight + 60));
  }
  ASSERT_TRUE(aside.starts_with(file() + ".broken-")) << aside;
  EXPECT_EQ(std::filesystem::file_size(aside), size);
  EXPECT_EQ(total(steps(HistoryKind::kSensor, SeriesStep::kMinute)), 1U);
  EXPECT_EQ(HistoryReader(settings_.folder).damage(), "");
}

TEST_F(History, WhatIsNoDatabaseIsSetAsideToo) {
  std::filesystem::create_directory(settings_.folder);
  std::ofstream(file()) << std::string(5'000, 'x');
  const HistoryStore first(settings_);
  EXPECT_FALSE(first.set_aside().empty());
}

TEST_F(History, IsReadableByItsGroupAndNobodyElse) {
  write_run(kMidnight, 1);
  EXPECT_EQ(std::filesystem::status(file()).permissions() & std::filesystem::perms::others_all,
            std::filesystem::perms::none);
}

TEST_F(History, WhatIsTooOldGoes) {
  settings_.keep_minutes_s = 3600;
  settings_.keep_hours_s = 4 * 3600;
  settings_.keep_days_s = 86'400;
  HistoryStore store(settings_);
  write(store, minute_at(kMidnight), {finding_at(1, kMidnight)});
  for (std::uint64_t hour = 0; hour < 72; ++hour) {
    store.write({minutes_from(kMidnight + 3600 * hour + 60, 60), {}, {}});
    for (int portion = 0; portion < 3; ++portion) store.trim();
  }
  const auto minutes = steps(HistoryKind::kMail, SeriesStep::kMinute);
  EXPECT_EQ(minutes.rows.size(), 61U);
  EXPECT_EQ(minutes.rows.back().begin, kMidnight + 3 * 86'400);
  EXPECT_EQ(steps(HistoryKind::kHost, SeriesStep::kHour).rows.size(), 5U);
  EXPECT_EQ(steps(HistoryKind::kSensor, SeriesStep::kDay).rows.size(), 2U);
  EXPECT_EQ(HistoryReader(settings_.folder).findings({}).rows.size(), 1U) << "one that is open stays";
}

TEST_F(History, WhatIsTooMuchGoesMinutesFirstAndTheFileShrinks) {
  write_run(kMidnight, 3'000);
  const auto before = std::filesystem::file_size(file());
  settings_.max_bytes = 300'000;
  ASSERT_GT(before, 2 * settings_.max_bytes);
  HistoryStore store(settings_);
  for (std::uint64_t i = 3'000; i < 3'010; ++i) {
    write(store, minute_at(kMidnight + 60 * i));
    store.trim();
  }
  run_sql("PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_LE(std::filesystem::file_size(file()), settings_.max_bytes);
  EXPECT_LT(steps(HistoryKind::kSensor, SeriesStep::kMinute).rows.size(), 2'000U);
  EXPECT_EQ(total(steps(HistoryKind::kSensor, SeriesStep::kHour)), 3'010U);
  EXPECT_EQ(total(steps(HistoryKind::kSensor, SeriesStep::kDay)), 3'010U);
}

// Each look sees whole minutes: of the sensor, the host and the mail server alike.
TEST_F(History, IsReadWhileItIsWritten) {
  { const HistoryStore store(settings_); }
  std::atomic<bool> done = false;
  std::thread reader([&] {
    std::size_t seen = 0;
    while (!done) {
      const auto minutes = steps(HistoryKind::kMail, SeriesStep::kMinute);
      EXPECT_GE(minutes.rows.size(), seen);
      seen = minutes.rows.size();
      EXPECT_EQ(total(steps(HistoryKind::kMail, SeriesStep::kDay)) % 3, 0U);
    }
    EXPECT_GT(seen, 0U);
  });
  {
    HistoryStore store(settings_);
    for (std::uint64_t i = 0; i < 300; ++i) write(store, minute_at(kMidnight + 60 * i));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  done = true;
  reader.join();
  EXPECT_EQ(steps(HistoryKind::kMail, SeriesStep::kMinute).rows.size(), 300U);
}

TEST_F(History, OneThatIsJustBegunIsNobodyElses) {
  std::filesystem::create_directory(settings_.folder);
  std::ofstream(file()).flush();
  try {
    const HistoryReader reader(settings_.folder);
    FAIL();
  } catch (const HistoryError& error) {
    EXPECT_EQ(error.what(), file() + ": is empty yet; tapline is just beginning it. Ask again in a moment");
  }
}

TEST_F(History, WithoutOneTheReaderSaysHowToGetOne) {
  try {
    const HistoryReader reader(scratch_.path("nowhere"));
    FAIL();
  } catch (const HistoryError& error) {
    EXPECT_NE(std::string(error.what()).find("There is no history yet"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace tests

// The tables of `tapline mail`, and regressions on what logs say.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/mail.h"
#include "mgmt/mail_columns.h"
#include "mgmt/words.h"
#include "tests/support/captures.h"
#include "tests/support/program.h"

namespace mgmt {
namespace {

using aggregator::MailCounts;
using aggregator::MailField;
using aggregator::SeriesStep;
using nlohmann::json;

constexpr std::uint64_t kDay = 86'400;
constexpr std::uint64_t kMonday = 20'003 * kDay;  // 2024-10-07

MailCounts counts(std::uint64_t connects) {
  MailCounts counts;
  counts[MailField::kConnects] = connects;
  counts[MailField::kFrom] = connects / 2;
  counts[MailField::kSent] = connects / 4;
  counts[MailField::kPop] = 7;
  counts[MailField::kUserUnknown] = 3;
  counts[MailField::kLoggedMx] = 2 * connects;
  counts[MailField::kLoggedPtr] = connects;
  return counts;
}

MailTable table_of(std::size_t days, std::uint64_t connects) {
  MailTable table{"mx", "10.1.0.25", SeriesStep::kDay, {}, {}};
  for (std::size_t day = 0; day < days; ++day)
    table.points.emplace_back(kMonday + day * kDay, counts(connects * (day % 7 + 1)));
  return table;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string line_with(const std::string& text, std::string_view front) {
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with(front)) return line;
  }
  return "";
}

const TextStyle kPlain{};

TEST(MailText, HasALineADayAndOneForAll) {
  const std::string text = mail_text(table_of(3, 1'000), kPlain);
  EXPECT_EQ(lines_of(text)[0], "tapline mail  mx  10.1.0.25");
  EXPECT_EQ(line_with(text, "day"), "day               N_c    N_f   N_to   sent  N_pop  N_f/N_c") << text;
  EXPECT_EQ(line_with(text, "2024-10-07 Mon  "),
            "2024-10-07 Mon  1,000    500    250    250      7     0.50");
  EXPECT_EQ(line_with(text, "all"), "all             6,000  3,000  1,500  1,500     21     0.50");
  EXPECT_EQ(text.find("deferred"), std::string::npos) << "nothing was";
  EXPECT_EQ(text.find("mean of"), std::string::npos) << "less than a week";
}

TEST(MailText, SaysWhatEachWeekdayIsLikeAndAHoliday) {
  MailTable table = table_of(15, 1'000);
  table.calendar.holidays = {std::chrono::year(2024) / 10 / 14};
  const std::string text = mail_text(table, kPlain);
  EXPECT_NE(text.find("2024-10-14 holiday"), std::string::npos) << text;
  EXPECT_NE(line_with(text, "2 Mon").find(" 1,000 "), std::string::npos) << text;
  EXPECT_NE(line_with(text, "2 Tue").find(" 2,000 "), std::string::npos) << text;
  EXPECT_NE(line_with(text, "1 holiday").find(" 1,000 "), std::string::npos) << text;
}

TEST(MailText, FitsEightyColumnsHoweverLargeTheCountsAre) {
  for (const std::uint64_t connects : {1ULL, 1'000'000ULL, 1'000'000'000'000'000ULL}) {
    MailTable table = table_of(10, connects);
    for (auto& point : table.points) {
      for (std::size_t i = 0; i < aggregator::kMailFields; ++i) point.counts.of[i] += connects;
    }
    for (const std::string& line : lines_of(mail_text(table, kPlain))) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(MailText, OfShorterStepsHasTheTimeOfDayByTheOffset) {
  MailTable table{"10.1.0.25", "10.1.0.25", SeriesStep::kHour, {}, {}};
  table.calendar.utc_offset_s = 9 * 3600;
  table.points.emplace_back(kMonday + 20 * 3600, counts(4));
  EXPECT_NE(line_with(mail_text(table, kPlain), "2024-10-08 05:00:00").find(" 4 "), std::string::npos)
      << mail_text(table, kPlain);
}

TEST(MailText, SaysThePeriodOfDeferredMail) {
  MailTable table{"mx", "10.1.0.25", SeriesStep::kMinute, {}, {}};
  for (std::uint64_t minute = 0; minute < 600; ++minute) {
    MailCounts counts;
    counts[MailField::kConnects] = 1;
    counts[MailField::kDeferred] = minute % 30 < 3 ? 20 : minute % 2;
    table.points.emplace_back(kMonday + minute * 60, counts);
  }
  EXPECT_NE(mail_text(table, kPlain).find("deferred mail ripples with a period of 30 min 0"),
            std::string::npos)
      << line_with(mail_text(table, kPlain), "deferred");
  const json ripple = json::parse(mail_json(std::vector{table}))["servers"][0]["deferred_ripple"];
  EXPECT_NEAR(ripple["period"], 1800, 30);
  EXPECT_LT(ripple["chance"], 1e-6);
  EXPECT_EQ(mail_text(table_of(30, 10), kPlain).find("ripples"), std::string::npos);
}

TEST(MailCsv, HasEachColumnOnceAndTheSameFiguresAsTheJson) {
  const std::vector<MailTable> tables = {table_of(2, 100)};
  const auto lines = lines_of(mail_csv(tables));
  ASSERT_EQ(lines.size(), 3U);
  const auto cells = [](std::string line) {
    std::erase(line, '\r');
    std::vector<std::string> found;
    std::istringstream in(line + ",");
    for (std::string cell; std::getline(in, cell, ',');) found.push_back(cell);
    return found;
  };
  const auto names = cells(lines[0]);
  const auto row = cells(lines[2]);
  ASSERT_EQ(names.size(), row.size());
  const json step = json::parse(mail_json(tables))["servers"][0]["steps"][1];
  for (std::size_t i = 3; i < names.size(); ++i) {
    EXPECT_EQ(std::ranges::count(names, names[i]), 1) << names[i];
    if (!step[names[i]].is_number_unsigned()) continue;
    EXPECT_EQ(std::to_string(step[names[i]].get<std::uint64_t>()), row[i]) << names[i];
  }
  EXPECT_EQ(step["dq"], 600);
  EXPECT_EQ(step["dq_mx"], 400);
  EXPECT_EQ(step["weekday"], "Tue");
}

TEST(MailColumns, TakeTheTapsQueriesWhereItSeesThem) {
  MailCounts both = counts(10);
  EXPECT_EQ(mail_column("dq", both), 30);
  EXPECT_EQ(mail_column("dq_ptr", both), 10);
  both[MailField::kSeenPtr] = 11;
  EXPECT_EQ(mail_column("dq", both), 11);
  EXPECT_EQ(mail_column("dq_mx", both), 0);
  EXPECT_EQ(mail_column("logged_mx", both), 20);
  EXPECT_EQ(mail_column("smtp", both), 10);
  EXPECT_EQ(mail_column("nonsense", both), std::nullopt);
}

TEST(MailCommand, WrongWordsAreRefused) {
  const auto refusal = [](std::vector<const char*> words) {
    try {
      read_mail_words(words);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(refusal({}).find("needs a log: --maillog HOST=FILE"), std::string::npos);
  EXPECT_NE(refusal({"--maillog", "10.1.0.25=x", "--csv", "--json"}).find("exclude each other"),
            std::string::npos);
  EXPECT_NE(refusal({"--maillog", "10.1.0.25=x", "--step", "2d"}).find("--step takes 1s, 1m, 1h, 1d"),
            std::string::npos);
}

// The table of the logs, given as CSV, has the same fit.
TEST(MailCommand, AFitOfLogsIsThatOfTheirTable) {
  const tests::ScratchDirectory scratch;
  const auto fixture = [](const char* name) {
    return (tests::source_root() / "tests/fixtures/logs" / name).string();
  };
  const std::vector<std::string> logs = {"--log-year", "2026",
                                         "--log-zone", "UTC",
                                         "--maillog",  "192.0.2.7=" + fixture("postfix_3.7.log"),
                                         "--querylog", "10.1.0.53=" + fixture("bind_9.18.log"),
                                         "--step",     "1s"};
  const auto run = [&](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.begin(), tests::tapline());
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(tests::Process(words, scratch.path("out"), scratch.path("err")).wait(), 0)
        << tests::contents_of(scratch.path("err"));
    return tests::contents_of(scratch.path("out"));
  };
  std::ofstream(scratch.path("table.csv")) << run({"mail", "--csv"}, logs);
  const std::vector<std::string> question = {"--json", "--y", "sent", "--x", "smtp"};
  std::vector<std::string> of_table = question;
  of_table.insert(of_table.end(), {"--csv", scratch.path("table.csv")});
  json expected = json::parse(run({"regress"}, of_table));
  std::vector<std::string> of_logs = question;
  of_logs.insert(of_logs.end(), logs.begin(), logs.end());
  const json fit = json::parse(run({"regress"}, of_logs));
  EXPECT_GT(fit["n"], 3);
  EXPECT_GT(fit["coefficients"][0], 0);
  for (const char* key : {"n", "matrix", "vector", "coefficients", "stderr", "r2"})
    EXPECT_EQ(fit[key], expected[key]) << key;
}

}  // namespace
}  // namespace mgmt

#include <gtest/gtest.h>

#include "mgmt/config.h"
#include "mgmt/csv_table.h"
#include "mgmt/series_table.h"
#include "mgmt/time_text.h"

namespace mgmt {
namespace {

using Fields = std::vector<std::string>;

// What is said of `text`, a file named days.csv.
std::string mistakes_in(std::string_view text) {
  try {
    parse_csv(text, "days.csv");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

std::string mistakes_in_figures(std::string_view text, const std::vector<std::string>& names, bool timed) {
  try {
    series_of(parse_csv(text, "days.csv"), "days.csv", names, timed);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(CsvTable, HasQuotesCommasAndLineEndsInFields) {
  const CsvTable table = parse_csv("a,\"b,c\"\r\n\"say \"\"no\"\"\",\"two\nlines\"\r\n\r\n,last", "days.csv");
  EXPECT_EQ(table.names, (Fields{"a", "b,c"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].fields, (Fields{"say \"no\"", "two\nlines"}));
  EXPECT_EQ(table.rows[0].line, 2U);
  EXPECT_EQ(table.rows[1].fields, (Fields{"", "last"}));
  EXPECT_EQ(table.rows[1].line, 5U);
}

TEST(CsvTable, ReadsWhatSpreadsheetsWrite) {
  EXPECT_EQ(parse_csv("\xEF\xBB\xBF"
                      "a\n1\n",
                      "days.csv")
                .names,
            Fields{"a"});
  EXPECT_EQ(parse_csv("a,b\n1,\n", "days.csv").rows[0].fields, (Fields{"1", ""}));
  EXPECT_EQ(parse_csv("\"a\"\n\"\"\n", "days.csv").rows[0].fields, Fields{""});
}

TEST(CsvTable, NamesEveryMistakeWithItsLine) {
  EXPECT_EQ(
      mistakes_in("a,b,a,\n1,2\n1,2,3,4\nx\"y,2,3,4\n\"x\"y,2,3,4\n\"x,2"),
      "days.csv:1: columns 1 and 3 are both named 'a'; rename one\n"
      "days.csv:1: column 4 has no name; give it one\n"
      "days.csv:2: 2 fields where the header has 4; a comma is missing or too many\n"
      "days.csv:4: there is a quote within 'x\"y'; put quotes around the whole field and double the one "
      "in it\n"
      "days.csv:5: 'y' follows the closing quote of a field; put a comma before it, or double the quotes "
      "within the field\n"
      "days.csv:6: a quoted field does not end; close its quotes\n"
      "days.csv:6: 1 field where the header has 4; a comma is missing or too many");
  EXPECT_EQ(mistakes_in("\n\n"), "days.csv:1: there is no header; the first line must name the columns");
}

TEST(CsvTable, TellsTenMistakesAndHowManyThereAre) {
  std::string text = "a,b\n";
  for (int i = 0; i < 25; ++i) text += "1\n";
  const std::string told = mistakes_in(text);
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 10);
  EXPECT_TRUE(told.ends_with("\ndays.csv: and 15 more")) << told;
}

TEST(CsvTable, IsBounded) {
  const std::string wide = std::string(kMostCsvColumns - 1, ',');
  EXPECT_EQ(mistakes_in("a" + wide + "\n").find("at most"), std::string::npos);
  EXPECT_NE(mistakes_in("a" + wide + ",\n").find("a row has at most 1000 fields"), std::string::npos);
}

TEST(SeriesTable, IsTheColumnsThatWereAskedFor) {
  const CsvTable csv = parse_csv("host,Date,smtp,dq\nmx,11.2.2002,1e3,-2.5\nmx,13.2.2002,7,0\n", "days.csv");
  const SeriesTable table = series_of(csv, "days.csv", Fields{"dq", "smtp"}, false);
  EXPECT_EQ(table.rows, (Fields{"11.2.2002", "13.2.2002"}));
  EXPECT_TRUE(table.seconds.empty());
  EXPECT_EQ(table.columns[0].values, (std::vector<double>{-2.5, 0}));
  EXPECT_EQ(table.columns[1].values, (std::vector<double>{1000, 7}));
}

TEST(SeriesTable, SaysWhatIsNoFigureAndNoTime) {
  EXPECT_EQ(
      mistakes_in_figures("date,smtp\n2002-02-28,\"1,878\"\n2002-02-11,\n", {"smtp"}, true),
      "days.csv:2: '1,878' of column 'smtp' is no number from -1e15 to 1e15; write it without separators "
      "or units, or leave the row out\n"
      "days.csv:3: '' of column 'smtp' is no number from -1e15 to 1e15; write it without separators or "
      "units, or leave the row out");
  EXPECT_EQ(
      mistakes_in_figures("date,smtp\n2002-02-30,1\n", {"smtp"}, true),
      "days.csv:2: '2002-02-30' is no time; write it as 2002-02-11, 2002-02-11T14:00:05Z or seconds since "
      "1970");
  EXPECT_EQ(mistakes_in_figures("day,smtp\n2002-02-11,1\n", {"smtp"}, true),
            "days.csv:1: no column is named 'date' or 'time', which --step needs; rename the one that is");
  EXPECT_EQ(mistakes_in_figures("day,smtp\n2002-02-11,1\n", {"snmtp"}, false),
            "days.csv:1: there is no column 'snmtp'; did you mean smtp?");
  for (const char* number : {"nan", "inf", "1e16", "0x10", "1 ", "+1"}) {
    EXPECT_NE(mistakes_in_figures("smtp\n" + std::string(number) + "\n", {"smtp"}, false), "") << number;
  }
}

TEST(SeriesTable, IsSummedByStep) {
  const CsvTable csv = parse_csv(
      "time,smtp\n2002-02-11T23:59:59Z,1\n2002-02-13,20\n2002-02-11,2\n1013644799,10\n", "days.csv");
  const SeriesTable days = summed_by_step(series_of(csv, "days.csv", Fields{"smtp"}, true), 86'400);
  EXPECT_EQ(days.rows, (Fields{"2002-02-11", "2002-02-13"}));
  EXPECT_EQ(days.columns[0].values, (std::vector<double>{3, 30}));
  const SeriesTable hours = summed_by_step(series_of(csv, "days.csv", Fields{"smtp"}, true), 3'600);
  EXPECT_EQ(hours.rows, (Fields{"2002-02-11", "2002-02-11T23:00:00Z", "2002-02-13", "2002-02-13T23:00:00Z"}));
}

TEST(TimeText, ReadsWhatItWritesAndWhatPeopleWrite) {
  EXPECT_EQ(parse_time("1970-01-01"), 0);
  EXPECT_EQ(parse_time("2002-02-11"), 1'013'385'600);
  EXPECT_EQ(parse_time("2002-02-11 14:00"), 1'013'436'000);
  EXPECT_EQ(parse_time("2002-02-11T14:00:05Z"), 1'013'436'005);
  EXPECT_EQ(parse_time("1013436005"), 1'013'436'005);
  EXPECT_EQ(parse_time(time_text(1'013'436'005)), 1'013'436'005);
  EXPECT_EQ(time_text(1'013'385'600), "2002-02-11");
  for (const char* wrong : {"", "2002-2-11", "2002-13-01", "2002-02-11T", "2002-02-11T24:00",
                            "2002-02-11T1:00", "2002-02-11T14:00:05+09:00", "-5", "2002-02-11x"}) {
    EXPECT_FALSE(parse_time(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace mgmt

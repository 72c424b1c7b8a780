#include <cstdio>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "mgmt/command_line.h"
#include "mgmt/regress.h"
#include "mgmt/regress_text.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

using Names = std::vector<std::string>;

RegressOptions options_of(std::vector<const char*> words) {
  return read_regress_words(words);
}

std::string refusal(std::vector<const char*> words) {
  try {
    read_regress_words(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(RegressCommandLine, EveryOptionIsRead) {
  const RegressOptions options = options_of({"--csv", "-", "--y", "dq", "--x", "smtp,pop3", "--step", "1d",
                                             "--nonneg", "--intercept", "--q=0.5", "--json", "--no-color"});
  EXPECT_EQ(options.csv, "-");
  EXPECT_EQ(options.question.y, "dq");
  EXPECT_EQ(options.question.x, (Names{"smtp", "pop3"}));
  EXPECT_EQ(options.step_s, 86'400);
  EXPECT_EQ(options.question.q, 0.5);
  EXPECT_TRUE(options.question.settings.nonnegative);
  EXPECT_TRUE(options.question.settings.intercept);
  EXPECT_TRUE(options.json);
  EXPECT_TRUE(options.no_color);
  const RegressOptions defaults = options_of({"--csv", "a", "--y", "dq", "--x", "smtp"});
  EXPECT_FALSE(defaults.step_s || defaults.question.q || defaults.json);
  EXPECT_FALSE(defaults.question.settings.nonnegative || defaults.question.settings.intercept);
}

TEST(RegressCommandLine, GivenCoefficientsAreOneForEachColumn) {
  const auto with = [](const char* given) {
    return refusal({"--csv", "a", "--y", "dq", "--x", "smtp,pop3", "--given", given});
  };
  EXPECT_EQ(options_of({"--csv", "a", "--y", "dq", "--x", "smtp,pop3", "--given", "8.6,-1"}).question.given,
            (std::vector<double>{8.6, -1}));
  for (const char* wrong : {"8.6", "8.6,1,2", "", ",", "8.6,", "a,b", "inf,1", "1;2"})
    EXPECT_NE(with(wrong).find("--given takes a number for each column"), std::string::npos) << wrong;
}

// With all queries halved by a cache, the paper's coefficients calculate twice what is seen.
TEST(Regress, GivenCoefficientsSayWhatACacheSaved) {
  SeriesTable table;
  table.rows = {"1", "2", "3"};
  table.columns = {{"smtp", {10, 20, 30}}, {"pop3", {1, 0, 5}}, {"dq", {43.5, 86, 131.5}}};
  RegressQuestion question;
  question.y = "dq";
  question.x = {"smtp", "pop3"};
  question.given = {8.6, 1};
  const RegressAnswer answer = regress_on(table, question, "t");
  EXPECT_EQ(answer.regression.calculated, (std::vector<double>{87, 172, 263}));
  EXPECT_DOUBLE_EQ(answer.regression.residuals[1], -86);
  const auto json = nlohmann::json::parse(regress_json(answer));
  EXPECT_NEAR(json["cache_efficiency"], 0.5, 1e-12);
  EXPECT_TRUE(json["stderr"][0].is_null());
  EXPECT_NE(regress_text(answer, TextStyle{}).find("cache efficiency 1 - observed / calculated = 0.500"),
            std::string::npos);
}

TEST(RegressCommandLine, WhatMakesNoSenseIsRefusedWithWhatWouldMakeIt) {
  EXPECT_NE(refusal({}).find("--csv FILE"), std::string::npos);
  EXPECT_NE(refusal({"--csv", "a"}).find("--y NAME"), std::string::npos);
  EXPECT_NE(refusal({"--csv", "a", "--y", "dq"}).find("--x NAME"), std::string::npos);
  const auto with = [](std::vector<const char*> more) {
    std::vector<const char*> words = {"--csv", "a", "--y", "dq", "--x", "smtp"};
    words.insert(words.end(), more.begin(), more.end());
    return refusal(words);
  };
  EXPECT_EQ(with({}), "");
  EXPECT_NE(with({"b"}).find("takes no 'b'; a file goes with --csv"), std::string::npos);
  EXPECT_NE(with({"--x", "smtp,smtp"}).find("'smtp' twice"), std::string::npos);
  EXPECT_NE(with({"--x", "smtp,"}).find("commas between"), std::string::npos);
  EXPECT_NE(with({"--x", "a,dq"}).find("'dq' cannot explain itself"), std::string::npos);
  EXPECT_NE(with({"--x", "1,2,3,4,5,6,7,8,9,a,b,c,d,e,f,g,h"}).find("at most 16"), std::string::npos);
  for (const char* step : {"0", "1500ms", "400d", "day"}) {
    EXPECT_NE(with({"--step", step}).find("whole seconds"), std::string::npos) << step;
  }
  for (const char* q : {"1", "-0.1", "half", "nan"}) {
    EXPECT_NE(with({"--q", q}).find("from 0 to below 1"), std::string::npos) << q;
  }
}

struct Outcome {
  int status = -1;
  std::string output;
};

// The program itself; both its streams.
Outcome run(const std::string& arguments) {
  std::FILE* pipe = popen(("exec 2>&1; \"$TAPLINE\" regress " + arguments).c_str(), "r");
  Outcome outcome;
  for (int c; (c = std::fgetc(pipe)) != EOF;) outcome.output += static_cast<char>(c);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

const std::string kTable = "--csv \"$TAPLINE_SOURCE_ROOT/tests/fixtures/kumamoto_2002.csv\" ";

TEST(Regress, PrintsThePapersFigures) {
  const Outcome done = run(kTable + "--y dq --x smtp,pop3 --step 1d --q 0.5");
  EXPECT_EQ(done.status, 0);
  for (const char* figure : {"3.120e+08", "9.084e+08", "2.652e+09", "3.612e+09", "1.052e+10", "8.5857",
                             "1.0277", "R^2 0.9882", "k = 4 and q = 0.5: n = 3.29", "2002-02-26"}) {
    EXPECT_NE(done.output.find(figure), std::string::npos) << figure << "\n" << done.output;
  }
}

TEST(Regress, PrintsOneJsonObject) {
  const Outcome done = run(kTable + "--y dq --x smtp,pop3 --json");
  EXPECT_EQ(done.status, 0);
  const auto json = nlohmann::json::parse(done.output);
  EXPECT_EQ(json["n"], 13);
  EXPECT_EQ(json["x"], (Names{"smtp", "pop3"}));
  EXPECT_EQ(json["matrix"][0][1], 908'353'012);
  EXPECT_EQ(json["matrix"][1][1], 2'652'040'578);
  EXPECT_EQ(json["vector"][1], 10'524'285'430);
  EXPECT_NEAR(json["coefficients"][0].get<double>(), 8.58565606, 1e-8);
  EXPECT_EQ(json["stderr"].size(), 2U);
  EXPECT_NEAR(json["r2"].get<double>(), 0.98818, 1e-5);
  ASSERT_EQ(json["residuals"].size(), 13U);
  EXPECT_NEAR(json["residuals"][0].get<double>(), 26845 - 8.58565606 * 1878 - 1.02769125 * 4480, 1e-3);
  EXPECT_EQ(json["rows"][12], "2002-02-26");
}

TEST(Regress, WhatIsNotKnownIsNull) {
  const Outcome done = run("--csv - --y b --x a --json <<'EOF'\na,b\n2,4\nEOF");
  EXPECT_EQ(done.status, 0) << done.output;
  const auto json = nlohmann::json::parse(done.output);
  EXPECT_EQ(json["coefficients"][0], 2);
  EXPECT_TRUE(json["stderr"][0].is_null());
  EXPECT_TRUE(json["interval95"][0][1].is_null());
  EXPECT_TRUE(json["r2"].is_null());
}

TEST(Regress, ReadsStandardInputAndSumsByStep) {
  const Outcome done =
      run("--csv - --y b --x a --step 1h --json <<'EOF'\ntime,a,b\n0,1,2\n10,1,3\n3600,3,7\n7205,1,2\nEOF");
  const auto json = nlohmann::json::parse(done.output);
  EXPECT_EQ(json["n"], 3);
  EXPECT_EQ(json["observed"], (std::vector<double>{5, 7, 2}));
}

TEST(Regress, SaysWhichColumnsSayNothingNew) {
  const Outcome twice = run("--csv - --y c --x a,b <<'EOF'\na,b,c\n1,2,3\n2,4,5\n3,6,9\nEOF");
  EXPECT_EQ(twice.status, 1);
  EXPECT_NE(twice.output.find("says nothing that the other columns do not say"), std::string::npos)
      << twice.output;
  const Outcome few = run("--csv - --y c --x a,b <<'EOF'\na,b,c\n1,2,3\nEOF");
  EXPECT_EQ(few.status, 1);
  EXPECT_EQ(few.output, "standard input: 1 row for 2 coefficients; give more rows, or a shorter --step\n");
}

TEST(Regress, TellsAWrongTableFromWrongUsage) {
  const Outcome table = run("--csv - --y c --x a <<'EOF'\na,c\n1,x\n2\nEOF");
  EXPECT_EQ(table.status, 1);
  EXPECT_NE(table.output.find("standard input:3: 1 field "), std::string::npos) << table.output;
  EXPECT_EQ(run("--csv /nowhere.csv --y c --x a").status, 1);
  EXPECT_EQ(run("--csv - --y c").status, 2);
}

TEST(Regress, ShowsTheLargestResidualsOfManyRows) {
  SeriesTable table;
  table.columns = {{"a", {}}, {"b", {}}};
  for (int i = 1; i <= 100; ++i) {
    table.rows.push_back(std::to_string(i));
    table.columns[0].values.push_back(i);
    table.columns[1].values.push_back(2.0 * i + (i == 17 ? 40 : i % 2));
  }
  RegressQuestion question;
  question.y = "b";
  question.x = {"a"};
  const std::string text = regress_text(regress_on(table, question, "made up"), TextStyle{});
  EXPECT_NE(text.find("the 40 largest of 100"), std::string::npos);
  EXPECT_NE(text.find("\n  17 "), std::string::npos) << text;
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(columns_of(line), 80U) << line;
  EXPECT_GT(count, 70U);
}

}  // namespace
}  // namespace mgmt

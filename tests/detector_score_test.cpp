// The scoring of detectors, by reports of a program that is made up.
#include "tests/support/detector_score.h"

#include <fstream>
#include <regex>

#include <gtest/gtest.h>

#include "tests/support/packet_builder.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using world::kSecond;
using world::Label;

constexpr double kStart = 1'700'038'800;  // of every capture

Label attack(const std::string& detector, const std::string& subject, bool required = true) {
  return {detector, address(subject), {40 * kSecond + kSecond / 2, 75 * kSecond}, required};
}

Finding finding(const std::string& detector, const std::string& subject, double second) {
  return {detector, subject, kStart + second, {}};
}

std::string without_padding(const std::string& table) {
  return std::regex_replace(table, std::regex(" +"), " ");
}

TEST(DetectorScore, AFindingOfAnotherProgramIsRead) {
  const ScratchDirectory scratch;
  const std::string program = scratch.path("program");
  std::ofstream(program) << R"(echo '{"findings": [
  {"detector": "backscatter", "subject": "10.1.0.25", "since": 1700038843.0, "until": null, "score": 7.5,
   "severity": "high", "evidence": {"r_squared": 0.99}, "advice": "reject"},
  {"detector": "ptr_flood", "subject": "2001:db8:1::53", "since": 1700038850, "until": 1700038860.5}]}'
)";
  EXPECT_EQ(Process({"sh", program}, scratch.path("out"), scratch.path("err")).wait(), 0);
  const auto found = findings_of(nlohmann::json::parse(contents_of(scratch.path("out"))));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(to_text(found[0]), "backscatter 10.1.0.25 from 43.0 s");
  EXPECT_EQ(to_text(found[1]), "ptr_flood 2001:db8:1::53 from 50.0 s to 60.5 s");
}

TEST(DetectorScore, AReportWithoutFindingsIsNotAReportOfNone) {
  EXPECT_THROW(findings_of(nlohmann::json::parse("{}")), std::runtime_error);
  EXPECT_THROW(findings_of(nlohmann::json::parse(R"({"findings": null})")), std::runtime_error);
  EXPECT_TRUE(findings_of(nlohmann::json::parse(R"({"findings": []})")).empty());
}

TEST(DetectorScore, SilenceMissesAnAttack) {
  const Verdicts verdicts = judge({attack("backscatter", "10.1.0.25")}, {});
  ASSERT_EQ(verdicts.outcomes.size(), 1U);
  EXPECT_FALSE(verdicts.outcomes[0].delay_steps.has_value());
  EXPECT_TRUE(verdicts.unexplained.empty());
}

TEST(DetectorScore, TheDelayIsCountedInBegunStepsUntilTheFirstFinding) {
  const auto delay = [](const std::vector<double>& seconds) {
    std::vector<Finding> findings;
    findings.reserve(seconds.size());
    for (const double second : seconds) findings.push_back(finding("backscatter", "10.1.0.25", second));
    return judge({attack("backscatter", "10.1.0.25")}, findings).outcomes[0].delay_steps;
  };
  EXPECT_EQ(delay({40}), 0U);  // The step in which it begins.
  EXPECT_EQ(delay({41}), 1U);
  EXPECT_EQ(delay({60, 43, 50}), 3U);
  EXPECT_EQ(delay({44}), 4U);
  EXPECT_EQ(delay({39.4}), std::nullopt);
  EXPECT_EQ(delay({85}), 45U);
  EXPECT_EQ(delay({85.1}), std::nullopt);
}

TEST(DetectorScore, AFindingThatIsStillOpenDoesNotLast) {
  const auto lasting = [](const std::vector<Finding>& findings) {
    return judge({attack("backscatter", "10.1.0.25")}, findings).outcomes[0].lasting_steps;
  };
  const Finding open = finding("backscatter", "10.1.0.25", 50);
  Finding ended = open;
  ended.until = kStart + 80.5;
  Finding earlier = finding("backscatter", "10.1.0.25", 42);
  earlier.until = kStart + 49;
  EXPECT_EQ(lasting({open}), std::nullopt);
  EXPECT_EQ(lasting({ended}), 6U);
  EXPECT_EQ(lasting({ended, earlier}), 6U);
  EXPECT_EQ(lasting({earlier}), 0U);  // Before the attack's end.
}

TEST(DetectorScore, AnotherSubjectAnotherDetectorAndAnotherTimeAreFalse) {
  const std::vector<Label> labels = {attack("backscatter", "10.1.0.25")};
  for (const Finding& wrong :
       {finding("backscatter", "10.1.0.53", 42), finding("ptr_flood", "10.1.0.25", 42),
        finding("backscatter", "10.1.0.25", 30), finding("backscatter", "10.1.0.25", 90)}) {
    const Verdicts verdicts = judge(labels, {wrong});
    EXPECT_EQ(verdicts.unexplained.size(), 1U) << to_text(wrong);
    EXPECT_FALSE(verdicts.outcomes[0].delay_steps.has_value()) << to_text(wrong);
  }
}

TEST(DetectorScore, AConsequenceMayBeFoundOrNot) {
  const std::vector<Label> labels = {attack("backscatter", "10.1.0.25"),
                                     attack("ptr_flood", "10.1.0.53", false)};
  const Verdicts verdicts = judge(labels, {finding("ptr_flood", "10.1.0.53", 42)});
  EXPECT_TRUE(verdicts.unexplained.empty());
  EXPECT_EQ(verdicts.outcomes.size(), 1U);
}

TEST(DetectorScore, RowsAddUp) {
  const world::Scenario& backscatter = *world::scenario_named("backscatter_few_clients");
  const std::vector<Label> labels = {attack("backscatter", "10.1.0.25")};
  ScoreTable table;
  table.add(backscatter, 3, judge(labels, {finding("backscatter", "10.1.0.25", 42)}));
  table.add(backscatter, 3, judge(labels, {finding("backscatter", "10.1.0.25", 44)}));
  table.add(backscatter, 3, judge(labels, {}));
  table.add(backscatter, 3, judge(labels, {finding("ptr_flood", "10.1.0.53", 44)}));
  table.add(*world::scenario_named("web_crawler"), 0, judge({}, {finding("backscatter", "10.1.0.25", 44)}));
  table.add(*world::scenario_named("peer_to_peer"), 0, judge({}, {finding("ptr_flood", "10.1.0.25", 44)}));
  table.add(*world::scenario_named("holiday"), 0, judge({}, {}));
  const ScoreTable::Row& row = table.row("backscatter", "3x");
  EXPECT_EQ(row.runs, 4U);
  EXPECT_EQ(row.found(), 2U);
  EXPECT_EQ(row.missed, 2U);
  EXPECT_EQ(row.false_findings, 0U);
  EXPECT_EQ(row.delays, (std::vector<unsigned>{2, 4}));
  EXPECT_EQ(table.row("ptr_flood", "3x").false_findings, 1U);
  EXPECT_EQ(table.row("backscatter", "look-alike").false_findings, 1U);
  EXPECT_EQ(table.row("(all)", "look-alike").false_findings, 1U);
  EXPECT_EQ(table.row("(all)", "look-alike").runs, 1U);
  EXPECT_EQ(table.row("(all)", "day").runs, 1U);
  EXPECT_NE(without_padding(table.text()).find("\nbackscatter all 4 2 2 1 0.667 0.500 4 4 -\n"),
            std::string::npos)
      << table.text();
}

}  // namespace
}  // namespace tests

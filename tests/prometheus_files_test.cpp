// The rules and the dashboard that ship for Prometheus and Grafana: promtool takes every expression, each
// alert rises when it should, and what they ask for is what /metrics has.
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "mgmt/api/metrics.h"
#include "tests/support/captures.h"
#include "tests/support/fixed_sensor.h"
#include "tests/support/program.h"

namespace tests {
namespace {

const std::filesystem::path kFolder = source_root() / "mgmt/prometheus";

class PrometheusFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (shell("command -v promtool >/dev/null") != 0)
      GTEST_SKIP() << "promtool is missing: scripts/setup --ci";
  }

  void expect_promtool_takes(const std::string& words) {
    EXPECT_EQ(shell("promtool " + words + " >" + scratch_.path("said") + " 2>&1"), 0)
        << contents_of(scratch_.path("said"));
  }

  // Of every panel of the dashboard.
  static std::vector<std::string> expressions() {
    std::vector<std::string> all;
    const auto dashboard = nlohmann::json::parse(contents_of((kFolder / "grafana.json").string()));
    for (const auto& panel : dashboard["panels"]) {
      for (const auto& target : panel["targets"]) all.push_back(target["expr"]);
    }
    return all;
  }

  ScratchDirectory scratch_;
};

TEST_F(PrometheusFiles, TheAlertsAreSound) {
  expect_promtool_takes("check rules " + (kFolder / "alerts.yml").string());
  expect_promtool_takes("test rules " + (kFolder / "alerts_test.yml").string());
}

TEST_F(PrometheusFiles, EveryExpressionOfTheDashboardIsOne) {
  std::ofstream rules(scratch_.path("rules.yml"));
  rules << "groups:\n- name: dashboard\n  rules:\n";
  int number = 0;
  for (std::string expression : expressions()) {
    expression = std::regex_replace(expression, std::regex("\\$instance"), ".*");
    rules << "  - record: panel:" << number++ << "\n    expr: '" << expression << "'\n";
  }
  rules.close();
  EXPECT_GT(number, 10);
  expect_promtool_takes("check rules " + scratch_.path("rules.yml"));
}

TEST_F(PrometheusFiles, WhatTheyAskForIsThere) {
  FixedSensor sensor;
  const std::string metrics = mgmt::metrics_text(*sensor.state());
  std::string asked = contents_of((kFolder / "alerts.yml").string());
  for (const std::string& expression : expressions()) asked += expression + "\n";
  static const std::regex kName("tapline_[a-z_]+");
  std::set<std::string> names(std::sregex_token_iterator(asked.begin(), asked.end(), kName),
                              std::sregex_token_iterator());
  EXPECT_GT(names.size(), 15U);
  for (const std::string& name : names) {
    const std::string family = std::regex_replace(name, std::regex("_bucket$"), "");
    EXPECT_NE(metrics.find("# TYPE " + family + " "), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace tests

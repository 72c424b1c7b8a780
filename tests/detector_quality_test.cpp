// The detectors on captures whose attacks are known: `tapline replay` on every scenario, at every strength,
// with several seeds (TAPLINE_SEEDS, 3). The table goes to the test's log.
#include <cstdlib>
#include <iostream>

#include <gtest/gtest.h>

#include "tests/support/detector_score.h"
#include "tests/support/program.h"
#include "tests/support/world/recorder.h"

namespace tests {
namespace {

using world::Kind;
using world::Scenario;

constexpr unsigned kMostSteps = 3;

constexpr std::string_view kConfig = R"([network]
internal = ["10.1.0.0/16", "2001:db8:1::/48"]
local_domains = ["campus.example"]
subdomains = ["cc.campus.example"]

[[mail_server]]
name = "mx"
address = ["10.1.0.25"]

[[dns_server]]
name = "tdns"
address = ["10.1.0.53"]

[detectors]
step = "1s"
learn = "15s"
window = "10s"
)";

struct Trial {
  const Scenario* scenario = nullptr;
  unsigned strength = 0;
  std::uint64_t seed = 0;
  Verdicts verdicts;

  std::string name() const {
    return std::string(scenario->name) + " " + strength_text(scenario->unit, strength) + " " +
           std::to_string(seed);
  }
};

class DetectorQuality : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const char* const wanted = std::getenv("TAPLINE_SEEDS");
    const std::uint64_t seeds = wanted == nullptr ? 3 : std::strtoull(wanted, nullptr, 10);
    const ScratchDirectory scratch;
    std::ofstream(scratch.path("tapline.toml")) << kConfig;
    world::Recorder recorder;
    ScoreTable table;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      for (const Scenario& scenario : world::scenarios()) {
        for (const unsigned strength : scenario.strengths) {
          trials_.push_back({&scenario, strength, seed, run(recorder, scenario, strength, seed, scratch)});
          table.add(scenario, strength, trials_.back().verdicts);
        }
      }
    }
    std::cout << table.text() << std::flush;
  }

  static Verdicts run(world::Recorder& recorder, const Scenario& scenario, unsigned strength,
                      std::uint64_t seed, const ScratchDirectory& scratch) {
    const std::string capture = scratch.path("capture.pcap");
    const auto labels = recorder.record(scenario, strength, seed, capture);
    Process tapline_replay({tapline(), "replay", "--config", scratch.path("tapline.toml"), "--json", capture},
                           scratch.path("report.json"), scratch.path("errors"));
    if (tapline_replay.wait() != 0) throw std::runtime_error(contents_of(scratch.path("errors")));
    return judge(labels, findings_of(nlohmann::json::parse(contents_of(scratch.path("report.json")))));
  }

  static void expect_nothing_false(Kind kind) {
    for (const Trial& trial : trials_) {
      if (trial.scenario->kind != kind) continue;
      for (const Finding& finding : trial.verdicts.unexplained)
        ADD_FAILURE() << trial.name() << ": " << to_text(finding);
    }
  }

  inline static std::vector<Trial> trials_;
};

TEST_F(DetectorQuality, NothingIsFoundOnAnOrdinaryDay) {
  ASSERT_FALSE(trials_.empty());
  expect_nothing_false(Kind::kDay);
}

TEST_F(DetectorQuality, NothingIsFoundWhereItOnlyLooksLikeAnAttack) {
  expect_nothing_false(Kind::kLookAlike);
}

TEST_F(DetectorQuality, FindingsAreOfThoseUnderAttackAndOfTheTimeOfTheAttack) {
  expect_nothing_false(Kind::kAttack);
}

TEST_F(DetectorQuality, AnAttackOfThreeTimesTheBaselineIsFoundWithinThreeSteps) {
  for (const Trial& trial : trials_) {
    if (trial.scenario->kind != Kind::kAttack || trial.strength < trial.scenario->found_from) continue;
    for (const Outcome& outcome : trial.verdicts.outcomes) {
      if (!outcome.delay_steps.has_value()) {
        ADD_FAILURE() << trial.name() << ": " << outcome.detector << " misses it";
      } else {
        EXPECT_LE(*outcome.delay_steps, kMostSteps) << trial.name() << ": " << outcome.detector;
      }
    }
  }
}

}  // namespace
}  // namespace tests

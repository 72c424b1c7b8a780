// `tapline bench` from end to end: short trials, whose rates mean nothing but whose books must balance.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/captures.h"
#include "tests/support/network.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using nlohmann::json;

class BenchCommand : public testing::Test {
 protected:
  json run(const std::string& arguments) {
    EXPECT_EQ(shell("$TAPLINE bench --json " + arguments + " >" + scratch_.path("out") + " 2>" +
                    scratch_.path("err")),
              0)
        << contents_of(scratch_.path("err"));
    return json::parse(contents_of(scratch_.path("out")), nullptr, false);
  }

  static void expect_balanced(const json& trial) {
    ASSERT_TRUE(trial.is_object());
    const json& lost = trial["lost"];
    EXPECT_EQ(trial["balanced"], true) << trial;
    EXPECT_EQ(trial["offered"].get<std::uint64_t>(),
              trial["received"].get<std::uint64_t>() + lost["rx_queue_full"].get<std::uint64_t>() +
                  lost["no_buffer"].get<std::uint64_t>() + lost["elsewhere"].get<std::uint64_t>())
        << trial;
  }

  ScratchDirectory scratch_;
};

TEST_F(BenchCommand, ATrialAtARateOffersThatRate) {
  const json report = run("--mix core-mix --rate 200k --seconds 0.5");
  const json& trial = report["results"][0]["at_rate"];
  expect_balanced(trial);
  EXPECT_LE(trial["mpps"], 0.204);
  EXPECT_GE(trial["mpps"], 0.15);  // on a busy machine the last look is some milliseconds ago
  EXPECT_NEAR(trial["events"].get<double>() / trial["received"].get<double>(), 0.24, 0.03);
  for (const char* key : {"seconds", "gbps", "line_rate_share", "cycles_per_packet",
                          "source_cycles_per_packet", "packet_to_summary_s"})
    EXPECT_TRUE(trial.contains(key)) << key;
  for (const char* link : {"10GbE", "25GbE", "40GbE", "100GbE"})
    EXPECT_GT(trial["line_rate_share"][link], 0) << link;
  EXPECT_GE(trial["packet_to_summary_s"]["max"], 1.0);
  EXPECT_GE(trial["packet_to_summary_s"]["max"], trial["packet_to_summary_s"]["p99"]);
}

// Three threads and more, on however many cores there are.
TEST_F(BenchCommand, SearchesForEachNumberOfWorkers) {
  const json report = run("--mix dns-flood-random-clients --cores 1,2 --seconds 0.1 --loss 50");
  EXPECT_EQ(report["mix"], "dns-flood-random-clients");
  ASSERT_EQ(report["results"].size(), 2U);
  for (unsigned i = 0; i < 2; ++i) {
    const json& result = report["results"][i];
    EXPECT_EQ(result["workers"], i + 1);
    EXPECT_EQ(result["shared_cores"], result["threads"] > report["cores"]);
    expect_balanced(result["flat_out"]);
    EXPECT_GT(result["flat_out"]["received"], 1000);
    for (const char* which : {"highest", "first_loss", "half_load"}) {
      ASSERT_TRUE(result.contains(which));
      if (!result[which].is_null()) expect_balanced(result[which]);
    }
  }
}

TEST_F(BenchCommand, TheSizeIsThatOfEveryFrame) {
  const json report = run("--mix 64B --size 1518 --rate 10k --seconds 0.2");
  EXPECT_EQ(report["frame_octets"], 1518);
  EXPECT_EQ(report["results"][0]["at_rate"]["events"], 0);
}

TEST_F(BenchCommand, EveryMixHasItsVerdicts) {
  for (const char* mix : {"64B", "imix", "dns-only", "syn-flood"}) {
    const json report = run(std::string("--rate 50k --seconds 0.1 --mix ") + mix);
    expect_balanced(report["results"][0]["at_rate"]);
    EXPECT_GT(report["results"][0]["at_rate"]["received"], 100) << mix;
  }
}

// One end of a cable sends, the other is captured: what arrives has its verdict.
TEST_F(BenchCommand, FramesCrossACable) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const Cable cable(1500);
  if (!cable.laid()) GTEST_SKIP() << "no network namespaces here";
  std::ofstream(scratch_.path("tapline.toml")) << "[[port]]\nname = \"near\"\ndriver = \"af_packet\"\n"
                                               << "[[port]]\nname = \"far\"\ndriver = \"af_packet\"\n";
  Process process(
      cable.inside({tapline(), "bench", "--json", "--config", scratch_.path("tapline.toml"), "--ports",
                    "near,far", "--rate", "20k", "--seconds", "0.5", "--mix", "dns-only"}),
      scratch_.path("out"), scratch_.path("err"));
  ASSERT_EQ(process.wait(), 0) << contents_of(scratch_.path("err"));
  const json report = json::parse(contents_of(scratch_.path("out")), nullptr, false);
  EXPECT_EQ(report["source"], "near to far");
  const json& trial = report["results"][0]["at_rate"];
  expect_balanced(trial);
  EXPECT_LE(trial["offered"], 11'500);
  EXPECT_GE(trial["offered"], 3'000);
  EXPECT_GT(trial["received"], 100);  // who is not given the processor loses what the kernel holds
  EXPECT_GT(trial["events"].get<double>(), 2 * trial["received"].get<double>());
  EXPECT_GE(cable.arrived(), trial["received"].get<std::uint64_t>());
}

}  // namespace
}  // namespace tests

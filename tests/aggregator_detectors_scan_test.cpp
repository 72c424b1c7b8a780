// connections_without_resolution
#include <gtest/gtest.h>

#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::Finding;

constexpr auto kUnresolved = Field::kWithoutResolution;
const std::string kFound = "connections_without_resolution 10.0.0.7";

std::uint32_t anywhere(MadeUpStep& step) {
  return 6'000'000 + static_cast<std::uint32_t>(step.below(1'000'000));
}

// Quiet browsing, then `happens` besides.
template <class Happens>
std::string found(std::int64_t steps, std::uint64_t seed, Happens&& happens) {
  MadeUpNetwork network(seed);
  network.run(25, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 1); });
  network.run(steps, [&](MadeUpStep& step, std::int64_t number) {
    step.browse(host(7), 1);
    happens(step, number);
  });
  return network.summary();
}

TEST(Scan, OfManyAddressesIsFoundWithinThreeSteps) {
  for (const std::uint16_t port : {135, 445, 22, 5900}) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      EXPECT_EQ(found(3, seed,
                      [&](MadeUpStep& step, std::int64_t) {
                        step.connect(host(7), port, anywhere(step), 11, kUnresolved, false);
                      }),
                kFound);
    }
  }
}

TEST(Scan, OfManyPortsIsFound) {
  MadeUpNetwork network(1);
  network.run(25, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 1); });
  network.run(3, [](MadeUpStep& step, std::int64_t number) {
    step.browse(host(7), 1);
    for (std::uint16_t i = 0; i < 20; ++i) {
      step.connect(host(7), static_cast<std::uint16_t>(number * 20 + i), 99, 1, kUnresolved, false);
    }
  });
  ASSERT_EQ(network.summary(), kFound);
  const Finding finding = network.findings()[0];
  EXPECT_EQ(evidence<std::string>(finding, "pattern"), "vertical");
  EXPECT_EQ(evidence<std::string>(finding, "target"), "10.0.0.99");
  EXPECT_GE(evidence<std::uint64_t>(finding, "ports"), 40U);
}

TEST(Scan, IsFoundWhenItIsSlow) {
  EXPECT_EQ(found(60, 1,
                  [](MadeUpStep& step, std::int64_t number) {
                    if (number % 2 == 0) step.connect(host(7), 445, anywhere(step), 1, kUnresolved, false);
                  }),
            kFound);
}

TEST(Scan, SaysWhatItRestsOn) {
  MadeUpNetwork network(1);
  network.run(25, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 1); });
  network.run(20, [](MadeUpStep& step, std::int64_t) {
    step.browse(host(7), 1);
    step.connect(host(7), 135, anywhere(step), 20, kUnresolved, false);
  });
  ASSERT_EQ(network.summary(), kFound);
  const Finding finding = network.findings()[0];
  EXPECT_EQ(finding.since_ns, network.begin_ns(25));
  EXPECT_EQ(evidence<std::string>(finding, "pattern"), "horizontal");
  EXPECT_EQ(evidence<std::uint64_t>(finding, "port"), 135U);
  EXPECT_GT(evidence<std::uint64_t>(finding, "addresses"), 100U);
  EXPECT_GT(evidence<double>(finding, "without_resolution_share"), 0.9);
  EXPECT_GT(evidence<double>(finding, "failed_share"), 0.8);
  EXPECT_GT(finding.score, 0.9);
  EXPECT_NE(finding.advice.find("port 135"), std::string::npos);
}

TEST(Scan, OfTheWebTakesMoreAddressesAndFails) {
  const auto scan = [](bool accepted) {
    return found(10, 1, [&](MadeUpStep& step, std::int64_t) {
      step.connect(host(7), 80, anywhere(step), 15, kUnresolved, accepted);
    });
  };
  EXPECT_EQ(scan(false), kFound);
  EXPECT_EQ(scan(true), "");
}

// It never asks on port 53: resolved some other way, or a worm that guesses addresses.
TEST(Scan, OfAHostThatNeverAsksMustBeUnmistakable) {
  const auto only = [](std::uint16_t port, std::uint64_t a_step, Field field, bool accepted) {
    MadeUpNetwork network(1);
    network.run(25, [](MadeUpStep& step, std::int64_t) { step.browse(host(9), 1); });
    network.run(10, [&](MadeUpStep& step, std::int64_t) {
      step.browse(host(9), 1);
      step.connect(host(7), port, anywhere(step), a_step, field, accepted);
    });
    return network.summary();
  };
  EXPECT_EQ(only(445, 20, kUnresolved, false), kFound);
  EXPECT_EQ(only(445, 20, Field::kNotJudged, false), kFound);
  EXPECT_EQ(only(443, 3, kUnresolved, true), "");
  EXPECT_EQ(only(443, 10, kUnresolved, true), "");
  EXPECT_EQ(only(443, 10, Field::kNotJudged, true), "");
}

TEST(Scan, IsNotADotClientOrOneWithACacheOrACdn) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(found(60, seed,
                    [](MadeUpStep& step, std::int64_t) {
                      step.connect(host(7), 853, 98, 1, Field::kResolved, true);
                      step.connect(host(7), 443, anywhere(step), 3, kUnresolved, true);
                    }),
              "");
    // Addresses of a CDN that are used beyond their TTL, or known from before the capture.
    EXPECT_EQ(found(60, seed,
                    [](MadeUpStep& step, std::int64_t) {
                      step.connect(host(7), 443, 7'000'000 + static_cast<std::uint32_t>(step.below(60)),
                                   step.poisson(2), kUnresolved, true);
                    }),
              "");
  }
}

// One peer in six listens at the usual port.
TEST(Scan, IsNotAPeerToPeerProgram) {
  EXPECT_EQ(found(60, 1,
                  [](MadeUpStep& step, std::int64_t) {
                    for (int i = 0; i < 12; ++i) {
                      const std::uint64_t port = i % 6 == 0 ? 6881 : 10'000 + step.below(50'000);
                      step.connect(host(7), static_cast<std::uint16_t>(port), anywhere(step), 1, kUnresolved,
                                   step.below(2) == 0);
                    }
                  }),
            "");
}

TEST(Scan, IsWithheldWhileLossCouldExplainIt) {
  const auto with_loss = [](std::uint64_t lost, std::uint64_t names, std::uint64_t scanned) {
    MadeUpNetwork network(1);
    network.run(25, [](MadeUpStep& step, std::int64_t) { step.browse(host(7), 1); });
    network.run(10, [&](MadeUpStep& step, std::int64_t) {
      step.lose(lost);
      step.connect(host(7), 80, anywhere(step), names, Field::kResolved, true);
      step.connect(host(7), 5222, anywhere(step), scanned, kUnresolved, true);
    });
    return std::pair(network.summary(), network.detectors().losses().withheld);
  };
  EXPECT_EQ(with_loss(0, 20, 4).first, kFound);
  const auto [summary, withheld] = with_loss(1'000, 20, 4);
  EXPECT_EQ(summary, "");
  EXPECT_GT(withheld, 0U);
  EXPECT_EQ(with_loss(1'000, 0, 15).first, kFound);  // So much loss there is not.
}

TEST(Scan, OfExemptHostsAndPortsIsNone) {
  aggregator::DetectorSettings settings = quick_settings();
  settings.exempt_hosts = {wire::Network(host(7), 128)};
  settings.exempt_ports = {7680};
  MadeUpNetwork network(1, settings);
  network.run(25, [](MadeUpStep& step, std::int64_t) { step.browse(host(8), 1); });
  network.run(20, [](MadeUpStep& step, std::int64_t) {
    step.browse(host(8), 1);
    step.connect(host(7), 445, anywhere(step), 30, kUnresolved, false);
    step.connect(host(8), 7680, anywhere(step), 30, kUnresolved, false);
  });
  EXPECT_EQ(network.summary(), "");
}

}  // namespace
}  // namespace tests

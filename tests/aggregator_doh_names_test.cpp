// Who resolves where the tap cannot see it.
#include <gtest/gtest.h>

#include "aggregator/doh_names.h"
#include "matchers/domain_text.h"
#include "tests/support/events.h"
#include "tests/support/made_up_steps.h"

namespace tests {
namespace {

using aggregator::DohNames;
using aggregator::Unjudgeable;

std::uint64_t hash_of(const char* name) {
  return EventScript().query({}, name).events().back().name_hash;
}

TEST(DohNames, HoldsThePublicResolversAndTheOperators) {
  EXPECT_TRUE(DohNames().contains(hash_of("dns.google")));
  EXPECT_TRUE(DohNames().contains(hash_of("mozilla.cloudflare-dns.com")));
  EXPECT_FALSE(DohNames().contains(hash_of("google")));
  EXPECT_FALSE(DohNames().contains(hash_of("www.dns.google")));
  EXPECT_FALSE(DohNames().contains(0));  // no sound name
  EXPECT_FALSE(DohNames().contains(hash_of("doh.campus.example")));
  EXPECT_TRUE(DohNames({"DoH.campus.example."}).contains(hash_of("doh.campus.example")));
}

TEST(DohNames, HasRoomForAllThatTheOperatorMayName) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < DohNames::kMost; ++i) names.push_back("d" + std::to_string(i) + ".example");
  const DohNames set(names);
  for (const std::string& name : names) EXPECT_TRUE(set.contains(hash_of(name.c_str())));
  EXPECT_FALSE(set.contains(hash_of("d64.example")));
}

TEST(Detectors, SayWhoseConnectionsCannotBeJudgedAndWhy) {
  aggregator::DetectorSettings settings = quick_settings();
  settings.internal = {*wire::network_from("10.0.0.0/24")};
  MadeUpNetwork network(1, settings);
  network.run(3, [](MadeUpStep& step, std::int64_t) {
    step.browse(host(7), 1);
    step.browse(host(8), 1);
    step.row(host(8)).counts[Field::kQueriesDoh] = 1;
    step.row(host(9)).counts[Field::kConnectHttps] = 1;
    step.row(host(10)).counts[Field::kConnectDot] = 1;
    step.row(host(11)).counts[Field::kReceivedHttps] = 1;     // a server that opens no connection
    step.row(host(90'000)).counts[Field::kConnectHttps] = 1;  // outside
  });
  std::string text;
  for (const auto& row : network.detectors().not_judgeable())
    text += to_text(row.client) + " " +
            std::string(aggregator::kUnjudgeableNames[static_cast<std::size_t>(row.reason)]) + "\n";
  EXPECT_EQ(text, to_text(host(8)) + " asks for a DNS over HTTPS server\n" + to_text(host(9)) +
                      " never asks on port 53\n" + to_text(host(10)) + " uses DNS over TLS\n");
}

}  // namespace
}  // namespace tests

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/report_json.h"
#include "mgmt/summary_json.h"
#include "tests/support/fabricated_summaries.h"

namespace mgmt {
namespace {

using Json = nlohmann::ordered_json;

Json report(const aggregator::Summary& summary) {
  return Json::parse(report_json(summary));
}

// Keys of `json` that the issue asks for and that are not there.
std::string missing(const Json& json, std::initializer_list<const char*> keys) {
  std::string names;
  for (const char* key : keys) {
    if (!json.contains(key)) names += std::string(key) + " ";
  }
  return names;
}

std::uint64_t sum(const Json& counts) {
  std::uint64_t total = 0;
  for (const auto& count : counts) total += count.get<std::uint64_t>();
  return total;
}

TEST(ReportJson, HasTheKeysOfTheIssueEvenForAnEmptyCapture) {
  for (const auto& summary : {aggregator::Summary{}, fabricated::campus(1000)}) {
    const Json json = report(summary);
    EXPECT_EQ(missing(json, {"ledger", "dns", "tcp", "pairing", "clients"}), "");
    EXPECT_EQ(missing(json["ledger"], {"frames", "bytes", "first", "last", "verdicts", "events", "ring_full",
                                       "duplicates_forgotten"}),
              "");
    EXPECT_EQ(missing(json["dns"], {"udp", "tcp", "types", "rcodes", "malformed"}), "");
    EXPECT_EQ(missing(json["dns"]["udp"], {"queries", "responses"}), "");
    EXPECT_EQ(missing(json["dns"]["tcp"], {"queries", "responses"}), "");
    EXPECT_EQ(missing(json["tcp"], {"syn", "syn_ack"}), "");
    EXPECT_EQ(missing(json["pairing"], {"mode", "window", "answers", "answers_with_address",
                                        "address_records", "a_records", "aaaa_records", "syns", "pairs",
                                        "syns_following", "syn_ports", "paired_ports", "delay"}),
              "");
    EXPECT_EQ(missing(json["pairing"]["delay"], {"mean", "rate", "p50", "p90", "p99", "histogram"}), "");
  }
}

TEST(ReportJson, RowsHaveTheKeysOfTheIssue) {
  const Json json = report(fabricated::campus(1000));
  const Json& client = json["clients"].at(0);
  EXPECT_EQ(missing(client, {"address", "queries", "responses", "nxdomain", "connections", "paired"}), "");
  EXPECT_EQ(missing(json["pairing"]["syn_ports"].at(0), {"port", "service", "packets"}), "");
  EXPECT_EQ(missing(json["pairing"]["delay"]["histogram"].at(0), {"from", "to", "count"}), "");
}

// The API makes them of JSON values, the report writes them.
TEST(ReportJson, AClientIsTheSameInTheReportAndInTheApi) {
  aggregator::Summary summary;
  summary.clients = {{.address = {0, 0x0719'000A'FFFF'0000}, .queries = ~std::uint64_t{0}},
                     {.address = {0xB80D'0120, 0x100'0000'0000'0000},
                      .responses = 2,
                      .nxdomain = 3,
                      .connections = 4,
                      .paired = 5,
                      .quic = 6}};
  EXPECT_EQ(report(summary)["clients"],
            Json({client_json(summary.clients[0]), client_json(summary.clients[1])}));
}

TEST(ReportJson, VerdictsAreAllThereAndAddUpToTheFrames) {
  const Json ledger = report(fabricated::campus(777))["ledger"];
  EXPECT_EQ(ledger["verdicts"].size(), wire::kVerdicts);
  EXPECT_EQ(ledger["events"].size(), dataplane::kEventKinds);
  EXPECT_EQ(sum(ledger["verdicts"]), ledger["frames"]);
}

TEST(ReportJson, CountsLandUnderTheirOwnNames) {
  aggregator::Summary summary;
  for (std::size_t i = 0; i < wire::kVerdicts; ++i) summary.ledger.verdicts[i] = 100 + i;
  for (std::size_t i = 0; i < dataplane::kEventKinds; ++i) summary.ledger.events[i] = 200 + i;
  summary.dns = {1, 2, 3, 4, 5, 6, {{28, 7}}, {{3, 8}}};
  summary.syn = 9;
  summary.syn_ack = 10;
  const Json json = report(summary);
  for (std::size_t i = 0; i < wire::kVerdicts; ++i) {
    EXPECT_EQ(json["ledger"]["verdicts"][std::string(wire::kVerdictNames[i])], 100 + i);
  }
  EXPECT_EQ(json["ledger"]["events"]["connect"],
            200 + static_cast<std::size_t>(dataplane::EventKind::kConnect));
  EXPECT_EQ(json["dns"]["udp"], Json({{"queries", 1}, {"responses", 2}}));
  EXPECT_EQ(json["dns"]["tcp"], Json({{"queries", 3}, {"responses", 4}}));
  EXPECT_EQ(json["dns"]["malformed"], 5);
  EXPECT_EQ(json["dns"]["types"], Json({{"AAAA", 7}, {"none", 6}}));
  EXPECT_EQ(json["dns"]["rcodes"], Json({{"NXDOMAIN", 8}}));
  EXPECT_EQ(json["tcp"], Json({{"syn", 9}, {"syn_ack", 10}}));
}

TEST(ReportJson, QueryTypesAddUpToTheQueries) {
  aggregator::Summary summary;
  summary.dns.udp_queries = 10;
  summary.dns.types = {{1, 6}, {65280, 3}};
  summary.dns.no_question = 1;
  EXPECT_EQ(sum(report(summary)["dns"]["types"]), 10U);
}

TEST(ReportJson, TimesAreSecondsAndKeepTheirMicroseconds) {
  const Json json = report(fabricated::campus(1000));
  EXPECT_EQ(json["ledger"]["first"], 1060610400.1234568);  // The double nearest to ....123456789.
  EXPECT_EQ(json["pairing"]["window"], 1.0);
  EXPECT_EQ(json["pairing"]["delay"]["histogram"].at(1)["to"], 0.04);
}

TEST(ReportJson, WhatCannotBeKnownIsNull) {
  aggregator::Summary summary;
  summary.pairing.histogram = {{0, 1'000'000'000, 0}};
  const Json json = report(summary);
  EXPECT_TRUE(json["ledger"]["first"].is_null());
  EXPECT_TRUE(json["ledger"]["last"].is_null());
  for (const char* key : {"mean", "rate", "p50", "p90", "p99"}) {
    EXPECT_TRUE(json["pairing"]["delay"][key].is_null()) << key;
  }
  EXPECT_EQ(json["pairing"]["delay"]["histogram"].size(), 1U);
}

TEST(ReportJson, AMeanOfZeroIsKnownAndItsRateIsNot) {
  aggregator::Summary summary;
  summary.pairing.pairs = 1;
  const Json delay = report(summary)["pairing"]["delay"];
  EXPECT_EQ(delay["mean"], 0.0);
  EXPECT_EQ(delay["p50"], 0.0);
  EXPECT_TRUE(delay["rate"].is_null());
}

TEST(ReportJson, AddressRecordsAreBothFamilies) {
  aggregator::Summary summary;
  summary.pairing.a_records = 5;
  summary.pairing.aaaa_records = 7;
  summary.pairing.mode = aggregator::Correlate::kAddress;
  const Json pairing = report(summary)["pairing"];
  EXPECT_EQ(pairing["address_records"], 12);
  EXPECT_EQ(pairing["a_records"], 5);
  EXPECT_EQ(pairing["aaaa_records"], 7);
  EXPECT_EQ(pairing["mode"], "address");
}

TEST(ReportJson, ANameThatIsNotUtf8IsReplacedAndDoesNotEndTheReport) {
  aggregator::Summary summary;
  summary.names = {{"\xFF\xFE\"quoted\"", 1, 0}};
  EXPECT_EQ(report(summary)["names"].at(0)["queries"], 1);
}

TEST(ReportJson, FindingsHaveTheKeysOfTheIssue) {
  aggregator::Summary summary = fabricated::campus(1000);
  EXPECT_FALSE(report(summary).contains("findings"));
  summary.hosts.emplace();
  EXPECT_EQ(report(summary)["findings"], Json::array());
  summary.hosts = fabricated::two_findings();
  const Json findings = report(summary)["findings"];
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(missing(findings[0],
                    {"detector", "subject", "since", "until", "score", "severity", "evidence", "advice"}),
            "");
  EXPECT_EQ(findings[0]["id"], 1);
  EXPECT_EQ(findings[0]["detector"], "backscatter");
  EXPECT_EQ(findings[0]["subject"], "10.1.0.25");
  EXPECT_EQ(findings[0]["name"], "mx1");
  EXPECT_EQ(findings[0]["since"], 1060610460.5);
  EXPECT_TRUE(findings[0]["until"].is_null());
  EXPECT_EQ(findings[0]["score"], 0.875);
  EXPECT_EQ(findings[0]["severity"], "high");
  EXPECT_EQ(findings[0]["evidence"], Json({{"unresolved_per_s", 12.5},
                                           {"smtp_clients", 4321},
                                           {"pattern", "horizontal"},
                                           {"forged_domains", {"a.example", "b.example"}}}));
  EXPECT_EQ(findings[0]["advice"], "Reject unknown recipients.");
  EXPECT_EQ(findings[1]["subject"], "2001:db8::7");
  EXPECT_TRUE(findings[1]["name"].is_null());
  EXPECT_EQ(findings[1]["until"], 1060610550.5);
  EXPECT_EQ(findings[1]["severity"], "low");
}

TEST(ReportJson, RankingsHaveTheirBounds) {
  aggregator::Summary summary = fabricated::campus(1000);
  EXPECT_EQ(report(summary)["domains"][0],
            Json({{"domain", "example.com"}, {"queries", 9000}, {"error", 0}}));
  EXPECT_EQ(report(aggregator::Summary{})["domains"], Json::array());
  EXPECT_FALSE(report(summary).contains("smtp_clients"));
  EXPECT_FALSE(report(summary).contains("unresolved_destinations"));
  fabricated::fill_tops(summary.hosts.emplace(), 1000);
  const Json json = report(summary);
  EXPECT_EQ(json["smtp_clients"].size(), 4U);
  EXPECT_EQ(json["smtp_clients"][2], Json({{"server", "10.1.0.25"},
                                           {"server_name", "mx1"},
                                           {"client", "192.0.2.8"},
                                           {"connections", 1000},
                                           {"error", 1000}}));
  EXPECT_EQ(json["unresolved_destinations"][0], Json({{"address", "198.51.100.1"},
                                                      {"port", 135},
                                                      {"connections", 9000},
                                                      {"error", 3},
                                                      {"clients", 12}}));
}

TEST(ReportJson, EvidenceThatIsNoNumberIsNull) {
  aggregator::Summary summary;
  summary.hosts = fabricated::two_findings();
  summary.hosts->findings[0].evidence = {{"ratio", std::nan("")}, {"domain", std::string("\xFF")}};
  const Json evidence = report(summary)["findings"][0]["evidence"];
  EXPECT_TRUE(evidence["ratio"].is_null());
  EXPECT_EQ(evidence["domain"], "\xEF\xBF\xBD");
}

TEST(ReportJson, TheLargestCountSurvives) {
  aggregator::Summary summary;
  summary.syn = UINT64_MAX;
  EXPECT_EQ(report(summary)["tcp"]["syn"].get<std::uint64_t>(), UINT64_MAX);
}

}  // namespace
}  // namespace mgmt

// What an event says, as a line of EVE and as a message of syslog.
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "aggregator/detectors.h"
#include "mgmt/eve/event_record.h"
#include "mgmt/eve/signatures.h"
#include "mgmt/eve/standing_alerts.h"
#include "mgmt/eve/syslog_message.h"
#include "tests/support/fabricated_summaries.h"

namespace mgmt {
namespace {

using nlohmann::json;
using State = aggregator::FindingState;

constexpr std::int64_t kAtNs = 1'795'329'600'123'456'789;

aggregator::Finding finding() {
  aggregator::Finding finding;
  finding.id = 7;
  finding.detector = "backscatter";
  finding.subject = fabricated::address("10.1.0.25");
  finding.name = "mx";
  finding.since_ns = kAtNs - 10'000'000'000;
  finding.score = 0.875;
  finding.severity = aggregator::Severity::kHigh;
  finding.evidence = {{"unresolved_per_s", 55.5}, {"domains", std::vector<std::string>{"example.com"}}};
  finding.advice = "Look.";
  return finding;
}

TEST(EveTime, IsAsSuricataWritesIt) {
  EXPECT_EQ(eve_time_text(kAtNs), "2026-11-22T06:40:00.123456+0000");
  EXPECT_EQ(eve_time_text(0), "1970-01-01T00:00:00.000000+0000");
  EXPECT_EQ(eve_time_text(-1), "1969-12-31T23:59:59.999999+0000");
}

TEST(EveAlert, SaysWhatTheFindingSays) {
  const EventRecord record = alert_record(AlertChange::kOpened, finding(), kAtNs, "box");
  const json line = json::parse(record.json);
  EXPECT_EQ(line["timestamp"], "2026-11-22T06:40:00.123456+0000");
  EXPECT_EQ(line["event_type"], "alert");
  EXPECT_EQ(line["host"], "box");
  EXPECT_EQ(line["src_ip"], "10.1.0.25");
  EXPECT_EQ(line["alert"]["action"], "allowed");
  EXPECT_EQ(line["alert"]["signature_id"], 1'853'001);
  EXPECT_EQ(line["alert"]["severity"], 1);
  EXPECT_EQ(line["alert"]["category"], "Attempted Denial of Service");
  EXPECT_EQ(line["tapline"]["change"], "opened");
  EXPECT_EQ(line["tapline"]["id"], 7);
  EXPECT_EQ(line["tapline"]["detector"], "backscatter");
  EXPECT_EQ(line["tapline"]["score"], 0.875);
  EXPECT_EQ(line["tapline"]["until"], json());
  EXPECT_EQ(line["tapline"]["evidence"]["unresolved_per_s"], 55.5);
  EXPECT_EQ(record.urgency, Urgency::kCritical);
}

TEST(EveAlert, AFindingThatIsOverSaysUntilWhenAndPagesNobody) {
  aggregator::Finding over = finding();
  over.until_ns = kAtNs;
  const EventRecord record = alert_record(AlertChange::kClosed, over, kAtNs, "box");
  const json line = json::parse(record.json);
  EXPECT_EQ(line["tapline"]["change"], "closed");
  EXPECT_NEAR(line["tapline"]["until"].get<double>(), 1'795'329'600.123, 0.001);
  EXPECT_EQ(record.urgency, Urgency::kInformational);
}

TEST(EveAlert, WhateverStrangersCallThemselvesItStaysOneLineOfAscii) {
  aggregator::Finding hostile = finding();
  hostile.name =
      std::string("a\n{\"event_type\":\"alert\"}\r\0\x1b[2J\"\\", 33) + "\xff\xfe\xc3\x28 \xe2\x80\xa8";
  hostile.evidence = {{"domain", std::string("x\n\x7f\xc0\xaf")}};
  const EventRecord record = alert_record(AlertChange::kOpened, hostile, kAtNs, "box");
  for (const char c : record.json) EXPECT_TRUE(c >= ' ' && c <= '~') << static_cast<int>(c);
  const json line = json::parse(record.json);
  EXPECT_EQ(line["tapline"]["name"].get<std::string>().substr(0, 3), "a\n{");
  EXPECT_EQ(line["event_type"], "alert");
}

TEST(EveAlert, EachDetectorHasASignatureOfItsOwn) {
  std::set<std::uint32_t> ids = {signature_of("nobody").id};
  std::size_t detectors = 0;
  for (const std::string_view name :
       {aggregator::Backscatter::kName, aggregator::MassMailer::kName,
        aggregator::ConnectionsWithoutResolution::kName, aggregator::AnswersWithoutConnections::kName,
        aggregator::QueryFlood::kName, aggregator::PtrFlood::kName, aggregator::NxdomainBurst::kName,
        aggregator::SmtpFlood::kName, aggregator::UserUnknownFlood::kName,
        aggregator::DominantSmtpClient::kName, aggregator::DeferredMail::kName,
        aggregator::MailEfficiency::kName, aggregator::MailRegression::kName}) {
    EXPECT_EQ(signature_of(name).detector, name);
    ids.insert(signature_of(name).id);
    ++detectors;
  }
  EXPECT_EQ(ids.size(), detectors + 1);
}

TEST(StandingAlerts, TellOfABeginningARiseAndAnEndOnly) {
  StandingAlerts alerts;
  aggregator::Finding low = finding();
  low.severity = aggregator::Severity::kLow;
  EXPECT_EQ(alerts.take({State::kOpened, low}), AlertChange::kOpened);
  EXPECT_EQ(alerts.take({State::kUpdated, low}), std::nullopt);
  EXPECT_EQ(alerts.take({State::kUpdated, finding()}), AlertChange::kRaised);
  EXPECT_EQ(alerts.take({State::kUpdated, finding()}), std::nullopt);
  EXPECT_EQ(alerts.take({State::kClosed, finding()}), AlertChange::kClosed);
  EXPECT_EQ(alerts.take({State::kUpdated, finding()}), AlertChange::kOpened) << "it stands out again";
}

TEST(EveStats, AddUpAndKeepSuricatasNames) {
  StatsSpan span{1'795'329'590, 1'795'329'599, 42, {}};
  span.counts[aggregator::SensorField::kQueries] = 300;
  aggregator::LiveLedger live;
  live.ports.push_back({"eth1\n", "net_null", {}});
  live.ports.back().counters.received = 90;
  live.ports.back().counters.missed = 10;
  live.events_drained = 5;
  dataplane::Ledger ledger;
  ledger.frames = 90;
  ledger.bytes = 9'000;
  const EventRecord record = stats_record(span, live, ledger, 60, "box");
  const json line = json::parse(record.json);
  EXPECT_EQ(record.json.find('\n'), std::string::npos);
  EXPECT_EQ(line["timestamp"], "2026-11-22T06:40:00.000000+0000");
  EXPECT_EQ(line["event_type"], "stats");
  EXPECT_EQ(line["stats"]["uptime"], 60);
  EXPECT_EQ(line["stats"]["capture"]["kernel_packets"], 100);
  EXPECT_EQ(line["stats"]["capture"]["kernel_drops"], 10);
  EXPECT_EQ(line["stats"]["decoder"]["pkts"], 90);
  EXPECT_EQ(line["tapline"]["counts"]["queries"], 300);
  EXPECT_EQ(line["tapline"]["clients_most"], 42);
  EXPECT_EQ(line["tapline"]["until"].get<int>() - line["tapline"]["since"].get<int>(), 10);
  EXPECT_EQ(line["tapline"]["ledger"]["frames"], 90);
  EXPECT_EQ(line["tapline"]["ports"][0]["missed"], 10);
  EXPECT_EQ(line["tapline"]["events"]["drained"], 5);
}

TEST(SyslogMessage, CountsItsOctets) {
  const EventRecord record = alert_record(AlertChange::kOpened, finding(), kAtNs, "box");
  const std::string framed = syslog_message(record, "box", 4711);
  const std::size_t space = framed.find(' ');
  EXPECT_EQ(std::stoul(framed.substr(0, space)), framed.size() - space - 1);
  EXPECT_EQ(framed.substr(space + 1, framed.find('{') - space - 1),
            "<26>1 2026-11-22T06:40:00.123456Z box tapline 4711 alert - ");
  EXPECT_EQ(framed.substr(framed.find('{')), record.json);
}

}  // namespace
}  // namespace mgmt

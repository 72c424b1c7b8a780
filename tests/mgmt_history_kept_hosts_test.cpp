// Whom a history is of, hidden in it and shown again to who has the key.
#include <fstream>

#include <gtest/gtest.h>

#include "mgmt/history/baselines_file.h"
#include "mgmt/history/kept_hosts.h"
#include "mgmt/history/reader.h"
#include "mgmt/history/store.h"
#include "mgmt/history/tables.h"
#include "mgmt/privacy/hiding.h"
#include "tests/support/made_up_mail.h"
#include "tests/support/made_up_minutes.h"
#include "tests/support/made_up_steps.h"
#include "tests/support/program.h"
#include "wire/network.h"

namespace tests {
namespace {

using mgmt::HistoryKind;
using mgmt::KeptHosts;

mgmt::CryptoPan::Key key_of(std::uint8_t first) {
  mgmt::CryptoPan::Key key{};
  for (std::uint8_t& octet : key) octet = first++;
  return key;
}
const KeptHosts kHiding(key_of(1), true);
const KeptHosts kNoMore(key_of(1), false);
const KeptHosts kOtherKey(key_of(2), true);

wire::Address address(const char* text) {
  return wire::address_from(text).value();
}

TEST(KeptHosts, IsShownByTheSameKeyOnly) {
  for (const char* clear : {"10.1.0.25", "2001:db8:1::25", "::"}) {
    const std::string kept = kHiding.kept(address(clear));
    EXPECT_NE(kept, clear);
    EXPECT_EQ(kHiding.shown(kept), clear);
    EXPECT_EQ(kNoMore.shown(kept), clear) << "also when nothing more is hidden";
    EXPECT_EQ(kHiding.address(kept), address(clear));
    for (const KeptHosts& stranger : {kOtherKey, KeptHosts()}) {
      EXPECT_EQ(stranger.shown(kept), kept);
      EXPECT_EQ(stranger.address(kept), std::nullopt);
    }
  }
}

TEST(KeptHosts, LeavesWhatWasNeverHidden) {
  EXPECT_EQ(KeptHosts().kept(address("10.1.0.25")), "10.1.0.25");
  EXPECT_EQ(kNoMore.kept(address("10.1.0.25")), "10.1.0.25");
  EXPECT_EQ(kHiding.shown("10.1.0.25"), "10.1.0.25");
  EXPECT_EQ(kHiding.shown(""), "");
  EXPECT_EQ(kHiding.shown("mx"), "mx");
  EXPECT_EQ(kHiding.marked(""), "") << "the sensor's own rows are nobody's";
  const std::string broken = kHiding.marked("10.1.0.");
  EXPECT_EQ(kHiding.shown(broken), broken);
}

TEST(KeptHosts, IsWhatTheOtherSinksShowBehindAMark) {
  mgmt::Hiding hiding({key_of(1), std::nullopt}, nullptr);
  const wire::Address clear = address("10.1.0.25");
  EXPECT_EQ(kHiding.kept(clear), kHiding.marked(wire::to_text(hiding.address(clear))));
}

// The detectors' words, through all that hides them and back.
TEST(KeptHosts, ShowsTheAddressesOfAFindingAgain) {
  mgmt::Hiding hiding({key_of(1), std::nullopt}, nullptr);
  const auto hidden = [&](const char* text) { return wire::to_text(hiding.address(address(text))); };
  const auto evidence = [](const std::string& first, const std::string& second) {
    return nlohmann::ordered_json{
        {"queries", 25}, {"servers", {first + " (3)", second}}, {"domain", "abcdefghij234.example"}}
        .dump();
  };
  mgmt::HistoryFinding kept;
  kept.subject = kHiding.kept(address("10.1.0.25"));
  kept.evidence = evidence(hidden("192.0.2.7"), hidden("2001:db8::7"));
  kept.advice = "Look at " + hidden("192.0.2.7") + ":25.";
  const mgmt::HistoryFinding shown = kHiding.shown(kept);
  EXPECT_EQ(shown.subject, "10.1.0.25");
  EXPECT_EQ(shown.evidence, evidence("192.0.2.7", "2001:db8::7"));
  EXPECT_EQ(shown.advice, "Look at 192.0.2.7:25.");
  EXPECT_EQ(kOtherKey.shown(kept).evidence, kept.evidence);
  const std::string deep(150'000, '[');
  for (const std::string& odd : {std::string("{"), deep, deep + std::string(150'000, ']')}) {
    kept.evidence = odd;
    EXPECT_EQ(kHiding.shown(kept).evidence, odd);
  }
}

// On the day on which it was turned on the day has rows of both kinds.
TEST(KeptHosts, OfAHistoryAreAskedForAsBeforeHiddenOrNot) {
  const ScratchDirectory scratch;
  mgmt::HistorySettings settings;
  settings.folder = scratch.path("state");
  settings.names["mx"] = kHiding.kept(address("10.1.0.25"));
  const auto columns = mgmt::history_column_names(HistoryKind::kHost).size();
  mgmt::HistoryMinute clear = {.begin = kMidnight, .from = kMidnight, .until = kMidnight + 60, .rows = {}};
  mgmt::HistoryMinute hidden = {
      .begin = kMidnight + 60, .from = kMidnight + 60, .until = kMidnight + 120, .rows = {}};
  const auto host_rows = static_cast<std::size_t>(HistoryKind::kHost);
  clear.rows[host_rows] = {{"10.1.0.25", std::vector<std::uint64_t>(columns, 1)}};
  hidden.rows[host_rows] = {{kHiding.kept(address("10.1.0.25")), std::vector<std::uint64_t>(columns, 2)},
                            {kHiding.kept(address("10.1.0.26")), std::vector<std::uint64_t>(columns, 3)}};
  const std::vector<mgmt::HistoryMinute> minutes = {clear, hidden};
  mgmt::HistoryStore(settings).write({minutes, {}, {}});
  mgmt::HistoryReader reader(settings.folder, kHiding);
  for (const char* host : {"10.1.0.25", "mx"}) {
    const auto rows = reader.steps({HistoryKind::kHost, host, aggregator::SeriesStep::kMinute, {}}).rows;
    ASSERT_EQ(rows.size(), 2U) << host;
    EXPECT_EQ(rows[0].row.host, "10.1.0.25");
    EXPECT_EQ(rows[1].row.host, "10.1.0.25");
    EXPECT_EQ(rows[1].row.counts[0], 2U);
  }
  const auto days = reader.steps({HistoryKind::kHost, "", aggregator::SeriesStep::kDay, {}}).rows;
  ASSERT_EQ(days.size(), 2U) << "each of them once";
  EXPECT_EQ(days[0].row.host, "10.1.0.25");
  EXPECT_EQ(days[0].row.counts.front(), 1U + 2U) << "of the whole day";
  EXPECT_EQ(days[0].row.counts.back(), 2U) << "the most of any minute";
  EXPECT_EQ(reader.hosts(HistoryKind::kHost), (std::vector<std::string>{"10.1.0.25", "10.1.0.26"}));
  EXPECT_EQ(reader.address_of("mx"), "10.1.0.25");
  const auto without = mgmt::HistoryReader(settings.folder)
                           .steps({HistoryKind::kHost, "10.1.0.25", aggregator::SeriesStep::kMinute, {}})
                           .rows;
  EXPECT_EQ(without.size(), 1U) << "without the key only what was never hidden is found";
}

TEST(KeptHosts, OfBaselinesAreHiddenAndGoneOnFrom) {
  const ScratchDirectory scratch;
  MadeUpNetwork network(1);
  network.run(60, [](MadeUpStep& step, std::int64_t) {
    ordinary_mail_day(step);
    step.browse(host(7), 3);
  });
  const aggregator::Baselines written = network.detectors().baselines();
  mgmt::write_baselines({scratch.path("."), kHiding}, written);
  EXPECT_EQ(contents_of(mgmt::baselines_file(scratch.path("."))).find("\"10.0."), std::string::npos);
  const auto read = mgmt::read_baselines({scratch.path("."), kHiding});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->numbers, written.numbers);
  ASSERT_EQ(read->hosts.size(), written.hosts.size());
  EXPECT_EQ(read->hosts[0].address, written.hosts[0].address);
  try {
    mgmt::read_baselines({scratch.path("."), kOtherKey});
    ADD_FAILURE() << "another key shows nothing";
  } catch (const mgmt::HistoryError& error) {
    EXPECT_NE(std::string(error.what()).find("hidden by another key"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace tests

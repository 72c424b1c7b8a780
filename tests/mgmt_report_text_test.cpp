#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mgmt/report_text.h"
#include "mgmt/text_table.h"
#include "tests/support/fabricated_summaries.h"

namespace mgmt {
namespace {

constexpr TextStyle kAscii = {false, false, 10};
constexpr TextStyle kUtf8 = {true, false, 10};
constexpr TextStyle kColor = {true, true, 10};

std::string report(const aggregator::Summary& summary, const TextStyle& style = kAscii) {
  const std::vector<std::string> inputs = {"monday.pcap"};
  return report_text(summary, "tapline replay", inputs, style);
}

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The line that starts with `start` after its margin; "" if there is none.
std::string line_with(const std::string& text, std::string_view start) {
  for (const std::string& line : lines_of(text)) {
    const std::size_t margin = line.find_first_not_of(' ');
    if (margin != std::string::npos && line.substr(margin).starts_with(start)) return line;
  }
  return "";
}

// A summary in which every list is long and every text from outside is as wide as it can be.
aggregator::Summary overflowing() {
  aggregator::Summary summary = fabricated::campus(1'000'000'000'000);
  for (std::uint16_t port = 1; port < 2000; ++port) {
    summary.pairing.syn_ports.push_back({port, 1'000'000'000});
    summary.pairing.paired_ports.push_back({port, 1'000'000'000});
    summary.dns.types[port] = 1;
    summary.names.push_back({std::string(1000, 'y'), 1'000'000'000'000, 1'000'000'000'000});
  }
  for (auto& faults : summary.ledger.dns_faults) faults = 1'000'000'000'000;
  for (auto& frames : summary.ledger.verdicts) frames = 1'000'000'000'000;
  summary.ledger.ring_full = summary.ledger.fragments_evicted = summary.ledger.dns_streams_evicted =
      summary.ledger.dns_bytes_lost = summary.ledger.duplicates_forgotten = summary.ledger.time_went_back =
          UINT64_MAX;
  summary.pairing.pushed_out = summary.pairing.evicted = summary.other_clients_events = UINT64_MAX;
  summary.other_clients.queries = UINT64_MAX;
  fabricated::fill_tops(summary.hosts.emplace(), 1'000'000'000'000'000);
  return summary;
}

TEST(ReportText, NoLineIsWiderThanEightyColumns) {
  const auto cases = {aggregator::Summary{}, fabricated::campus(1), fabricated::campus(1000), overflowing()};
  for (const auto& summary : cases) {
    for (const TextStyle& style : {kAscii, kUtf8, kColor, TextStyle{true, false, 1000}}) {
      for (const std::string& line : lines_of(report(summary, style))) {
        EXPECT_LE(columns_of(line), kTextColumns) << line;
      }
    }
  }
}

TEST(ReportText, AsciiMeansAsciiAndNoColorMeansNoEscapes) {
  const auto printable = [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); };
  EXPECT_TRUE(std::ranges::all_of(report(overflowing()), printable));
  EXPECT_EQ(report(overflowing(), kUtf8).find('\x1b'), std::string::npos);
  EXPECT_NE(report(overflowing(), kColor).find('\x1b'), std::string::npos);
}

TEST(ReportText, ColorChangesNothingButColor) {
  std::string colored = report(fabricated::campus(1000), kColor);
  for (std::size_t at; (at = colored.find('\x1b')) != std::string::npos;) {
    colored.erase(at, colored.find('m', at) - at + 1);
  }
  EXPECT_EQ(colored, report(fabricated::campus(1000), kUtf8));
}

TEST(ReportText, WhatComesFromOutsideCannotCommandTheTerminal) {
  aggregator::Summary summary = fabricated::campus(10);
  summary.names = {{"\x1b]0;owned\x07.example\x7f\x9b", 1, 0}};
  const std::vector<std::string> inputs = {"evil\x1b[2J.pcap\n"};
  const std::string text = report_text(summary, "tapline replay", inputs, kUtf8);
  EXPECT_EQ(text.find_first_of("\x1b\x07\x7f"), std::string::npos);
  EXPECT_NE(text.find("?]0;owned?.example??"), std::string::npos);
  EXPECT_NE(text.find("evil?[2J.pcap?"), std::string::npos);
}

TEST(ReportText, ZeroVerdictsAreLeftOutAndTheOthersShowTheirShare) {
  const std::string text = report(fabricated::campus(1000));
  EXPECT_EQ(line_with(text, "tcp_other"), "  tcp_other      300,000  68.5 %  other TCP");
  EXPECT_EQ(line_with(text, "not_ip"), "  not_ip               1  <0.1 %  not IP");
  EXPECT_EQ(line_with(text, "too_deep"), "");
}

TEST(ReportText, SpanOfTimeIsUtcWithItsLength) {
  const std::string text = report(fabricated::campus(1000));
  EXPECT_EQ(line_with(text, "from"), "  from      2003-08-11 14:00:00.123456 UTC");
  EXPECT_EQ(line_with(text, "to  "), "  to        2003-08-11 15:00:00.987654 UTC, 1 h 00 min 00 s");
}

TEST(ReportText, TheLongestSpanOfTimeDoesNotOverflow) {
  aggregator::Summary summary = fabricated::campus(1);
  summary.ledger.first_ns = INT64_MIN;
  summary.ledger.last_ns = INT64_MAX;
  const std::string text = report(summary);
  EXPECT_EQ(line_with(text, "from"), "  from      1677-09-21 00:12:43.145224 UTC");
  EXPECT_NE(text.find("213503 d 23 h 34 min 33 s"), std::string::npos);
}

TEST(ReportText, TheTablesOfThePaperHoldTheirFigures) {
  const std::string text = report(fabricated::campus(1000));
  EXPECT_EQ(line_with(text, "answers with an address"), "  answers with an address record  15,000   75.0 %");
  EXPECT_EQ(line_with(text, "SYN that follow"), "  SYN that follow an answer     10,892   54.5 %");
  EXPECT_EQ(line_with(text, "80  http"),
            "     80  http      12,000  60.0 %       80  http       9,407  95.0 %");
  EXPECT_NE(text.find("66.0 % of the answers with an address record were followed by a SYN."),
            std::string::npos);
}

TEST(ReportText, AMeanOfZeroHasNoRate) {
  aggregator::Summary summary = fabricated::campus(1000);
  EXPECT_EQ(line_with(report(summary), "exponential of"), "  exponential of the same mean: rate 5 /s");
  summary.pairing.mean_s = summary.pairing.rate_per_s = 0;
  EXPECT_EQ(line_with(report(summary), "exponential of"), "");
}

TEST(ReportText, RowsBeyondTheTopAreOneRowThatKeepsTheSum) {
  aggregator::Summary summary = fabricated::campus(1000);
  summary.pairing.syn_ports = {{80, 12'000}, {443, 5000}, {25, 3000}};
  const std::string text = report(summary, {false, false, 1});
  EXPECT_NE(text.find("2 more     8,000  40.0 %"), std::string::npos) << text;
}

TEST(ReportText, LimitsAreNamedOnlyWhenReached) {
  aggregator::Summary summary = fabricated::campus(1000);
  EXPECT_EQ(report(summary).find("Limits reached"), std::string::npos);
  summary.pairing.evicted = 1234;
  EXPECT_EQ(line_with(report(summary), "1,234"), "  1,234  open answers evicted ([memory] pairing_entries)");
  summary.ledger.duplicates_forgotten = 56;
  EXPECT_EQ(line_with(report(summary), "56 "),
            "     56  packets forgotten while copies may come ([memory] dedup_packets)");
}

TEST(ReportText, FindingsSayWhoSinceWhenWhyAndWhatToDo) {
  aggregator::Summary summary = fabricated::campus(1000);
  EXPECT_EQ(report(summary).find("Findings"), std::string::npos);
  summary.hosts = fabricated::two_findings();
  const std::string text = report(summary);
  EXPECT_EQ(line_with(text, "backscatter"), "  backscatter  10.1.0.25 (mx1)  high, score 0.88");
  EXPECT_EQ(line_with(text, "finding 1,"), "    finding 1, since 2003-08-11 14:01:00.500000 UTC, still open");
  EXPECT_EQ(line_with(text, "unresolved_per_s"),
            "    unresolved_per_s 12.5; smtp_clients 4,321; pattern horizontal;");
  EXPECT_EQ(line_with(text, "forged_domains"), "    forged_domains a.example, b.example");
  EXPECT_EQ(line_with(text, "Reject"), "    Reject unknown recipients.");
  EXPECT_EQ(line_with(text, "mass_mailer"), "  mass_mailer  2001:db8::7  low, score 0.88");
  EXPECT_NE(text.find("UTC, for 1 min 30 s"), std::string::npos);
  EXPECT_EQ(text.find("learning"), std::string::npos);
}

TEST(ReportText, RankingsAreCutAtTheTopAndSayHowFarOffTheyAre) {
  aggregator::Summary summary = fabricated::campus(1000);
  EXPECT_EQ(report(summary).find("SMTP clients of"), std::string::npos);
  EXPECT_EQ(report(summary).find("Destinations that"), std::string::npos);
  fabricated::fill_tops(summary.hosts.emplace(), 1000);
  const std::string text = report(summary);
  EXPECT_EQ(line_with(text.substr(text.find("Registered domains")), "1,000"),
            "    1,000   5.0 %  10.in-addr.arpa");
  EXPECT_EQ(line_with(text, "mx1                 7,000"), "  mx1                 7,000  192.0.2.7");
  EXPECT_EQ(line_with(text, "mmmm"), "  mmmm..mmmmmm        1,000  192.0.2.7");
  EXPECT_NE(text.find("counts are at most 1,000 too high"), std::string::npos);
  EXPECT_EQ(line_with(text, "9,000       12"), "        9,000       12    135  198.51.100.1");
  EXPECT_NE(text.find("counts are at most 3 too high"), std::string::npos);

  const std::string one = report(summary, {false, false, 1});
  EXPECT_NE(line_with(one, "mx1                 7,000"), "");
  EXPECT_NE(line_with(one, "mmmm"), "") << "of each server";
  EXPECT_EQ(one.find("192.0.2.8"), std::string::npos);
  EXPECT_EQ(one.find("40001  2001"), std::string::npos);
  EXPECT_EQ(one.find("campus.example\n", one.find("Registered")), std::string::npos);
}

TEST(ReportText, NoFindingIsSaidAndWhyThereMayBeNone) {
  aggregator::Summary summary = fabricated::campus(1000);
  aggregator::HostSummary& hosts = summary.hosts.emplace();
  hosts.learning = true;
  hosts.detecting = true;
  hosts.withheld_steps = 1234;
  hosts.not_judgeable = {{fabricated::address("10.1.0.7"), aggregator::Unjudgeable::kDot},
                         {fabricated::address("10.1.0.8"), aggregator::Unjudgeable::kDoh},
                         {fabricated::address("10.1.0.9"), aggregator::Unjudgeable::kDot}};
  hosts.not_judgeable_hosts = 3;
  const std::string text = report(summary);
  EXPECT_EQ(line_with(text, "none"), "  none");
  EXPECT_NE(text.find("still learning"), std::string::npos);
  EXPECT_NE(text.find("withheld in 1,234 steps"), std::string::npos);
  EXPECT_NE(text.find("not judgeable by what they resolved: 3 hosts (uses DNS over TLS: 2, asks for"),
            std::string::npos)
      << text;
}

TEST(ReportText, PatternsNameTheirBusiestClients) {
  aggregator::Summary summary = fabricated::campus(1000);
  aggregator::HostSummary& hosts = summary.hosts.emplace();
  hosts.patterns = {{7, "dyndns", 30}, {8, std::string(200, 'l'), 1}};
  hosts.pattern_clients = {{7, fabricated::address("10.1.0.7"), 20, 0},
                           {7, {}, 9, 0},
                           {8, fabricated::address("2001:db8:1234:5678:9abc:def0:1234:5678"), 1, 0},
                           {7, fabricated::address("2001:db8:1234:5678:9abc:def0:1234:5678"), 1, 0}};
  const std::string text = report(summary);
  EXPECT_NE(text.find("10.1.0.7 (20), others (9)\n"), std::string::npos) << text;
  for (const std::string& line : lines_of(text)) EXPECT_LE(columns_of(line), kTextColumns) << line;
}

TEST(ReportText, FindingsOfAnyLengthFitEightyColumnsAndCannotCommandTheTerminal) {
  aggregator::Summary summary = fabricated::campus(1);
  summary.hosts = fabricated::two_findings();
  aggregator::Finding& finding = summary.hosts->findings[0];
  finding.subject = fabricated::address("2001:db8:1234:5678:9abc:def0:1234:5678");
  finding.name = std::string(200, 'n');
  finding.evidence = {{"domain", std::string(300, 'x') + "\x1b[2J"},
                      {"domains", std::vector<std::string>(50, "\x1b[2J.example")},
                      {"count", UINT64_MAX},
                      {"rate", 1e300}};
  finding.advice = std::string(70, 'a') + " " + std::string(70, 'b') + " and more words that make it long";
  for (const TextStyle& style : {kAscii, kUtf8, kColor}) {
    const std::string text = report(summary, style);
    for (const std::string& line : lines_of(text)) EXPECT_LE(columns_of(line), kTextColumns) << line;
    EXPECT_EQ(text.find("\x1b[2J"), std::string::npos);
  }
}

TEST(ReportText, AnEmptyCaptureSaysSo) {
  const std::string text = report({});
  EXPECT_NE(text.find("no frames"), std::string::npos);
  EXPECT_NE(text.find("no DNS messages"), std::string::npos);
  EXPECT_EQ(text.find("Figure 5"), std::string::npos);
}

TEST(Printable, ALongNameLosesItsMiddleAndKeepsBothEnds) {
  EXPECT_EQ(printable("abcdefghijklmnop.example", 12, kUtf8), "abcd…example");
  EXPECT_EQ(printable("abcdefghijklmnop.example", 12, kAscii), "abcd..xample");
  EXPECT_EQ(printable("twelve.chars", 12, kUtf8), "twelve.chars");
}

TEST(TextTable, ACellTooWideForItsRowGetsALineOfItsOwn) {
  TextTable table({{"name"}, {"count", Align::kRight}});
  table.add({"short", "1"});
  table.add({"much-too-long", "22"});
  EXPECT_EQ(table.lines(kAscii, 14),
            (Lines{"name     count", "short        1", "much-too-long", "            22"}));
}

TEST(TextTable, TablesThatDoNotFitBesideEachOtherGoBelow) {
  EXPECT_EQ(beside({"a", "bb"}, {"c"}, 7), (Lines{"a     c", "bb"}));
  EXPECT_EQ(beside({"a", "bb"}, {"c"}, 6), (Lines{"a", "bb", "", "c"}));
}

}  // namespace
}  // namespace mgmt

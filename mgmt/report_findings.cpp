#include <algorithm>
#include <array>
#include <functional>
#include <variant>

#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"
#include "wire/address.h"

namespace mgmt {
namespace {

using aggregator::EvidenceValue;
using aggregator::Finding;
using aggregator::Severity;

constexpr std::size_t kNameColumns = 30;       // of a server: fits a line beside any address
constexpr std::size_t kClientColumns = 34;     // of a pattern
constexpr std::size_t kTextValueColumns = 60;  // of one in the evidence: fits a line with what follows it

std::string severity_text(const Finding& finding, const TextStyle& style) {
  switch (finding.severity) {
    case Severity::kLow:
      return faint("low", style);
    case Severity::kMedium:
      return warning_color("medium", style);
    case Severity::kHigh:
      return failure_color("high", style);
  }
  return "";
}

struct ValueText {
  std::string operator()(std::uint64_t count) const { return grouped(count); }
  std::string operator()(double number) const { return fmt::format("{:.4g}", number); }
  std::string operator()(const std::string& text) const { return printable(text, kTextValueColumns, style); }
  std::string operator()(const std::vector<std::string>& texts) const {
    std::string list;
    for (const std::string& text : texts) list.append(list.empty() ? "" : ", ").append((*this)(text));
    return list;
  }

  const TextStyle& style;
};

std::string evidence_text(const Finding& finding, const TextStyle& style) {
  std::string text;
  for (const auto& [key, value] : finding.evidence) {
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", key, std::visit(ValueText{style}, value));
  }
  return text;
}

std::string time_text(const Finding& finding) {
  const std::string since = fmt::format("finding {}, since {}", finding.id, utc_text(finding.since_ns));
  if (!finding.until_ns) return since + ", still open";
  const auto length_ns = static_cast<std::uint64_t>(*finding.until_ns - finding.since_ns);
  return fmt::format("{}, for {}", since, time_span_text(length_ns));
}

void add_wrapped(Lines& lines, std::string_view text) {
  Lines wrapped_lines = wrapped(text, kSectionColumns - kMarginColumns);
  indent(wrapped_lines, kMarginColumns);
  append(lines, std::move(wrapped_lines));
}

std::string subject_text(const Finding& finding, const TextStyle& style) {
  std::string address = wire::to_text(finding.subject);
  if (finding.name.empty()) return address;
  return fmt::format("{} ({})", address, printable(finding.name, kNameColumns, style));
}

void add_finding(Lines& lines, const Finding& finding, const TextStyle& style) {
  const std::string detector = strong(finding.detector, style);
  const std::string subject = subject_text(finding, style);
  const std::string weight = fmt::format("{}, score {:.2f}", severity_text(finding, style), finding.score);
  std::string title = fmt::format("{}  {}  {}", detector, subject, weight);
  if (columns_of(title) <= kSectionColumns) {
    lines.push_back(std::move(title));
  } else {
    lines.push_back(fmt::format("{}  {}", detector, weight));
    add_wrapped(lines, subject);
  }
  add_wrapped(lines, time_text(finding));
  add_wrapped(lines, evidence_text(finding, style));
  add_wrapped(lines, finding.advice);
}

// A client of a pattern, or all that are not counted one by one.
std::string pattern_client_text(const aggregator::PatternClientRow& row) {
  const std::string client = row.client == wire::Address{} ? "others" : wire::to_text(row.client);
  return fmt::format("{} ({})", client, grouped(row.queries));
}

// The busiest few, as far as a line has room.
std::string clients_of_pattern(const aggregator::HostSummary& hosts, std::uint32_t id) {
  std::string text;
  for (const aggregator::PatternClientRow& row : hosts.pattern_clients) {
    if (row.id != id) continue;
    const std::string client = pattern_client_text(row);
    if (!text.empty() && text.size() + 2 + client.size() > kClientColumns) break;
    text.append(text.empty() ? "" : ", ").append(client);
  }
  return text;
}

std::string unjudgeable_text(const aggregator::HostSummary& hosts) {
  std::array<std::uint64_t, static_cast<std::size_t>(aggregator::Unjudgeable::kCount)> counts{};
  for (const aggregator::UnjudgeableRow& row : hosts.not_judgeable)
    ++counts[static_cast<std::size_t>(row.reason)];
  std::string reasons;
  for (std::size_t reason = 1; reason < counts.size(); ++reason) {
    if (counts[reason] == 0) continue;
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : ", ", aggregator::kUnjudgeableNames[reason],
                           grouped(counts[reason]));
  }
  const bool one = hosts.not_judgeable_hosts == 1;
  return fmt::format("not judgeable by what {} resolved: {} {} ({}{})", one ? "it" : "they",
                     grouped(hosts.not_judgeable_hosts), one ? "host" : "hosts",
                     hosts.not_judgeable.size() < hosts.not_judgeable_hosts ? "of the first " : "", reasons);
}

}  // namespace

Lines findings_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.hosts) return {};
  const aggregator::HostSummary& hosts = *summary.hosts;
  if (!hosts.detecting) return {};
  Lines lines;
  for (const Finding& finding : hosts.findings) {
    if (!lines.empty()) lines.emplace_back();
    add_finding(lines, finding, style);
  }
  if (lines.empty()) lines.emplace_back("none");
  if (hosts.learning) lines.push_back(faint("still learning what is usual: nothing can be found yet", style));
  if (hosts.not_judgeable_hosts > 0) lines.push_back(faint(unjudgeable_text(hosts), style));
  if (hosts.withheld_steps > 0) {
    lines.push_back(faint(fmt::format("withheld in {} steps, since what was lost could explain it",
                                      grouped(hosts.withheld_steps)),
                          style));
  }
  return lines;
}

Lines patterns_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.hosts || summary.hosts->patterns.empty()) return {};
  std::vector<aggregator::PatternTotal> patterns = summary.hosts->patterns;
  std::ranges::stable_sort(patterns, std::ranges::greater{}, &aggregator::PatternTotal::queries);
  const std::size_t all = patterns.size();
  const std::uint64_t queries = summary.dns.udp_queries + summary.dns.tcp_queries;
  patterns.resize(std::min(all, style.top));
  TextTable table({{"queries", Align::kRight},
                   {"share", Align::kRight},
                   {"id", Align::kRight},
                   {"pattern"},
                   {"clients"}});
  for (const aggregator::PatternTotal& pattern : patterns) {
    table.add({grouped(pattern.queries), share(pattern.queries, queries), std::to_string(pattern.id),
               printable(pattern.label, 20, style),
               printable(clients_of_pattern(*summary.hosts, pattern.id), kClientColumns, style)});
  }
  Lines lines = table.lines(style, kSectionColumns);
  if (patterns.size() < all)
    lines.push_back(faint(fmt::format("{} of {} patterns", patterns.size(), grouped(all)), style));
  return lines;
}

}  // namespace mgmt

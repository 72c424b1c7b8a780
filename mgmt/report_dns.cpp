#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "mgmt/dns_fault_names.h"
#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"
#include "wire/dns_message.h"

namespace mgmt {
namespace {

using aggregator::DnsCounts;
using Count = std::pair<std::string, std::uint64_t>;

Lines transport_table(const DnsCounts& dns, const TextStyle& style) {
  TextTable table({{"transport"}, {"queries", Align::kRight}, {"responses", Align::kRight}});
  table.add({"UDP", grouped(dns.udp_queries), grouped(dns.udp_responses)});
  table.add({"TCP", grouped(dns.tcp_queries), grouped(dns.tcp_responses)});
  return table.lines(style, kSectionColumns);
}

// The most frequent ones, and the rest in one row.
Lines ranking(const char* title, const char* counted, std::vector<Count> counts, const TextStyle& style) {
  std::ranges::stable_sort(counts, std::ranges::greater(), &Count::second);
  std::uint64_t all = 0;
  for (const Count& count : counts) all += count.second;
  TextTable table({{title}, {counted, Align::kRight}, {"share", Align::kRight}});
  std::uint64_t shown = 0;
  for (std::size_t i = 0; i < std::min(style.top, counts.size()); ++i) {
    shown += counts[i].second;
    table.add({counts[i].first, grouped(counts[i].second), share(counts[i].second, all)});
  }
  if (counts.size() > style.top) {
    table.add(
        {fmt::format("{} more", counts.size() - style.top), grouped(all - shown), share(all - shown, all)});
  }
  return table.lines(style, kSectionColumns);
}

Lines type_table(const DnsCounts& dns, const TextStyle& style) {
  std::vector<Count> counts;
  for (const auto& [type, queries] : dns.types) counts.emplace_back(wire::type_name(type), queries);
  if (dns.no_question > 0) counts.emplace_back("none", dns.no_question);
  return ranking("query type", "queries", std::move(counts), style);
}

Lines rcode_table(const DnsCounts& dns, const TextStyle& style) {
  std::vector<Count> counts;
  for (const auto& [rcode, responses] : dns.rcodes) counts.emplace_back(wire::rcode_name(rcode), responses);
  return ranking("response code", "responses", std::move(counts), style);
}

Lines fault_table(const dataplane::Ledger& ledger, const TextStyle& style) {
  TextTable table({{"malformed"}, {"messages", Align::kRight}});
  for (std::size_t i = 1; i < ledger.dns_faults.size(); ++i) {
    if (ledger.dns_faults[i] > 0) table.add({std::string(kDnsFaultNames[i]), grouped(ledger.dns_faults[i])});
  }
  return table.lines(style, kSectionColumns);
}

}  // namespace

Lines dns_section(const aggregator::Summary& summary, const TextStyle& style) {
  const DnsCounts& dns = summary.dns;
  const bool silent = dns.udp_queries + dns.udp_responses + dns.tcp_queries + dns.tcp_responses == 0;
  if (silent) return {"no DNS messages"};
  Lines lines = transport_table(dns, style);
  if (dns.malformed > 0)
    lines = beside(std::move(lines), fault_table(summary.ledger, style), kSectionColumns);
  lines.emplace_back();
  append(lines, beside(type_table(dns, style), rcode_table(dns, style), kSectionColumns));
  return lines;
}

}  // namespace mgmt

// Rankings.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "mgmt/api/api_handlers.h"
#include "mgmt/nearest_name.h"
#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"
#include "mgmt/service_names.h"
#include "mgmt/words.h"

namespace mgmt::api {
namespace {

using aggregator::PortCount;
using aggregator::Summary;

struct PortRow {
  std::uint16_t port = 0;
  std::uint64_t syns = 0;
  std::uint64_t pairs = 0;
};

// By SYNs; each port's pairs beside them.
std::vector<PortRow> port_rows(const Summary& summary) {
  std::map<std::uint16_t, std::uint64_t> pairs;
  for (const PortCount& count : summary.pairing.paired_ports) pairs[count.port] = count.packets;
  std::vector<PortRow> rows;
  for (const PortCount& count : summary.pairing.syn_ports)
    rows.push_back({count.port, count.packets, pairs[count.port]});
  return rows;
}

Json port_row_json(const PortRow& row) {
  return {{"port", row.port}, {"service", service_name(row.port)}, {"syns", row.syns}, {"pairs", row.pairs}};
}

Lines ports_table(const Summary& summary, const TextStyle& style) {
  const std::vector<PortRow> rows = port_rows(summary);
  if (rows.empty()) return {};
  TextTable table({{"port", Align::kRight},
                   {"service"},
                   {"SYNs", Align::kRight},
                   {"share", Align::kRight},
                   {"paired", Align::kRight}});
  for (std::size_t i = 0; i < std::min(rows.size(), style.top); ++i) {
    table.add({std::to_string(rows[i].port), service_name(rows[i].port), grouped(rows[i].syns),
               share(rows[i].syns, summary.pairing.syns), share(rows[i].pairs, rows[i].syns)});
  }
  return table.lines(style, kSectionColumns);
}

const aggregator::HostSummary& hosts_of(const ApiCall& call) {
  static const aggregator::HostSummary kNone;
  return call.state->summary.hosts ? *call.state->summary.hosts : kNone;
}

constexpr std::uint64_t kRows = 10;

Json clients_json(ApiCall& call) {
  return page_json(call, call.state->summary.clients, kRows, client_json);
}
Json names_json(ApiCall& call) {
  return page_json(call, call.state->summary.names, kRows, name_json);
}
Json domains_json(ApiCall& call) {
  return page_json(call, call.state->summary.domains, kRows, domain_json);
}
Json ports_json(ApiCall& call) {
  return page_json(call, port_rows(call.state->summary), kRows, port_row_json);
}
Json smtp_clients_json(ApiCall& call) {
  return page_json(call, hosts_of(call).smtp_clients, kRows, smtp_client_json);
}
Json unresolved_json(ApiCall& call) {
  return page_json(call, hosts_of(call).unresolved_destinations, kRows, unresolved_destination_json);
}

struct Ranking {
  std::string_view name;
  const char* title;
  Json (*json)(ApiCall&);
  Lines (*lines)(const Summary&, const TextStyle&);
};
constexpr std::array<Ranking, 6> kRankings = {
    {{"clients", "Busiest clients", clients_json, clients_section},
     {"names", "Names asked for", names_json, names_section},
     {"domains", "Registered domains asked for", domains_json, domains_section},
     {"ports", "Destination ports of connections", ports_json, ports_table},
     {"smtp-clients", "SMTP clients of the mail servers", smtp_clients_json, smtp_clients_section},
     {"unresolved", "Destinations that no answer told", unresolved_json, unresolved_destinations_section}}};

const Ranking& ranking_of(const ApiCall& call) {
  const auto found = std::ranges::find(kRankings, call.argument, &Ranking::name);
  if (found != kRankings.end()) return *found;
  std::array<std::string_view, kRankings.size()> names;
  std::ranges::transform(kRankings, names.begin(), &Ranking::name);
  throw ApiError(404, fmt::format("there is no ranking of {}, only of {}{}", in_quotes(call.argument),
                                  fmt::join(names, ", "), suggestion(nearest_name(call.argument, names))));
}

}  // namespace

Json top_json(ApiCall& call) {
  return ranking_of(call).json(call);
}

std::string top_text(ApiCall& call) {
  const Ranking& ranking = ranking_of(call);
  Lines lines = ranking.lines(call.state->summary, call.style);
  if (lines.empty()) lines.emplace_back("none yet");
  indent(lines, kMarginColumns);
  std::string text = heading(ranking.title, call.style) + "\n";
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace mgmt::api

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"
#include "wire/address.h"

namespace mgmt {
namespace {

using aggregator::ClientRow;
using aggregator::NameRow;

// Six counts a row fit beside a client only while they are short.
constexpr std::uint64_t kLongCount = 10'000'000;

constexpr std::size_t kNameColumns = 48;  // leaves room for counts of 21 columns

std::vector<Column> client_columns() {
  std::vector<Column> columns = {{"client"}};
  for (const char* counted : {"queries", "responses", "NXDOMAIN", "SYN", "paired", "QUIC"}) {
    columns.push_back({counted, Align::kRight});
  }
  return columns;
}

bool any_long(std::span<const ClientRow> clients) {
  return std::ranges::any_of(clients, [](const ClientRow& row) {
    return std::max({row.queries, row.responses, row.nxdomain, row.connections, row.quic}) >= kLongCount;
  });
}

void add_client(TextTable& table, std::string name, const ClientRow& row,
                std::string (*number)(std::uint64_t)) {
  table.add({std::move(name), number(row.queries), number(row.responses), number(row.nxdomain),
             number(row.connections), number(row.paired), number(row.quic)});
}

}  // namespace

Lines clients_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (summary.clients.empty()) return {};
  const std::span shown = std::span(summary.clients).first(std::min(style.top, summary.clients.size()));
  const auto number = any_long(shown) || summary.other_clients_events >= kLongCount ? compact : grouped;
  TextTable table(client_columns());
  for (const ClientRow& row : shown) add_client(table, wire::to_text(row.address), row, number);
  if (summary.other_clients_events > 0) add_client(table, "(not told apart)", summary.other_clients, number);
  Lines lines = table.lines(style, kSectionColumns);
  if (shown.size() < summary.clients.size()) {
    lines.push_back(
        faint(fmt::format("{} of {} clients", shown.size(), grouped(summary.clients.size())), style));
  }
  return lines;
}

Lines names_section(const aggregator::Summary& summary, const TextStyle& style) {
  const std::span shown = std::span(summary.names).first(std::min(style.top, summary.names.size()));
  if (shown.empty()) return {};
  const std::uint64_t queries = summary.dns.udp_queries + summary.dns.tcp_queries;
  TextTable table({{"queries", Align::kRight}, {"share", Align::kRight}, {"name"}});
  for (const NameRow& row : shown) {
    table.add({grouped(row.queries), share(row.queries, queries), printable(row.name, kNameColumns, style)});
  }
  Lines lines = table.lines(style, kSectionColumns);
  const std::uint64_t error = std::ranges::max(shown, {}, &NameRow::error).error;
  if (error > 0) lines.push_back(faint(fmt::format("counts are at most {} too high", grouped(error)), style));
  return lines;
}

}  // namespace mgmt

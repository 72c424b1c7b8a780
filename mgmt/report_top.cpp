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
using aggregator::SmtpClientRow;
using aggregator::UnresolvedDestinationRow;

// Six counts a row fit beside a client only while they are short.
constexpr std::uint64_t kLongCount = 10'000'000;

constexpr std::size_t kNameColumns = 48;    // leaves room for counts of 21 columns
constexpr std::size_t kServerColumns = 12;  // leaves room for a count and any address

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

template <class Row>
std::span<const Row> first_of(const std::vector<Row>& rows, std::size_t most) {
  return std::span(rows).first(std::min(most, rows.size()));
}

Lines with_error(Lines lines, std::uint64_t error, const TextStyle& style) {
  if (error > 0) lines.push_back(faint(fmt::format("counts are at most {} too high", grouped(error)), style));
  return lines;
}

Lines ranking(const char* title, const std::vector<NameRow>& rows, const aggregator::Summary& summary,
              const TextStyle& style) {
  const std::span shown = first_of(rows, style.top);
  if (shown.empty()) return {};
  const std::uint64_t queries = summary.dns.udp_queries + summary.dns.tcp_queries;
  TextTable table({{"queries", Align::kRight}, {"share", Align::kRight}, {title}});
  for (const NameRow& row : shown) {
    table.add({grouped(row.queries), share(row.queries, queries), printable(row.name, kNameColumns, style)});
  }
  return with_error(table.lines(style, kSectionColumns), std::ranges::max(shown, {}, &NameRow::error).error,
                    style);
}

}  // namespace

Lines clients_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (summary.clients.empty()) return {};
  const std::span shown = first_of(summary.clients, style.top);
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
  return ranking("name", summary.names, summary, style);
}

Lines domains_section(const aggregator::Summary& summary, const TextStyle& style) {
  return ranking("domain", summary.domains, summary, style);
}

// Each server has its own ranking, one below the other.
Lines smtp_clients_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.hosts || summary.hosts->smtp_clients.empty()) return {};
  TextTable table({{"server"}, {"connections", Align::kRight}, {"client"}});
  std::uint64_t error = 0;
  const SmtpClientRow* first = nullptr;  // of the server
  for (const SmtpClientRow& row : summary.hosts->smtp_clients) {
    if (first == nullptr || row.server != first->server) first = &row;
    if (static_cast<std::size_t>(&row - first) >= style.top) continue;
    table.add({printable(row.server_name, kServerColumns, style), grouped(row.connections),
               wire::to_text(row.client)});
    error = std::max(error, row.error);
  }
  return with_error(table.lines(style, kSectionColumns), error, style);
}

Lines unresolved_destinations_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.hosts || summary.hosts->unresolved_destinations.empty()) return {};
  TextTable table(
      {{"connections", Align::kRight}, {"clients", Align::kRight}, {"port", Align::kRight}, {"destination"}});
  std::uint64_t error = 0;
  for (const UnresolvedDestinationRow& row : first_of(summary.hosts->unresolved_destinations, style.top)) {
    table.add({grouped(row.connections), grouped(row.clients), std::to_string(row.port),
               wire::to_text(row.address)});
    error = std::max(error, row.error);
  }
  return with_error(table.lines(style, kSectionColumns), error, style);
}

}  // namespace mgmt

#include "mgmt/history/mail_history.h"

#include <algorithm>

#include <fmt/format.h>

#include "mgmt/history/figures.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

std::string server_of(HistoryReader& reader, const std::string& host) {
  const std::vector<std::string> servers = reader.hosts(HistoryKind::kMail);
  if (servers.empty())
    throw HistoryError("the history says nothing of a mail server; [[mail_server]] and its log make it");
  const std::string address = reader.address_of(host);
  if (host.empty() ? servers.size() == 1 : std::ranges::find(servers, address) != servers.end())
    return host.empty() ? servers.front() : address;
  const std::string known = fmt::format("{}", fmt::join(servers, ", "));
  throw HistoryError(
      host.empty()
          ? fmt::format("the history is of several mail servers; choose one with --host: {}", known)
          : fmt::format("the history knows no mail server {}; there are {}", in_quotes(host), known));
}

}  // namespace

MailTable mail_history(HistoryReader& reader, const std::string& host, aggregator::SeriesStep step,
                       const HistoryRange& range) {
  MailTable table;
  table.address = server_of(reader, host);
  table.name = host.empty() ? table.address : host;
  table.step = step;
  for (const HistoryStep& row : reader.steps({HistoryKind::kMail, table.address, step, range}).rows)
    table.points.emplace_back(row.begin, mail_counts_of(row.row));
  return table;
}

}  // namespace mgmt

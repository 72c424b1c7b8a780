#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"
#include "wire/address.h"

namespace mgmt {
namespace {

using aggregator::MailCounts;
using aggregator::MailField;
using aggregator::MailServerSummary;

constexpr std::size_t kNameColumns = 30;
constexpr std::size_t kDomainColumns = 44;

struct Total {
  const char* title;
  std::uint64_t count;
};

std::vector<Total> totals_of(const MailCounts& counts) {
  return {{"SMTP clients that connected, N_c", counts[MailField::kConnects]},
          {"mails taken, N_f", counts[MailField::kFrom]},
          {"deliveries tried, N_to", counts.to()},
          {"  sent", counts[MailField::kSent]},
          {"  deferred", counts[MailField::kDeferred]},
          {"  bounced", counts[MailField::kBounced]},
          {"  expired", counts[MailField::kExpired]},
          {"POP3 sessions, N_pop", counts[MailField::kPop]},
          {"IMAP sessions, N_imap", counts[MailField::kImap]},
          {"commands turned down", counts.rejected()},
          {"  relay access denied", counts[MailField::kRelayDenied]},
          {"  recipient rejected", counts[MailField::kRecipientRejected]},
          {"  user unknown", counts[MailField::kUserUnknown]},
          {"  sender rejected", counts[MailField::kSenderRejected]},
          {"  client rejected", counts[MailField::kClientRejected]},
          {"  for other reasons", counts[MailField::kRejectedOther]},
          {"DNS queries by the logs, D_q", counts.logged_queries()},
          {"DNS queries by the tap, D_q", counts.seen_queries()}};
}

std::string dsn_text(std::uint64_t packed) {
  const wire::Dsn dsn = wire::unpack_dsn(packed);
  return packed == 0 ? "none" : fmt::format("{}.{}.{}", dsn.status_class, dsn.subject, dsn.detail);
}

void add_ranking(Lines& lines, const char* title, const std::vector<aggregator::MailDomainCount>& domains,
                 const TextStyle& style) {
  if (domains.empty()) return;
  TextTable table({{title, Align::kRight}, {"domain of recipients"}});
  for (std::size_t i = 0; i < std::min(style.top, domains.size()); ++i)
    table.add({grouped(domains[i].count), printable(domains[i].domain, kDomainColumns, style)});
  lines.emplace_back();
  append(lines, table.lines(style, kSectionColumns));
}

void add_clients(Lines& lines, const MailServerSummary& server, const TextStyle& style) {
  if (server.clients.empty()) return;
  TextTable table({{"connects", Align::kRight}, {"share", Align::kRight}, {"SMTP client"}});
  for (std::size_t i = 0; i < std::min(style.top, server.clients.size()); ++i) {
    const auto& row = server.clients[i];
    table.add({grouped(row.count), share(row.count, server.counts[MailField::kConnects]),
               wire::to_text(row.client)});
  }
  lines.emplace_back();
  append(lines, table.lines(style, kSectionColumns));
}

void add_codes(Lines& lines, const MailServerSummary& server, const TextStyle& style) {
  if (server.codes.empty()) return;
  TextTable table({{"turned down", Align::kRight}, {"DSN"}});
  for (std::size_t i = 0; i < std::min(style.top, server.codes.size()); ++i)
    table.add({grouped(server.codes[i].count), dsn_text(server.codes[i].dsn)});
  lines.emplace_back();
  append(lines, table.lines(style, kSectionColumns));
}

std::string facts_text(std::uint64_t count) {
  return grouped(count) + (count == 1 ? " fact" : " facts");
}

void add_server(Lines& lines, const MailServerSummary& server, const TextStyle& style) {
  const std::string address = wire::to_text(server.server);
  lines.push_back(
      server.name == address
          ? strong(address, style)
          : fmt::format("{}  {}", strong(printable(server.name, kNameColumns, style), style), address));
  TextTable table({{"by its logs"}, {"count", Align::kRight}});
  for (const Total& total : totals_of(server.counts)) {
    if (total.count > 0) table.add({total.title, grouped(total.count)});
  }
  append(lines, table.lines(style, kSectionColumns));
  if (const std::uint64_t connects = server.counts[MailField::kConnects]; connects > 0) {
    const double efficiency =
        static_cast<double>(server.counts[MailField::kFrom]) / static_cast<double>(connects);
    lines.push_back(fmt::format("mail exchange efficiency N_f / N_c = {:.2f}", efficiency));
  }
  add_clients(lines, server, style);
  add_ranking(lines, "deferred", server.deferred_domains, style);
  add_ranking(lines, "turned down", server.rejected_domains, style);
  add_codes(lines, server, style);
}

}  // namespace

Lines logs_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.logs) return {};
  const dataplane::LogLedger& logs = *summary.logs;
  TextTable table({{"log lines"}, {"lines", Align::kRight}, {"share", Align::kRight}, {""}});
  constexpr std::array<const char*, dataplane::kLogVerdicts> kMeanings = {
      "facts of mail servers",
      "queries of DNS servers",
      "of known programs, nothing that is counted",
      "of programs that are not read",
      "no time that can be, or no syslog",
      "longer than 8 KiB"};
  for (std::size_t i = 0; i < dataplane::kLogVerdicts; ++i) {
    if (logs.verdicts[i] == 0) continue;
    table.add({std::string(dataplane::kLogVerdictNames[i]), grouped(logs.verdicts[i]),
               share(logs.verdicts[i], logs.lines), kMeanings[i]});
  }
  Lines lines = {fmt::format("lines     {}, {} bytes", grouped(logs.lines), grouped(logs.bytes))};
  if (summary.ledger.frames == 0 && summary.ledger.events_made() > 0) {
    lines.push_back("from      " + utc_text(summary.ledger.first_ns));
    lines.push_back("to        " + utc_text(summary.ledger.last_ns));
  }
  if (logs.lines == 0) return lines;
  lines.emplace_back();
  append(lines, table.lines(style, kSectionColumns));
  if (logs.time_went_back > 0)
    lines.push_back(
        faint("older than the one before in their log: " + facts_text(logs.time_went_back), style));
  if (logs.bad_names > 0)
    lines.push_back(faint(
        "for what is no name: " + grouped(logs.bad_names) + (logs.bad_names == 1 ? " query" : " queries"),
        style));
  return lines;
}

Lines mail_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.hosts) return {};
  Lines lines;
  for (const MailServerSummary& server : summary.hosts->mail) {
    if (!lines.empty()) lines.emplace_back();
    add_server(lines, server, style);
  }
  return lines;
}

}  // namespace mgmt

#include "mgmt/report_json.h"

#include <span>
#include <string_view>

#include "mgmt/summary_json.h"

namespace mgmt {
namespace {

// A line for each member, and for each row of a long list: rows become text one by one, since as JSON values
// a full table of clients would take several times its size.
class Writer {
 public:
  void member(std::string_view key, const Json& value) {
    begin(key);
    text_ += dump(value);
  }

  template <class Row>
  void rows(std::string_view key, std::span<const Row> rows, Json (*row_json)(const Row&)) {
    add_rows(key, rows, [&](const Row& row) { text_ += dump(row_json(row)); });
  }
  template <class Row>
  void rows(std::string_view key, std::span<const Row> rows, void (*append)(std::string&, const Row&)) {
    add_rows(key, rows, [&](const Row& row) { append(text_, row); });
  }

  std::string finish() && { return std::move(text_.append("}\n")); }

 private:
  // Bytes that are no UTF-8 are replaced: names are escaped already, so there should be none.
  static std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  void add_rows(std::string_view key, const auto& rows, auto add) {
    begin(key);
    text_ += '[';
    for (const char* separator = "\n  "; const auto& row : rows) {
      text_ += separator;
      add(row);
      separator = ",\n  ";
    }
    text_ += ']';
  }
  void begin(std::string_view key) {
    text_.append(text_.empty() ? "{" : ",\n ").append("\"").append(key).append("\":");
  }

  std::string text_;
};

}  // namespace

std::string report_json(const aggregator::Summary& summary) {
  Writer writer;
  writer.member("ledger", ledger_json(summary.ledger));
  writer.member("dns", dns_json(summary.dns, summary.ledger));
  writer.member("tcp", tcp_json(summary));
  writer.member("quic", {{"initial", summary.quic_initial}});
  writer.member("pairing", pairing_json(summary.pairing));
  writer.rows<aggregator::ClientRow>("clients", summary.clients, append_client_json);
  writer.member("other_clients", other_clients_json(summary));
  writer.rows<aggregator::NameRow>("names", summary.names, name_json);
  writer.rows<aggregator::NameRow>("domains", summary.domains, domain_json);
  if (summary.hosts) {
    const aggregator::HostSummary& hosts = *summary.hosts;
    writer.rows<aggregator::Finding>("findings", hosts.findings, finding_json);
    writer.rows<aggregator::PatternTotal>("patterns", hosts.patterns, pattern_json);
    writer.rows<aggregator::PatternClientRow>("pattern_clients", hosts.pattern_clients, pattern_client_json);
    writer.rows<aggregator::UnjudgeableRow>("not_judgeable", hosts.not_judgeable, unjudgeable_json);
    if (!hosts.mail.empty()) writer.rows<aggregator::MailServerSummary>("mail", hosts.mail, mail_json);
    writer.rows<aggregator::SmtpClientRow>("smtp_clients", hosts.smtp_clients, smtp_client_json);
    writer.rows<aggregator::UnresolvedDestinationRow>(
        "unresolved_destinations", hosts.unresolved_destinations, unresolved_destination_json);
  }
  if (summary.logs) writer.member("logs", logs_json(*summary.logs));
  if (summary.live) writer.member("live", live_json(*summary.live, summary.ledger));
  return std::move(writer).finish();
}

}  // namespace mgmt

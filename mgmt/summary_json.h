// A Summary's parts as JSON: for the report, the API and the event log.
#pragma once

#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "aggregator/summary.h"

namespace mgmt {

using Json = nlohmann::ordered_json;  // keys stay in the order in which they are explained

// Counts are integers, times seconds; what cannot be known is null.
Json ledger_json(const dataplane::Ledger& ledger);
Json dns_json(const aggregator::DnsCounts& dns, const dataplane::Ledger& ledger);
Json tcp_json(const aggregator::Summary& summary);
Json pairing_json(const aggregator::Pairing& pairing);
Json delay_json(const aggregator::Pairing& pairing);
Json client_json(const aggregator::ClientRow& client);
// The same as text: a table may have a million rows, of which each would be a tree first.
void append_client_json(std::string& text, const aggregator::ClientRow& client);
Json other_clients_json(const aggregator::Summary& summary);
Json name_json(const aggregator::NameRow& name);
Json domain_json(const aggregator::NameRow& domain);
Json smtp_client_json(const aggregator::SmtpClientRow& row);
Json unresolved_destination_json(const aggregator::UnresolvedDestinationRow& row);
Json spool_json(const aggregator::LiveSpool& spool);
Json live_json(const aggregator::LiveLedger& live, const dataplane::Ledger& ledger);
Json finding_json(const aggregator::Finding& finding);
Json pattern_json(const aggregator::PatternTotal& pattern);
Json pattern_client_json(const aggregator::PatternClientRow& row);
Json unjudgeable_json(const aggregator::UnjudgeableRow& row);
Json logs_json(const dataplane::LogLedger& logs);
Json mail_json(const aggregator::MailServerSummary& server);
Json ports_json(std::span<const aggregator::PortCount> ports);

}  // namespace mgmt

// The figures of a mail server that tables and regressions know by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/mail_counts.h"

namespace mgmt {

// Every field by its name, and "to", "rejected", "smtp" (connects), "pop3" (pop), and of the DNS queries, by
// the tap if it sees them and else by the logs: "dq", "dq_a", "dq_aaaa", "dq_ptr", "dq_mx", "dq_txt",
// "dq_https", "dq_other", "dq_formed".
std::optional<double> mail_column(std::string_view name, const aggregator::MailCounts& counts);

// All of them, in the order of a table.
std::vector<std::string> mail_column_names();

}  // namespace mgmt

// A mail server's curve out of the history, as `tapline mail` makes it of logs.
#pragma once

#include <string>

#include "mgmt/history/reader.h"
#include "mgmt/mail.h"

namespace mgmt {

// The newest `range.limit` steps. `host` is an address or a name; empty if there is one mail server only.
// Throws HistoryError if the history knows none, or several to choose from.
MailTable mail_history(HistoryReader& reader, const std::string& host, aggregator::SeriesStep step,
                       const HistoryRange& range);

}  // namespace mgmt

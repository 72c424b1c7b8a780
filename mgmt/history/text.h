// What the history answers, for people and for programs.
#pragma once

#include <string>

#include "mgmt/history/command.h"
#include "mgmt/history/source.h"
#include "mgmt/text_style.h"

namespace mgmt {

// A table, RFC 4180 or one JSON object, as the options have it.
std::string history_text(const HistoryOptions& options, HistorySource& source, const TextStyle& style);

}  // namespace mgmt

// `tapline regress`: least squares of one column of a table on others, as the papers take D_q on SMTP and
// POP3 sessions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "aggregator/regression.h"
#include "mgmt/history/place.h"
#include "mgmt/history/source.h"
#include "mgmt/mail.h"
#include "mgmt/series_table.h"

namespace mgmt {

// What is asked of a table, wherever it comes from.
struct RegressQuestion {
  std::string y;
  std::vector<std::string> x;  // at least one
  aggregator::RegressionSettings settings;
  std::vector<double> given;  // coefficients known beforehand, of all x; empty: to be found
  std::optional<double> q;    // the share of mail that is received: from 0 to below 1
};

// The rows that `tapline run` kept of a mail server.
struct RegressHistory {
  HistoryPlace place;
  std::string host;  // empty: the only one
  aggregator::SeriesStep step = aggregator::SeriesStep::kDay;
  HistoryRange range;
};

struct RegressOptions {
  std::string csv;  // a file, or "-"; empty: the history, or the logs
  std::optional<RegressHistory> history;
  std::optional<std::int64_t> step_s;
  MailOptions mail;  // the logs
  RegressQuestion question;
  bool json = false;
  bool no_color = false;
};

struct RegressAnswer {
  std::string source;  // of the table, safe to print
  RegressQuestion question;
  SeriesTable table;  // the columns of x, then y
  aggregator::Regression regression;
};

// Throws UsageError, CLI::CallForHelp.
RegressOptions read_regress_words(std::span<const char* const> words);

// `table` has the columns of x, then y. Throws ConfigError if it does not determine the coefficients.
RegressAnswer regress_on(SeriesTable table, const RegressQuestion& question, std::string source);

// Returns the exit status.
int regress(const RegressOptions& options);

}  // namespace mgmt

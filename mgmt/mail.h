// `tapline mail`: what a mail server's logs come to by day, as the papers' tables do.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "aggregator/mail_series.h"
#include "aggregator/weekly_profile.h"
#include "mgmt/replay_options.h"
#include "mgmt/text_style.h"

namespace mgmt {

struct MailOptions {
  ReplayOptions inputs;
  std::vector<std::string> hosts;  // addresses or names; none: all that have logs
  aggregator::SeriesStep step = aggregator::SeriesStep::kDay;
  SeriesFormat format = SeriesFormat::kText;
};

// Of one mail server.
struct MailTable {
  std::string name;
  std::string address;
  aggregator::SeriesStep step = aggregator::SeriesStep::kDay;
  aggregator::CalendarSettings calendar;
  std::vector<aggregator::MailPoint> points;  // of steps in which something happened
};

// Reads the inputs. Of the servers named, or all; says on standard error what could not be read, and then
// `complete` is false. Throws UsageError if a host has no log.
std::vector<MailTable> mail_tables(const MailOptions& options, const TextStyle& style, bool& complete);

std::string mail_text(const MailTable& table, const TextStyle& style);
std::string mail_csv(std::span<const MailTable> tables);   // RFC 4180, with a header line
std::string mail_json(std::span<const MailTable> tables);  // {"servers":[...]}

// Throws UsageError, ConfigError, CLI::CallForHelp.
MailOptions read_mail_words(std::span<const char* const> words);

// Returns the exit status.
int mail(const MailOptions& options);

}  // namespace mgmt

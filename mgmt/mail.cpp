#include "mgmt/mail.h"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/log_words.h"
#include "mgmt/read_inputs.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

struct MailWords {
  std::optional<std::string> config;
  std::optional<std::string> step;
  std::vector<std::string> captures;
  LogWords logs;
  bool csv = false;
  bool json = false;
  bool no_color = false;
  bool no_progress = false;
};

void add_options(CLI::App& mail, MailWords& words) {
  mail.add_option("--config", words.config)->take_last();
  mail.add_option("--step", words.step)->take_last();
  mail.add_option("--pcap", words.captures)->allow_extra_args(false);
  add_log_options(mail, words.logs);
  mail.add_flag("--csv", words.csv)->disable_flag_override();
  mail.add_flag("--json", words.json)->disable_flag_override();
  mail.add_flag("--no-color", words.no_color)->disable_flag_override();
  mail.add_flag("--no-progress", words.no_progress)->disable_flag_override();
}

bool is_server(const aggregator::MailServerSummary& server, const std::string& host) {
  const auto address = wire::address_from(host);
  return server.name == host || (address && *address == server.server);
}

std::vector<aggregator::MailServerSummary> wanted(const MailOptions& options,
                                                  const std::vector<aggregator::MailServerSummary>& servers) {
  if (options.hosts.empty()) return servers;
  std::vector<aggregator::MailServerSummary> chosen;
  for (const std::string& host : options.hosts) {
    const auto found =
        std::ranges::find_if(servers, [&](const auto& server) { return is_server(server, host); });
    if (found == servers.end())
      throw UsageError(fmt::format("no log says anything of a mail server {}", in_quotes(host)));
    chosen.push_back(*found);
  }
  return chosen;
}

}  // namespace

MailOptions read_mail_words(std::span<const char* const> given) {
  MailWords words;
  CLI::App app;
  add_options(app, words);
  MailOptions options;
  options.hosts = take_options(app, given);
  if (words.config) options.inputs.config = read_config(*words.config);
  const LogOptions logs = read_log_words(words.logs);
  if (logs.logs.empty()) throw UsageError("'tapline mail' needs a log: --maillog HOST=FILE");
  options.inputs.logs = log_files(logs, options.inputs.config);
  options.inputs.files = words.captures;
  if (words.step) options.step = series_step_from(*words.step);
  if (words.csv && words.json) throw UsageError("--csv and --json exclude each other");
  if (words.csv) options.format = SeriesFormat::kCsv;
  if (words.json) options.format = SeriesFormat::kJson;
  options.inputs.color = !words.no_color;
  options.inputs.progress = !words.no_progress;
  return options;
}

std::vector<MailTable> mail_tables(const MailOptions& options, const TextStyle& style, bool& complete) {
  ReplayPlan plan = replay_plan(options.inputs);
  std::vector<MailTable> tables;
  if (!plan.hosts) return tables;  // no mail server at all
  plan.hosts->series.points = {};
  plan.hosts->series.points[static_cast<std::size_t>(options.step)] = kMostSeriesPoints;
  const ReplayResult result = read_inputs(options.inputs, plan, style);
  complete = complain_of(result);
  for (const auto& server : wanted(options, result.summary.hosts->mail)) {
    tables.push_back({server.name, wire::to_text(server.server), options.step, plan.hosts->detectors.calendar,
                      result.hosts->mail().series(server.server)->points(options.step)});
  }
  return tables;
}

int mail(const MailOptions& options) {
  const TextStyle style = {locale_is_utf8(), options.inputs.color && shows_color(STDOUT_FILENO),
                           options.inputs.top};
  bool complete = true;
  const std::vector<MailTable> tables = mail_tables(options, style, complete);
  std::string text;
  if (options.format == SeriesFormat::kCsv) {
    text = mail_csv(tables);
  } else if (options.format == SeriesFormat::kJson) {
    text = mail_json(tables);
  } else {
    for (const MailTable& table : tables) text += (text.empty() ? "" : "\n") + mail_text(table, style);
    if (tables.empty()) text = "The logs say nothing of any mail server.\n";
  }
  return write_standard_output(text) && complete ? kExitDone : kExitFailed;
}

}  // namespace mgmt

#include "mgmt/regress.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/duration_text.h"
#include "mgmt/history/command.h"
#include "mgmt/history/mail_history.h"
#include "mgmt/log_words.h"
#include "mgmt/mail_columns.h"
#include "mgmt/regress_text.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"
#include "mgmt/time_text.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr std::size_t kMostColumns = 16;             // of --x
constexpr std::size_t kMostHistoryRows = 1'000'000;  // two years of minutes
constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr Range<std::int64_t> kStepRangeNs = {kSecondNs, 366 * 86'400 * kSecondNs};

struct RegressWords {
  std::optional<std::string> csv;
  std::optional<std::string> y;
  std::optional<std::string> x;
  std::optional<std::string> step;
  std::optional<std::string> q;
  std::optional<std::string> given;
  std::optional<std::string> host;
  std::optional<std::string> config;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> state;
  bool history = false;
  std::vector<std::string> captures;
  LogWords logs;
  bool nonnegative = false;
  bool intercept = false;
  bool json = false;
  bool no_color = false;
};

void add_options(CLI::App& regress, RegressWords& words) {
  regress.add_option("--csv", words.csv)->take_last();
  regress.add_option("--y", words.y)->take_last();
  regress.add_option("--x", words.x)->take_last();
  regress.add_option("--step", words.step)->take_last();
  regress.add_option("--q", words.q)->take_last();
  regress.add_option("--given", words.given)->take_last();
  regress.add_option("--host", words.host)->take_last();
  regress.add_option("--config", words.config)->take_last();
  regress.add_flag("--history", words.history)->disable_flag_override();
  regress.add_option("--from", words.from)->take_last();
  regress.add_option("--to", words.to)->take_last();
  regress.add_option("--state", words.state)->take_last();
  regress.add_option("--pcap", words.captures)->allow_extra_args(false);
  add_log_options(regress, words.logs);
  regress.add_flag("--nonneg", words.nonnegative)->disable_flag_override();
  regress.add_flag("--intercept", words.intercept)->disable_flag_override();
  regress.add_flag("--json", words.json)->disable_flag_override();
  regress.add_flag("--no-color", words.no_color)->disable_flag_override();
}

std::vector<std::string> columns_in(std::string_view list) {
  std::vector<std::string> names;
  for (;;) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string name(list.substr(0, comma));
    if (name.empty()) throw UsageError("--x takes the names of columns with commas between them");
    if (std::ranges::find(names, name) != names.end()) {
      throw UsageError(fmt::format("--x names the column {} twice", in_quotes(name)));
    }
    names.push_back(name);
    if (comma == list.size()) break;
    list.remove_prefix(comma + 1);
  }
  if (names.size() > kMostColumns)
    throw UsageError(fmt::format("--x takes at most {} columns", kMostColumns));
  return names;
}

std::int64_t step_in(const std::string& word) {
  const auto step_ns = parse_duration(word);
  if (step_ns && kStepRangeNs.contains(*step_ns) && *step_ns % kSecondNs == 0) return *step_ns / kSecondNs;
  throw UsageError(
      fmt::format("--step takes whole seconds such as 60s, 1h or 1d, up to 366d, not {}", in_quotes(word)));
}

double share_in(const std::string& word) {
  double share = -1;
  const char* end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, share);
  if (error == std::errc() && rest == end && share >= 0 && share < 1) return share;
  throw UsageError(fmt::format("--q takes a share from 0 to below 1, not {}", in_quotes(word)));
}

std::vector<double> numbers_in(std::string_view list, std::size_t wanted) {
  std::vector<double> numbers;
  const char* at = list.data();
  const char* const end = at + list.size();
  for (bool more = true; more;) {
    double number = 0;
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc() || !std::isfinite(number) || (rest != end && *rest != ',')) break;
    numbers.push_back(number);
    more = rest != end;
    at = more ? rest + 1 : end;
    if (!more && numbers.size() == wanted) return numbers;
  }
  throw UsageError(fmt::format(
      "--given takes a number for each column of --x with commas between them, not {}", in_quotes(list)));
}

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + in_quotes(name);
  return text;
}

void refuse_undetermined(const RegressAnswer& answer) {
  const std::size_t rows = answer.table.rows.size();
  const std::size_t columns = answer.question.x.size() + answer.question.settings.intercept;
  if (rows < columns) {
    throw ConfigError(fmt::format("{}: {} {} for {} coefficients; give more rows, or a shorter --step",
                                  answer.source, rows, rows == 1 ? "row" : "rows", columns));
  }
  const auto& dependent = answer.regression.dependent;
  throw ConfigError(
      fmt::format("{}: {} says nothing that the other columns do not say (it is 0 throughout, or "
                  "made up of multiples of them); leave it out",
                  answer.source, list_of(dependent)));
}

// The columns of these names, of the mail server's curve.
SeriesTable columns_of(const MailTable& mail, std::span<const std::string> names) {
  SeriesTable table;
  for (const aggregator::MailPoint& point : mail.points) {
    table.seconds.push_back(static_cast<std::int64_t>(point.begin));
    table.rows.push_back(time_text(table.seconds.back()));
  }
  for (const std::string& name : names) {
    aggregator::NamedColumn& column = table.columns.emplace_back();
    column.name = name;
    for (const aggregator::MailPoint& point : mail.points) {
      const auto value = mail_column(name, point.counts);
      if (!value) {
        throw ConfigError(fmt::format("tapline: a mail server has no column {}; there are {}",
                                      in_quotes(name), fmt::join(mail_column_names(), ", ")));
      }
      column.values.push_back(*value);
    }
  }
  return table;
}

RegressAnswer answer_of_logs(const RegressOptions& options, std::span<const std::string> names) {
  TextStyle style;
  style.utf8 = locale_is_utf8();
  bool complete = true;
  const std::vector<MailTable> tables = mail_tables(options.mail, style, complete);
  if (!complete)
    throw ConfigError("tapline: a fit of what could be read would not say so; mend or leave out the log");
  if (tables.empty() || tables.front().points.empty())
    throw ConfigError("tapline: the logs say nothing of a mail server; is HOST of --maillog its address?");
  if (tables.size() > 1) {
    throw ConfigError(
        fmt::format("tapline: the logs are of {} mail servers; choose one with --host, such as {}",
                    tables.size(), in_quotes(tables.front().name)));
  }
  return regress_on(columns_of(tables.front(), names), options.question, tables.front().name);
}

RegressAnswer answer_of_history(const RegressOptions& options, std::span<const std::string> names) {
  const RegressHistory& history = *options.history;
  HistoryReader reader(history.place.folder, history.place.hosts);
  const MailTable mail = mail_history(reader, history.host, history.step, history.range);
  return regress_on(columns_of(mail, names), options.question,
                    printable(mail.name, kPathColumns, TextStyle{}) + ", history");
}

RegressAnswer answer_to(const RegressOptions& options) {
  std::vector<std::string> names = options.question.x;
  names.push_back(options.question.y);
  if (options.history) return answer_of_history(options, names);
  if (options.csv.empty()) return answer_of_logs(options, names);
  const std::string source = options.csv == "-" ? "standard input" : options.csv;
  SeriesTable table = series_of(read_csv(options.csv), source, names, options.step_s.has_value());
  if (options.step_s) table = summed_by_step(table, *options.step_s);
  return regress_on(std::move(table), options.question, printable(source, kPathColumns, TextStyle{}));
}

MailOptions mail_options(const RegressWords& words, const LogOptions& logs) {
  MailOptions options;
  if (words.config) options.inputs.config = read_config(*words.config);
  options.inputs.logs = log_files(logs, options.inputs.config);
  options.inputs.files = words.captures;
  options.inputs.color = !words.no_color;
  if (words.host) options.hosts = {*words.host};
  if (words.step) options.step = series_step_from(*words.step);
  return options;
}

RegressHistory history_options(const RegressWords& words) {
  RegressHistory history;
  if (words.state && words.config) throw UsageError("--state and --config exclude each other");
  history.place = asked_place(words.state, words.config);
  history.host = words.host.value_or("");
  history.range = history_range(words.from, words.to);
  history.range.limit = kMostHistoryRows;
  if (words.step) history.step = series_step_from(*words.step);
  if (history.step == aggregator::SeriesStep::kSecond)
    throw UsageError("--step takes 1m, 1h or 1d with --history: seconds are not kept");
  return history;
}

void expect_one_source(const RegressWords& words, bool logs) {
  const int sources = words.csv.has_value() + logs + words.history;
  if (sources == 0)
    throw UsageError(
        "'tapline regress' needs a table: --csv FILE, or logs: --maillog HOST=FILE, or --history");
  if (sources > 1) throw UsageError("--csv, logs and --history exclude each other");
  if (!words.history && (words.from || words.to || words.state))
    throw UsageError("--from, --to and --state belong to --history");
}

}  // namespace

RegressOptions read_regress_words(std::span<const char* const> given) {
  RegressWords words;
  CLI::App app;
  add_options(app, words);
  if (const auto others = take_options(app, given); !others.empty()) {
    throw UsageError(
        fmt::format("'tapline regress' takes no {}; a file goes with --csv", in_quotes(others[0])));
  }
  const LogOptions logs = read_log_words(words.logs);
  expect_one_source(words, !logs.logs.empty());
  if (!words.y || words.y->empty())
    throw UsageError("'tapline regress' needs the column to explain: --y NAME");
  if (!words.x) throw UsageError("'tapline regress' needs the columns that explain it: --x NAME,NAME");
  RegressOptions options;
  if (words.csv) {
    options.csv = *words.csv;
  } else if (words.history) {
    options.history = history_options(words);
  } else {
    options.mail = mail_options(words, logs);
  }
  options.question.y = *words.y;
  options.question.x = columns_in(*words.x);
  if (std::ranges::find(options.question.x, *words.y) != options.question.x.end()) {
    throw UsageError(fmt::format("{} cannot explain itself; leave it out of --x", in_quotes(*words.y)));
  }
  options.question.settings = {words.intercept, words.nonnegative};
  if (words.step && words.csv) options.step_s = step_in(*words.step);
  if (words.given) {
    if (words.nonnegative || words.intercept)
      throw UsageError("--given leaves nothing to find; --nonneg and --intercept are for a fit");
    options.question.given = numbers_in(*words.given, options.question.x.size());
  }
  if (words.q) options.question.q = share_in(*words.q);
  options.json = words.json;
  options.no_color = words.no_color;
  return options;
}

RegressAnswer regress_on(SeriesTable table, const RegressQuestion& question, std::string source) {
  RegressAnswer answer{std::move(source), question, std::move(table), {}};
  const std::span<const aggregator::NamedColumn> columns = answer.table.columns;
  const auto x = columns.first(columns.size() - 1);
  answer.regression = question.given.empty()
                          ? aggregator::regress(columns.back(), x, question.settings)
                          : aggregator::with_coefficients(columns.back(), x, question.given);
  if (!answer.regression.determined()) refuse_undetermined(answer);
  return answer;
}

int regress(const RegressOptions& options) {
  TextStyle style;
  style.utf8 = locale_is_utf8();
  style.color = shows_color(STDOUT_FILENO) && !options.no_color;
  try {
    const RegressAnswer answer = answer_to(options);
    const std::string text = options.json ? regress_json(answer) : regress_text(answer, style);
    return write_standard_output(text) ? kExitDone : kExitFailed;
  } catch (const ConfigError& mistakes) {  // the table's, not the configuration's
    std::fprintf(stderr, "%s\n", mistakes.what());
    return kExitFailed;
  }
}

}  // namespace mgmt

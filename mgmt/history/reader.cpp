#include "mgmt/history/reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/history/store.h"
#include "mgmt/history/tables.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max();

// All rows but one too many; the newest were read first.
template <class Row>
HistoryAnswer<Row> in_order(std::vector<Row> rows, std::size_t limit) {
  HistoryAnswer<Row> answer;
  answer.more = rows.size() > limit;
  if (answer.more) rows.resize(limit);
  std::ranges::reverse(rows);
  answer.rows = std::move(rows);
  return answer;
}

// What was written of a host before it was hidden, and since, or by two keys, in one hour or day. Newest
// first.
void merge_same_hosts(std::vector<HistoryStep>& rows, std::size_t summed) {
  const auto later = [](const HistoryStep& a, const HistoryStep& b) {
    return std::tie(a.begin, a.row.host) > std::tie(b.begin, b.row.host);
  };
  std::ranges::sort(rows, later);
  std::vector<HistoryStep> merged;
  for (HistoryStep& row : rows) {
    if (merged.empty() || later(merged.back(), row)) {
      merged.push_back(std::move(row));
      continue;
    }
    std::vector<std::uint64_t>& counts = merged.back().row.counts;
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] = i < summed ? counts[i] + row.row.counts[i] : std::max(counts[i], row.row.counts[i]);
  }
  rows = std::move(merged);
}

std::int64_t one_more(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<std::int32_t>::max())) +
         1;
}

std::uint64_t count_in(const Statement& statement, int column) {
  return static_cast<std::uint64_t>(statement.integer(column));
}

HistoryFinding finding_in(const Statement& row) {
  HistoryFinding finding;
  finding.run = count_in(row, 0);
  finding.id = count_in(row, 1);
  finding.detector = row.text(2);
  finding.subject = row.text(3);
  finding.name = row.text(4);
  finding.since = row.integer(5);
  finding.until = row.integer_if_any(6);
  finding.score = row.real(7);
  finding.severity = row.text(8);
  finding.evidence = row.text(9);
  finding.advice = row.text(10);
  finding.cut = row.integer(11) != 0;
  return finding;
}

}  // namespace

HistoryReader::HistoryReader(const std::string& folder, KeptHosts kept)
    : file_(history_file(folder)), kept_(std::move(kept)) {
  const std::string shown = printable(file_, kPathColumns, TextStyle{});
  if (access(file_.c_str(), R_OK) != 0) {
    const int reason = errno;
    throw HistoryError(fmt::format("{}: {}. {}", shown, std::strerror(reason),
                                   reason == ENOENT
                                       ? "There is no history yet: 'tapline run' writes one if its "
                                         "configuration has [history]; --state names its folder"
                                       : "Read it as root, or as a member of its group"));
  }
  try {
    database_.emplace(file_, Database::Access::kRead);
    expect_history_tables(*database_, shown);
  } catch (const DatabaseError& error) {
    if (error.broken()) throw;
    throw HistoryError(
        fmt::format("{}. Read it as root, or as the user that 'tapline run' has", error.what()));
  }
}

HistoryAnswer<HistoryStep> HistoryReader::steps(const HistoryQuery& query) {
  const std::vector<std::string_view> names = history_column_names(query.kind);
  const bool sensor = query.kind == HistoryKind::kSensor;
  Statement select = database_->prepare(fmt::format(
      "SELECT begin, {}, \"{}\" FROM {} WHERE begin >= ?1 AND begin < ?2 {} ORDER BY begin DESC{} LIMIT ?3",
      sensor ? "''" : "host", fmt::join(names, "\", \""), history_table(query.kind, query.step),
      sensor || query.host.empty() ? "" : "AND host IN (?4, ?5)", sensor ? "" : ", host DESC"));
  select.bind(1, query.range.from.value_or(0)).bind(2, query.range.to.value_or(kEver));
  select.bind(3, one_more(query.range.limit));
  if (!sensor && !query.host.empty()) {
    const std::vector<std::string> spellings = kept_.spellings(address_of(query.host));
    select.bind(4, spellings.front()).bind(5, spellings.back());
  }
  std::vector<HistoryStep> rows;
  while (select.step()) {
    HistoryStep& row = rows.emplace_back();
    row.begin = count_in(select, 0);
    row.row.host = kept_.shown(select.text(1));
    for (std::size_t i = 0; i < names.size(); ++i)
      row.row.counts.push_back(count_in(select, static_cast<int>(i) + 2));
  }
  const bool more = rows.size() > query.range.limit;
  if (!sensor) merge_same_hosts(rows, history_columns(query.kind).summed.size());
  HistoryAnswer<HistoryStep> answer = in_order(std::move(rows), query.range.limit);
  answer.more = more;
  return answer;
}

HistoryAnswer<HistoryFinding> HistoryReader::findings(const HistoryRange& range) {
  Statement select = database_->prepare(
      "SELECT run, id, detector, subject, name, since, until, score, severity, evidence, advice, cut FROM "
      "findings"
      " WHERE since < ?2 AND (until IS NULL OR until > ?1) ORDER BY since DESC, run DESC, id DESC LIMIT ?3");
  select.bind(1, range.from.value_or(0)).bind(2, range.to.value_or(kEver)).bind(3, one_more(range.limit));
  std::vector<HistoryFinding> rows;
  while (select.step()) rows.push_back(kept_.shown(finding_in(select)));
  return in_order(std::move(rows), range.limit);
}

HistoryAnswer<HistoryGap> HistoryReader::gaps(const HistoryRange& range) {
  Statement select = database_->prepare(
      "SELECT begin, end, why FROM gaps WHERE begin < ?2 AND end > ?1 ORDER BY begin DESC LIMIT ?3");
  select.bind(1, range.from.value_or(0)).bind(2, range.to.value_or(kEver)).bind(3, one_more(range.limit));
  std::vector<HistoryGap> rows;
  while (select.step()) rows.push_back({count_in(select, 0), count_in(select, 1), select.text(2)});
  return in_order(std::move(rows), range.limit);
}

std::vector<std::string> HistoryReader::hosts(HistoryKind kind) {
  std::vector<std::string> hosts;
  if (kind == HistoryKind::kSensor) return hosts;
  Statement select = database_->prepare(
      fmt::format("SELECT DISTINCT host FROM {}", history_table(kind, aggregator::SeriesStep::kDay)));
  while (select.step()) hosts.push_back(kept_.shown(select.text(0)));
  std::ranges::sort(hosts);
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  return hosts;
}

std::optional<std::uint64_t> HistoryReader::begin() {
  Statement select =
      database_->prepare(fmt::format("SELECT begin FROM {} ORDER BY begin LIMIT 1",
                                     history_table(HistoryKind::kSensor, aggregator::SeriesStep::kDay)));
  return select.step() ? std::optional(count_in(select, 0)) : std::nullopt;
}

std::optional<std::uint64_t> HistoryReader::end() {
  Statement select = database_->prepare("SELECT until FROM runs ORDER BY run DESC LIMIT 1");
  return select.step() ? std::optional(count_in(select, 0)) : std::nullopt;
}

std::uint64_t HistoryReader::next_finding() {
  return static_cast<std::uint64_t>(database_->number("SELECT coalesce(max(id), 0) + 1 FROM findings"));
}

std::string HistoryReader::address_of(const std::string& name) {
  Statement select = database_->prepare("SELECT host FROM names WHERE name = ?");
  select.bind(1, name);
  return select.step() ? kept_.shown(select.text(0)) : name;
}

std::string HistoryReader::damage() {
  Statement check = database_->prepare("PRAGMA integrity_check(10)");
  std::string all;
  while (check.step()) {
    const std::string line = check.text(0);
    if (line != "ok") all += (all.empty() ? "" : "; ") + line;
  }
  return all;
}

std::uint64_t HistoryReader::bytes() {
  return static_cast<std::uint64_t>(database_->number("PRAGMA page_count") *
                                    database_->number("PRAGMA page_size"));
}

}  // namespace mgmt

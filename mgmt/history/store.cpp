#include "mgmt/history/store.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/history/retention.h"
#include "mgmt/history/tables.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

using aggregator::kSeriesStepSeconds;
using aggregator::SeriesStep;

std::int64_t stored(std::uint64_t count) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(count, std::numeric_limits<std::int64_t>::max()));
}

// A row is added to what is there of its minute, hour or day.
std::string upsert_text(HistoryKind kind, SeriesStep step) {
  const bool sensor = kind == HistoryKind::kSensor;
  std::string names = sensor ? "begin" : "begin, host";
  std::string places = sensor ? "?" : "?, ?";
  std::string updates;
  const auto add = [&](std::string_view name, const std::string& update) {
    names += fmt::format(", \"{}\"", name);
    places += ", ?";
    updates += (updates.empty() ? "" : ", ") + update;
  };
  const HistoryColumns& columns = history_columns(kind);
  for (const std::string_view name : columns.summed)
    add(name, fmt::format("\"{0}\" = \"{0}\" + excluded.\"{0}\"", name));
  for (const std::string_view name : columns.most)
    add(name, fmt::format("\"{0}\" = max(\"{0}\", excluded.\"{0}\")", name));
  return fmt::format("INSERT INTO {}({}) VALUES({}) ON CONFLICT DO UPDATE SET {}", history_table(kind, step),
                     names, places, updates);
}

std::uint64_t begin_of(std::uint64_t second, SeriesStep step, std::int64_t east_s) {
  const std::uint64_t length = kSeriesStepSeconds[static_cast<std::size_t>(step)];
  constexpr std::int64_t kDay = 86'400;
  const auto east = static_cast<std::uint64_t>((east_s % kDay + kDay) % kDay);
  return second - std::min(second, (second + east) % length);
}

void write_row(Statement& upsert, HistoryKind kind, std::uint64_t begin, const HistoryRow& row) {
  int place = 1;
  upsert.bind(place++, stored(begin));
  if (kind != HistoryKind::kSensor) upsert.bind(place++, row.host);
  for (const std::uint64_t count : row.counts) upsert.bind(place++, stored(count));
  upsert.run();
}

// For the group of the file's owner, as what is in it is about people.
void make_file(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor >= 0) {
    close(descriptor);
    return;
  }
  const int reason = errno;
  const std::string sentence = fmt::format("{}: cannot be opened for writing: {}",
                                           printable(file, kPathColumns, TextStyle{}), std::strerror(reason));
  if (reason == ENOSPC || reason == EDQUOT) throw DatabaseError(sentence, 0);
  throw HistoryError(sentence + ". Mend that, or name another folder in [state]");
}

bool sound(Database& database) {
  try {
    return database.word("PRAGMA quick_check(1)") == "ok";
  } catch (const DatabaseError& error) {
    if (error.broken()) return false;
    throw;
  }
}

}  // namespace

std::string history_file(const std::string& folder) {
  return folder + "/history.sqlite";
}

HistoryStore::HistoryStore(HistorySettings settings)
    : settings_(std::move(settings)), lock_(settings_.folder) {
  const std::string file = history_file(settings_.folder);
  make_file(file);
  database_.emplace(file, Database::Access::kWrite);
  if (!sound(*database_)) {
    set_broken_aside();
    make_file(file);
    database_.emplace(file, Database::Access::kWrite);
  }
  open();
}

// A commit waits for the disk: there is one a minute.
void HistoryStore::open() {
  database_->run("PRAGMA auto_vacuum = INCREMENTAL");
  database_->run("PRAGMA journal_mode = WAL");
  database_->run("PRAGMA synchronous = FULL");
  database_->run("PRAGMA journal_size_limit = 4194304");
  make_history_tables(*database_);
}

void HistoryStore::set_broken_aside() {
  namespace fs = std::filesystem;
  const std::string file = history_file(settings_.folder);
  database_.reset();
  const std::string name =
      fmt::format("{}.broken-{:%Y%m%dT%H%M%SZ}", file, fmt::gmtime(std::chrono::system_clock::now()));
  set_aside_ = name;
  for (int number = 2; fs::exists(set_aside_); ++number) set_aside_ = fmt::format("{}-{}", name, number);
  std::error_code reason;
  fs::rename(file, set_aside_, reason);
  if (reason) {
    throw HistoryError(fmt::format("{}: is broken and cannot be set aside: {}. Move it away",
                                   printable(file, kPathColumns, TextStyle{}), reason.message()));
  }
  fs::rename(file + "-wal", set_aside_ + "-wal", reason);  // belongs to it, if there is one
  fs::remove(file + "-shm", reason);
}

std::uint64_t HistoryStore::begin_run(const HistoryMinute& first) {
  Statement last = database_->prepare("SELECT run, until, ended FROM runs ORDER BY run DESC LIMIT 1");
  if (last.step()) {
    const auto until = static_cast<std::uint64_t>(last.integer(1));
    const auto reason = last.integer(2) != 0 ? HistoryGapReason::kStopped : HistoryGapReason::kKilled;
    if (first.from > until)
      write(HistoryGap{until, first.from,
                       std::string(kHistoryGapReasonNames[static_cast<std::size_t>(reason)])});
    database_->prepare("UPDATE findings SET until = max(since, ?), cut = 1 WHERE until IS NULL")
        .bind(1, stored(until))
        .run();
  }
  for (const auto& [name, host] : settings_.names)
    database_->prepare("INSERT OR REPLACE INTO names(name, host) VALUES(?, ?)")
        .bind(1, name)
        .bind(2, host)
        .run();
  database_->prepare("INSERT INTO runs(first, until, version) VALUES(?, ?, ?)")
      .bind(1, stored(first.from))
      .bind(2, stored(first.from))
      .bind(3, std::string_view(TAPLINE_VERSION))
      .run();
  return static_cast<std::uint64_t>(database_->number("SELECT last_insert_rowid()"));
}

void HistoryStore::write(const HistoryBatch& batch) {
  Transaction transaction(*database_);
  std::uint64_t run = run_;
  if (run == 0 && !batch.minutes.empty()) run = begin_run(batch.minutes.front());
  for (const HistoryMinute& minute : batch.minutes) write(minute);
  for (const HistoryFinding& finding : batch.findings) write(finding, run);
  for (const HistoryGap& gap : batch.gaps) write(gap);
  if (!batch.minutes.empty()) {
    database_->prepare("UPDATE runs SET until = ? WHERE run = ?")
        .bind(1, stored(batch.minutes.back().until))
        .bind(2, stored(run))
        .run();
  }
  transaction.commit();
  run_ = run;
  if (!batch.minutes.empty()) newest_ = batch.minutes.back().begin;
}

void HistoryStore::write(const HistoryMinute& minute) {
  for (std::size_t k = 0; k < kHistoryKinds; ++k) {
    if (minute.rows[k].empty()) continue;
    const auto kind = static_cast<HistoryKind>(k);
    for (const SeriesStep step : kHistorySteps) {
      Statement upsert = database_->prepare(upsert_text(kind, step));
      const std::uint64_t begin = begin_of(minute.begin, step, settings_.east_s);
      for (const HistoryRow& row : minute.rows[k]) write_row(upsert, kind, begin, row);
    }
  }
}

void HistoryStore::write(const HistoryFinding& finding, std::uint64_t run) {
  Statement replace = database_->prepare(
      "INSERT OR REPLACE INTO findings(run, id, detector, subject, name, since, until, score, severity, "
      "evidence,"
      " advice) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  replace.bind(1, stored(run)).bind(2, stored(finding.id)).bind(3, finding.detector).bind(4, finding.subject);
  replace.bind(5, finding.name).bind(6, finding.since);
  if (finding.until) {
    replace.bind(7, *finding.until);
  } else {
    replace.bind_null(7);
  }
  replace.bind(8, finding.score)
      .bind(9, finding.severity)
      .bind(10, finding.evidence)
      .bind(11, finding.advice);
  replace.run();
}

// One that goes on where another ended is the same: what was lost while the other was being written.
void HistoryStore::write(const HistoryGap& gap) {
  for (const char* const text : {"UPDATE OR REPLACE gaps SET end = ?2 WHERE end = ?1 AND why = ?3",
                                 "INSERT OR REPLACE INTO gaps(begin, end, why) SELECT ?1, ?2, ?3 "
                                 "WHERE changes() = 0"}) {
    database_->prepare(text).bind(1, stored(gap.begin)).bind(2, stored(gap.end)).bind(3, gap.why).run();
  }
}

void HistoryStore::trim() {
  trim_history(*database_, settings_, newest_);
}

void HistoryStore::end() {
  if (run_ == 0) return;
  database_->prepare("UPDATE runs SET ended = 1 WHERE run = ?").bind(1, stored(run_)).run();
  run_ = 0;
}

}  // namespace mgmt

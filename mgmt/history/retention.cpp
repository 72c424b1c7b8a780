#include "mgmt/history/retention.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "mgmt/history/tables.h"

namespace mgmt {
namespace {

using aggregator::SeriesStep;

constexpr std::uint64_t kHour = 3600;
constexpr std::uint64_t kDay = 86'400;
constexpr std::size_t kMostSizeSteps = 24;
constexpr int kFreedPages = 1024;  // at a time: 4 MiB

struct Age {
  SeriesStep step;
  std::uint64_t keep_s;
  std::uint64_t portion_s;  // what goes at once
};

std::array<Age, 3> ages(const HistorySettings& settings) {
  return {{{SeriesStep::kMinute, settings.keep_minutes_s, kHour},
           {SeriesStep::kHour, settings.keep_hours_s, kDay},
           {SeriesStep::kDay, settings.keep_days_s, 30 * kDay}}};
}

std::optional<std::uint64_t> oldest(Database& database, SeriesStep step) {
  std::optional<std::uint64_t> oldest;
  for (std::size_t kind = 0; kind < kHistoryKinds; ++kind) {
    Statement first = database.prepare(
        fmt::format("SELECT min(begin) FROM {}", history_table(static_cast<HistoryKind>(kind), step)));
    first.step();
    const auto begin = first.integer_if_any(0);
    if (begin)
      oldest = std::min(oldest.value_or(std::numeric_limits<std::uint64_t>::max()),
                        static_cast<std::uint64_t>(std::max<std::int64_t>(*begin, 0)));
  }
  return oldest;
}

// The oldest portion, as far as it is before `limit`. False if there is nothing.
bool drop_portion(Database& database, const Age& age, std::uint64_t limit) {
  const auto first = oldest(database, age.step);
  if (!first || *first >= limit) return false;
  const std::uint64_t end = std::min(limit, *first / age.portion_s * age.portion_s + age.portion_s);
  Transaction transaction(database);
  for (std::size_t kind = 0; kind < kHistoryKinds; ++kind) {
    database
        .prepare(fmt::format("DELETE FROM {} WHERE begin < ?",
                             history_table(static_cast<HistoryKind>(kind), age.step)))
        .bind(1, static_cast<std::int64_t>(end))
        .run();
  }
  transaction.commit();
  database.run(fmt::format("PRAGMA incremental_vacuum({})", kFreedPages));
  return true;
}

// Findings, gaps and runs stay as long as days do.
void drop_old_events(Database& database, std::uint64_t limit) {
  const auto before = static_cast<std::int64_t>(limit);
  Transaction transaction(database);
  database.prepare("DELETE FROM findings WHERE since < ? AND until IS NOT NULL").bind(1, before).run();
  database.prepare("DELETE FROM gaps WHERE end < ?").bind(1, before).run();
  database.prepare("DELETE FROM runs WHERE until < ? AND run < (SELECT max(run) FROM runs)")
      .bind(1, before)
      .run();
  transaction.commit();
}

// Without the pages that are free already.
std::uint64_t bytes_of(Database& database) {
  return static_cast<std::uint64_t>(
      (database.number("PRAGMA page_count") - database.number("PRAGMA freelist_count")) *
      database.number("PRAGMA page_size"));
}

std::uint64_t before(std::uint64_t newest, std::uint64_t keep_s) {
  return newest - std::min(newest, keep_s);
}

}  // namespace

void trim_history(Database& database, const HistorySettings& settings, std::uint64_t newest) {
  const auto all = ages(settings);
  for (const Age& age : all) drop_portion(database, age, before(newest, age.keep_s));
  if (newest / 60 % 60 == 0) drop_old_events(database, before(newest, settings.keep_days_s));
  std::size_t steps = 0;
  for (const SeriesStep step : {SeriesStep::kMinute, SeriesStep::kHour}) {
    const Age& age = *std::ranges::find(all, step, &Age::step);
    while (steps++ < kMostSizeSteps && bytes_of(database) > settings.max_bytes &&
           drop_portion(database, age, newest)) {
    }
  }
}

}  // namespace mgmt

// The history on disk: who writes it holds this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mgmt/history/database.h"
#include "mgmt/history/lock.h"
#include "mgmt/history/record.h"

namespace mgmt {

// In whole seconds, by packet time.
struct HistorySettings {
  std::string folder;
  std::uint64_t keep_minutes_s = 30 * 86'400;
  std::uint64_t keep_hours_s = 731 * 86'400;
  std::uint64_t keep_days_s = 3'653 * 86'400;
  std::uint64_t max_bytes = 1 << 30;
  std::int64_t east_s = 0;                   // hours and days begin where they do so far east of Greenwich
  std::map<std::string, std::string> names;  // of servers: the address
};

std::string history_file(const std::string& folder);

// What goes into one transaction.
struct HistoryBatch {
  std::span<const HistoryMinute> minutes;  // in the order of time
  std::span<const HistoryFinding> findings;
  std::span<const HistoryGap> gaps;
};

// One thread. What was written stays, whatever happens to the process or the machine afterwards.
class HistoryStore {
 public:
  // Throws HistoryError for what an operator has to mend: no folder, another writer, a newer schema; and
  // DatabaseError for what may pass, as a full disk does. A broken file is set aside and a new one begun.
  explicit HistoryStore(HistorySettings settings);

  // Where a broken file is now; empty if there was none.
  const std::string& set_aside() const noexcept { return set_aside_; }

  // All or nothing. The first minute begins a run, and a gap if it does not go on where the last run ended.
  // Throws DatabaseError.
  void write(const HistoryBatch& batch);

  // What is too old or too much, a little at a time; to be called after each write. Throws DatabaseError.
  void trim();

  // The run ended in order: all of it was written. Throws DatabaseError.
  void end();

 private:
  void open();
  void set_broken_aside();
  std::uint64_t begin_run(const HistoryMinute& first);
  void write(const HistoryMinute& minute);
  void write(const HistoryFinding& finding, std::uint64_t run);
  void write(const HistoryGap& gap);

  HistorySettings settings_;
  HistoryLock lock_;
  std::string set_aside_;
  std::optional<Database> database_;
  std::uint64_t run_ = 0;  // 0: not begun
  std::uint64_t newest_ = 0;
};

}  // namespace mgmt

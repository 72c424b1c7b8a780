// What waits for the fleet's database, on the disk.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "mgmt/fleet/lock.h"
#include "mgmt/history/record.h"

namespace mgmt {

// The disk is full or broken: it may pass. In a sentence with the file's name.
class SpoolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A file for each minute, and one, `state`, for how far the last run came and which gaps are still to be
// told. Each is there as a whole or not at all, whenever the program or the machine ends: written under
// another name, synced, renamed. Any thread, each call for itself; the disk is waited for.
class FleetSpool {
 public:
  // `folder` is made if only its last part is missing; it is this one's alone while it lives. Throws
  // HistoryError for what an operator has to mend, SpoolError for what may pass.
  FleetSpool(std::string folder, std::uint64_t most_bytes);

  // When it returns, the minute is on the disk. The first one begins a run, and a gap if it does not go on
  // where the last run ended. The oldest minutes make room, as a gap. Throws SpoolError: nothing was added.
  void add(std::uint64_t from, std::uint64_t until, std::string_view lines);

  // Minutes that never came so far, and are not counted here. The gap is on the disk with the next add().
  void add_gap(std::uint64_t from, std::uint64_t until);

  // The run ended in order. Throws SpoolError.
  void end_run();

  struct Batch {
    std::vector<std::uint64_t> numbers;  // of minutes, oldest first
    std::string lines;                   // of all of them
    std::vector<HistoryGap> gaps;
    bool empty() const noexcept { return numbers.empty() && gaps.empty(); }
  };
  // The oldest minutes, at least one if there is any. They stay, and nothing makes room at their cost, until
  // sent() or put_back(). A file that is damaged is given up.
  Batch take(std::size_t most_minutes, std::size_t most_bytes);

  // They are elsewhere now.
  void sent(const Batch& batch);
  void put_back();

  struct Content {
    std::uint64_t minutes = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lost = 0;    // minutes, since this began
    std::uint64_t oldest = 0;  // its first second; 0: nothing waits
  };
  // Waits for nothing.
  Content content() const noexcept;

 private:
  struct Minute {
    std::uint64_t from = 0;
    std::uint64_t until = 0;
    std::uint64_t bytes = 0;
  };
  struct State {
    std::uint64_t until = 0;  // of the last run; 0: there was none
    bool ended = true;
    std::vector<HistoryGap> gaps;         // none touching the one before
    std::vector<std::uint64_t> given_up;  // whose files are to be removed
  };

  std::string path_of(std::uint64_t number, const Minute& minute) const;
  void read_folder();
  void read_state();
  void write_state(const State& state);
  void begin_run(std::uint64_t from);
  void forget(std::uint64_t number);
  void give_up_damaged(std::uint64_t number);
  void publish();

  const std::string folder_;
  const std::uint64_t most_bytes_;
  const FleetLock lock_;

  std::mutex mutex_;
  std::map<std::uint64_t, Minute> minutes_;  // by number, which only grows
  std::uint64_t bytes_ = 0;
  std::uint64_t next_ = 1;
  std::uint64_t held_ = 0;  // up to this number they are being sent
  std::uint64_t lost_ = 0;
  bool running_ = false;  // the gap before this run is told
  State state_;           // as it is, or is to be, on the disk

  struct Published {
    std::atomic<std::uint64_t> minutes{0}, bytes{0}, lost{0}, oldest{0};
  } published_;
};

// Of a folder that another process may be using: what waits there. Throws HistoryError if there is none.
FleetSpool::Content spool_content(const std::string& folder);

}  // namespace mgmt

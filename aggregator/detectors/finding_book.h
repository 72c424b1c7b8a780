// The findings of all detectors: opened once, updated, closed after a quiet time, and kept.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/detectors/surge_series.h"
#include "aggregator/finding.h"
#include "aggregator/host_step.h"

namespace aggregator {

using Evidence = std::vector<std::pair<std::string, EvidenceValue>>;

// What stood out in the newest step.
struct Sighting {
  std::string_view detector;  // a literal
  wire::Address subject;
  std::string name;
  std::int64_t steps_ago = 0;  // it began
  double score = 0;
  Severity severity = Severity::kLow;
  Evidence evidence;
  std::string advice;
};

enum class FindingState : std::uint8_t {
  kOpened,
  kUpdated,
  kClosed
};

struct FindingChange {
  FindingState state;
  Finding finding;
};

// A finding shows the figures of the step in which it scored best, and the loss since it began. One that
// stands out again soon after it was closed goes on. One thread.
class FindingBook {
 public:
  explicit FindingBook(const DetectorSettings& settings);

  void begin_step(const HostStep& step, std::int64_t number);
  bool is_open(std::string_view detector, const wire::Address& subject) const;
  void saw(Sighting sighting);
  void withhold() noexcept { ++withheld_; }
  void end_step();

  // Of the frames in the step or in the window; what was greater lately fades with the time in which
  // baselines adapt, since an answer that was lost is missed for as long as it is valid.
  double loss_share() const noexcept { return loss_share_; }

  std::vector<Finding> findings() const;  // the kept ones, in the order opened
  // Since the last call, by finding; at most twice as many as are kept. One that opened and closed since has
  // both.
  std::vector<FindingChange> take_changes();

  std::uint64_t dropped() const noexcept { return dropped_; }    // closed ones, for want of room
  std::uint64_t refused() const noexcept { return refused_; }    // sightings, for want of room
  std::uint64_t withheld() const noexcept { return withheld_; }  // sightings that loss could explain

 private:
  struct Key {
    std::string_view detector;
    wire::Address subject;
    auto operator<=>(const Key&) const = default;
  };
  struct Frames {
    std::int64_t number = 0;
    std::uint64_t seen = 0;
    std::uint64_t lost = 0;
  };
  struct Entry {
    Finding finding;
    bool open = true;
    bool changed = true;
    bool announced = false;
    std::int64_t last_number = 0;  // step that stood out
    std::int64_t last_end_ns = 0;
    Frames frames;
  };

  Entry* open_entry(const Sighting& sighting);
  void archive(Entry& entry);
  Frames frames_since(std::int64_t number) const;
  static void tell(Entry& entry, std::deque<FindingChange>& changes);
  static Finding shown(const Entry& entry);

  StepCounts steps_;
  std::int64_t step_ns_;
  std::size_t most_entries_;
  std::size_t most_closed_;
  std::int64_t number_ = 0;
  std::int64_t begin_ns_ = 0;
  std::deque<Frames> recent_;  // of the window
  Frames in_window_;
  double loss_share_ = 0;
  std::map<Key, Entry> entries_;  // open, or closed so lately that they may go on
  std::deque<Finding> closed_;
  std::deque<FindingChange> changes_;  // of those that have left the entries
  std::uint64_t next_id_;
  std::uint64_t dropped_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t withheld_ = 0;
};

}  // namespace aggregator

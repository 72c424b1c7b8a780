// What the history keeps: counts by the minute, findings and gaps, as plain data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mgmt {

// A history that cannot be written or read as it was asked for: a sentence that says how to mend it.
class HistoryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class HistoryKind : std::uint8_t {
  kSensor,
  kHost,
  kMail,
  kCount
};
inline constexpr std::size_t kHistoryKinds = static_cast<std::size_t>(HistoryKind::kCount);
inline constexpr std::array<std::string_view, kHistoryKinds> kHistoryKindNames = {"sensor", "host", "mail"};

// Of one host, mail server or, with an empty host, the sensor; in the order of history_columns().
struct HistoryRow {
  std::string host;  // its address
  std::vector<std::uint64_t> counts;
};

// Packet time, in seconds since 1970. What is written of the same minute twice, as by two runs, adds up.
struct HistoryMinute {
  std::uint64_t begin = 0;  // a multiple of 60
  std::uint64_t from = 0;   // what it covers: from the minute's begin, but for the first of a run,
  std::uint64_t until = 0;  // to its end, but for the last
  std::array<std::vector<HistoryRow>, kHistoryKinds> rows;
};

inline constexpr std::array<std::string_view, 3> kHistorySeverities = {"low", "medium", "high"};

struct HistoryFinding {
  std::uint64_t run = 0;  // of the program: counts from 1; with the id unique over restarts
  std::uint64_t id = 0;   // within it
  std::string detector;
  std::string subject;  // an address
  std::string name;
  std::int64_t since = 0;
  std::optional<std::int64_t> until;  // none while open
  double score = 0;
  std::string severity;  // one of kHistorySeverities
  std::string evidence;  // a JSON object
  std::string advice;
  bool cut = false;      // the run ended before it did, at `until`
  std::string sensor{};  // of a fleet
};

// Why nothing is known of some time.
enum class HistoryGapReason : std::uint8_t {
  kStopped,    // tapline did not run
  kKilled,     // nor did it end in order: what was not written yet is lost too
  kUnwritten,  // it could not be written, as on a full disk, for longer than minutes can wait
  kUnsent,     // of a fleet: it could not be sent before the disk space for what waits was used up
  kCount
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(HistoryGapReason::kCount)>
    kHistoryGapReasonNames = {"stopped", "killed", "unwritten", "unsent"};

struct HistoryGap {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string why;       // one of kHistoryGapReasonNames
  std::string sensor{};  // of a fleet
};

}  // namespace mgmt

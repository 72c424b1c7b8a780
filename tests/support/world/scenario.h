// All that a labelled capture can be of.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/world/attacks.h"
#include "tests/support/world/look_alikes.h"

namespace tests::world {

enum class Kind : std::uint8_t {
  kDay,  // the everyday alone
  kAttack,
  kLookAlike,  // nothing may be found
  kUnjudged    // a finding is as right as none
};

enum class Day : std::uint8_t {
  kSteady,
  kWeekday,
  kHoliday,
  kLunchTimePeaks
};

enum class Timing : std::uint8_t {
  kOnce,      // 35 s that begin 30 to 60 s after the capture
  kBrief,     // 12 s
  kFlapping,  // on and off every 5 s
  kAllTheTime
};

enum class Unit : std::uint8_t {
  kNone,
  kTimes,  // of the baseline
  kPerSecond
};

struct Scenario {
  std::string_view name;
  Kind kind = Kind::kDay;
  std::string_view detector = {};  // that has to find it
  Unit unit = Unit::kNone;
  std::vector<unsigned> strengths = {0};
  unsigned found_from = 0;  // the least strength that has to be found within three steps
  Day day = Day::kSteady;
  Timing timing = Timing::kOnce;
  bool name_server_restarts = false;
  void (*attack)(const Attack&) = nullptr;
  void (*look_alike)(const Stage&) = nullptr;
};

std::span<const Scenario> scenarios();
// Null if there is none.
const Scenario* scenario_named(std::string_view name);

// "3x", "20/s", "-".
std::string strength_text(Unit unit, unsigned strength);
std::optional<unsigned> strength_from(const Scenario& scenario, std::string_view text);

}  // namespace tests::world

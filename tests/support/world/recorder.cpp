#include "tests/support/world/recorder.h"

#include <algorithm>

#include "tests/support/world/everyday.h"

namespace tests::world {
namespace {

constexpr Nanos kCaptureLength = 150 * kSecond;
constexpr Nanos kDayLength = 300 * kSecond;
// The campus does not begin with the capture: by then clients and the name server know much.
constexpr Nanos kBefore = 90 * kSecond;
constexpr Nanos kOnce = 35 * kSecond;
constexpr Nanos kBrief = 12 * kSecond;
constexpr Nanos kFlap = 5 * kSecond;
constexpr Span kRestart = {50 * kSecond, 52 * kSecond};
constexpr std::size_t kDaysKept = 4;

DayShape shape_of(Day day, Nanos length) {
  switch (day) {
    case Day::kWeekday:
      return DayShape::weekday(length);
    case Day::kHoliday:
      return DayShape::holiday(length);
    case Day::kLunchTimePeaks:
      return DayShape::lunch_time_peaks(length);
    default:
      return DayShape::steady(length);
  }
}

Nanos length_of(const Scenario& scenario) {
  return scenario.kind == Kind::kDay ? kDayLength : kCaptureLength;
}

// Never at the start of a second of packet time.
Span span_of(const Scenario& scenario, std::uint64_t seed) {
  if (scenario.timing == Timing::kAllTheTime) return {-kBefore, kCaptureLength};
  Random random(seed ^ 0x5CE);
  const Nanos from = between(random, 30 * kSecond, 60 * kSecond);
  return {from, from + (scenario.timing == Timing::kBrief ? kBrief : kOnce)};
}

std::vector<Span> pulses_of(const Scenario& scenario, const Span& span) {
  if (scenario.timing != Timing::kFlapping) return {span};
  std::vector<Span> pulses;
  for (Nanos from = span.from; from < span.until; from += 2 * kFlap) pulses.push_back({from, from + kFlap});
  return pulses;
}

// An attack with pauses is one attack.
std::vector<Label> joined(const std::vector<Label>& labels) {
  std::vector<Label> result;
  for (const Label& label : labels) {
    const auto same = std::find_if(result.begin(), result.end(), [&](const Label& other) {
      return other.detector == label.detector && other.subject == label.subject &&
             other.required == label.required;
    });
    if (same == result.end()) {
      result.push_back(label);
    } else {
      same->span.until = std::max(same->span.until, label.span.until);
    }
  }
  return result;
}

}  // namespace

std::vector<Label> Recorder::record(const Scenario& scenario, unsigned strength, std::uint64_t seed,
                                    const std::string& path) {
  const Nanos length = length_of(scenario);
  const Tape& day = day_of({scenario.day, length, seed, scenario.name_server_restarts});
  const DayShape shape = shape_of(scenario.day, length);
  Tape added({0, length});
  Tap tap(added, ~seed);
  Resolver resolver(tap, ~seed);
  std::vector<Label> labels;
  for (const Span& pulse : pulses_of(scenario, span_of(scenario, seed))) {
    const Stage stage = {tap, resolver, shape, pulse,
                         wire::mix(seed + 1, static_cast<std::uint64_t>(pulse.from))};
    if (scenario.attack != nullptr) scenario.attack({stage, strength, labels});
    if (scenario.look_alike != nullptr) scenario.look_alike(stage);
  }
  added.sort();
  write_pcap(path, {&day, &added});
  return joined(labels);
}

const Tape& Recorder::day_of(const DayKey& key) {
  const auto found = days_.find(key);
  if (found != days_.end()) return found->second;
  if (days_.size() == kDaysKept) days_.clear();
  const auto& [day, length, seed, restarts] = key;
  Tape tape({0, length});
  Tap tap(tape, seed);
  Resolver resolver(tap, seed);
  if (restarts) resolver.restart(kRestart);
  const DayShape shape = shape_of(day, length);
  everyday({tap, resolver, shape, {-kBefore, length}, seed});
  tape.sort();
  return days_.emplace(key, std::move(tape)).first->second;
}

}  // namespace tests::world

// The counts of the whole sensor over some time, and their curves.
#pragma once

#include <array>
#include <cstdint>

#include "aggregator/sensor_field.h"
#include "aggregator/step_series.h"

namespace aggregator {

struct SensorCounts {
  std::array<std::uint64_t, kSensorFields> of{};

  std::uint64_t& operator[](SensorField field) noexcept { return of[static_cast<std::size_t>(field)]; }
  std::uint64_t operator[](SensorField field) const noexcept { return of[static_cast<std::size_t>(field)]; }

  bool operator==(const SensorCounts&) const = default;
  SensorCounts& operator+=(const SensorCounts& other) noexcept {
    for (std::size_t i = 0; i < kSensorFields; ++i) of[i] += other.of[i];
    return *this;
  }
};

struct SensorPoint {
  std::uint64_t begin = 0;  // seconds since 1970; a multiple of the step
  SensorCounts counts;

  SensorPoint(std::uint64_t first_second, const SensorCounts& sum) : begin(first_second), counts(sum) {}
};

using SensorSeries = StepSeries<SensorCounts, SensorPoint>;

// Of the events of one window; frames and losses are not among them.
struct ShardWindow;
SensorCounts sensor_counts(const ShardWindow& window);

}  // namespace aggregator

// [privacy] of the configuration: from whom addresses and names are hidden.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mgmt {

// What leaves the sensor. Its own socket and standard output always show everything.
enum class Sink : std::uint8_t {
  kApi,       // HTTP: the API, the metrics and the page
  kEventLog,  // all of them
  kFleet,
  kSpool,    // the frames on disk
  kHistory,  // history.sqlite and baselines.json
  kCount
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Sink::kCount)> kSinkNames = {
    "api", "event_log", "fleet", "spool", "history"};

struct PrivacySettings {
  std::string key_file;
  std::vector<Sink> sinks = {Sink::kApi};

  bool hides_from(Sink sink) const { return std::ranges::count(sinks, sink) > 0; }
  bool operator==(const PrivacySettings&) const = default;
};

}  // namespace mgmt

// Which frames are kept on disk, and how many: [spool] of the configuration.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mgmt {

enum class SpoolWhat : std::uint8_t {
  kDnsAndSyn,
  kSelected  // of these, what open findings and the operator's patterns select
};
inline constexpr std::array<std::string_view, 2> kSpoolWhatNames = {"dns-syn", "selected"};

struct SpoolSettings {
  std::string folder;  // "spool" in the state folder, unless the configuration names one
  SpoolWhat what = SpoolWhat::kDnsAndSyn;
  bool enabled = true;  // false: until 'tapline capture start'
  std::uint64_t snap_length = 2048;
  std::uint64_t rotate_bytes = 256'000'000;
  std::int64_t rotate_ns = 3'600'000'000'000;  // 0: however old
  std::uint64_t max_bytes = 10'000'000'000;    // of all files, with their indexes
  std::uint64_t ring_bytes = 8 << 20;          // of each worker; a power of two
  bool operator==(const SpoolSettings&) const = default;
};

}  // namespace mgmt

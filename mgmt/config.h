// The configuration that all commands share: tapline.toml, read with the defaults below.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/summary.h"
#include "dataplane/port_settings.h"

namespace mgmt {

template <class Number>
struct Range {
  Number least;
  Number most;
  bool contains(Number value) const noexcept { return least <= value && value <= most; }
};

inline constexpr Range<std::uint64_t> kWorkersRange = {1, 64};
inline constexpr Range<std::uint64_t> kShardsRange = {1, 64};
inline constexpr Range<std::int64_t> kWindowRangeNs = {1, 3'600'000'000'000};
inline constexpr Range<std::int64_t> kDedupRangeNs = {1, 1'000'000'000};
// Up to what the tables behind them can address.
inline constexpr Range<std::uint64_t> kPairingEntriesRange = {1 << 10, 16'000'000};
inline constexpr Range<std::uint64_t> kClientsRange = {1, 1 << 26};
inline constexpr Range<std::uint64_t> kNamesRange = {aggregator::kTopNames, 1 << 24};
inline constexpr Range<std::uint64_t> kFragmentsRange = {1, 1 << 20};
inline constexpr Range<std::uint64_t> kDnsStreamsRange = {2, 1 << 20};
inline constexpr Range<std::uint64_t> kDnsStreamBytesRange = {1 << 20, std::uint64_t{1} << 31};
inline constexpr Range<std::uint64_t> kDedupPacketsRange = {4, 1 << 24};
inline constexpr Range<std::uint64_t> kRingEventsRange = {1 << 8, 1 << 24};
inline constexpr Range<std::uint64_t> kQueuesRange = {1, 64};
inline constexpr Range<std::uint64_t> kRxDescriptorsRange = {64, 1 << 15};
inline constexpr Range<std::uint64_t> kMempoolRange = {1 << 10, 1 << 24};
inline constexpr Range<std::uint64_t> kCoreRange = {0, 1023};

struct Config {
  struct Replay {
    std::uint64_t workers = 1;
    std::uint64_t shards = 1;
    bool operator==(const Replay&) const = default;
  } replay;

  struct Pairing {
    std::int64_t window_ns = 1'000'000'000;
    aggregator::Correlate correlate = aggregator::Correlate::kClient;
    bool operator==(const Pairing&) const = default;
  } pairing;

  struct Decode {
    bool reassemble = true;
    std::int64_t dedup_ns = 0;  // 0: off
    bool operator==(const Decode&) const = default;
  } decode;

  // Fixed at start; traffic cannot make any of them grow.
  struct Memory {
    std::uint64_t pairing_entries = 1 << 20;    // keys (client, address) with open answers
    std::uint64_t clients = 1 << 18;            // told apart; the rest is counted together
    std::uint64_t names = 1 << 16;              // counters behind the ranking of names
    std::uint64_t fragments = 1 << 12;          // datagrams in reassembly
    std::uint64_t dns_streams = 1 << 16;        // directions of TCP connections on port 53
    std::uint64_t dns_stream_bytes = 64 << 20;  // kept for all of these together
    std::uint64_t dedup_packets = 1 << 14;      // among which a copy is looked for; a power of two
    std::uint64_t ring_events = 1 << 16;        // of each worker's ring to each shard, live; a power of two
    bool operator==(const Memory&) const = default;
  } memory;

  // One of the tap's ports, for `tapline run`. Empty lists: chosen from the machine.
  struct Port {
    dataplane::PortSettings settings;
    std::vector<std::uint64_t> cores;        // of its workers
    std::vector<std::uint64_t> shard_cores;  // the shards of all ports run on those of all ports
    bool expect_vlans = false;               // `tapline doctor` complains if there are none
    bool operator==(const Port&) const = default;
  };
  std::vector<Port> ports;

  bool operator==(const Config&) const = default;
};

// All mistakes of a file at once, one sentence a line: "file:line:column: what, and what was expected".
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(const std::string& sentences) : std::runtime_error(sentences) {}
};

// `file` names the text in the sentences. Throws ConfigError.
Config parse_config(std::string_view text, std::string_view file);

// Throws ConfigError, also where the file cannot be read.
Config read_config(const std::string& file);

}  // namespace mgmt

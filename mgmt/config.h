// The configuration that all commands share: tapline.toml, read with the defaults below.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/summary.h"
#include "dataplane/port_settings.h"
#include "mgmt/api/http_settings.h"
#include "mgmt/endpoint_text.h"
#include "mgmt/eve/event_log_settings.h"
#include "mgmt/fleet/settings.h"
#include "mgmt/privacy/privacy_settings.h"
#include "mgmt/spool/spool_settings.h"
#include "wire/network.h"

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
inline constexpr Range<std::uint64_t> kHostsRange = {1 << 6, 1 << 22};
inline constexpr Range<std::uint64_t> kResolutionsRange = {1 << 6, 1 << 24};
inline constexpr Range<std::uint64_t> kSeriesHostsRange = {0, 1000};
inline constexpr Range<std::uint64_t> kRingEventsRange = {1 << 8, 1 << 24};
inline constexpr Range<std::uint64_t> kQueuesRange = {1, 64};
inline constexpr Range<std::uint64_t> kRxDescriptorsRange = {64, 1 << 15};
inline constexpr Range<std::uint64_t> kMempoolRange = {1 << 10, 1 << 24};
inline constexpr Range<std::uint64_t> kCoreRange = {0, 1023};
inline constexpr Range<std::uint64_t> kIpPortRange = {1, 65535};
inline constexpr Range<std::uint64_t> kSyslogConnectionsRange = {1, 1024};
inline constexpr Range<std::uint64_t> kHttpConnectionsRange = {1, 4096};
inline constexpr Range<std::uint64_t> kEventQueueRange = {16, 1 << 20};
inline constexpr Range<std::uint64_t> kRotateBytesRange = {1 << 12, std::uint64_t{1} << 40};
inline constexpr Range<std::int64_t> kRotateRangeNs = {1'000'000'000, 31 * 86'400'000'000'000};
inline constexpr Range<std::int64_t> kStatsEveryRangeNs = {1'000'000'000, 3'600'000'000'000};
inline constexpr Range<std::int64_t> kSyslogIdleRangeNs = {1'000'000'000, 30 * 86'400'000'000'000};
inline constexpr Range<std::int64_t> kHistoryKeepRangeNs = {3'600'000'000'000, 36'525 * 86'400'000'000'000};
inline constexpr Range<std::uint64_t> kHistoryBytesRange = {16 << 20, std::uint64_t{1} << 40};
inline constexpr Range<std::uint64_t> kFleetSpoolRange = {1 << 20, std::uint64_t{1} << 40};
// ClickHouse takes rows of at most 100 partitions, which are months, at once.
inline constexpr Range<std::uint64_t> kFleetBatchMinutesRange = {1, 100};
inline constexpr Range<std::uint64_t> kFleetBatchBytesRange = {1 << 16, 64 << 20};
inline constexpr Range<std::uint64_t> kSpoolSnapRange = {64, 65'535};
inline constexpr Range<std::uint64_t> kSpoolRotateBytesRange = {1 << 20, std::uint64_t{1} << 34};
inline constexpr Range<std::uint64_t> kSpoolBytesRange = {4 << 20, std::uint64_t{1} << 50};
inline constexpr Range<std::uint64_t> kSpoolRingRange = {1 << 18, 1 << 30};
inline constexpr Range<std::int64_t> kDetectorTimeRangeNs = {1'000'000'000, 30 * 86'400'000'000'000};

// Where `tapline run` listens for the logs of the servers.
struct SyslogConfig {
  Endpoint listen;
  bool udp = true;
  bool tcp = true;
  std::uint64_t connections = 64;
  std::int64_t idle_ns = 3'600'000'000'000;
  std::optional<std::int32_t>
      zone_s;  // seconds east of Greenwich, of times without a zone; none: this machine's
  bool operator==(const SyslogConfig&) const = default;
};

// What `tapline run` keeps, and for how long.
struct HistoryConfig {
  bool enabled = true;
  std::int64_t keep_minutes_ns = 30 * 86'400'000'000'000;
  std::int64_t keep_hours_ns = 731 * 86'400'000'000'000;
  std::int64_t keep_days_ns = 3'653 * 86'400'000'000'000;
  std::uint64_t max_bytes = 1 << 30;
  bool operator==(const HistoryConfig&) const = default;
};

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
    std::uint64_t hosts = 1 << 16;              // internal ones told apart in a second
    std::uint64_t server_clients = 1 << 16;     // of mail and DNS servers, told apart in a second
    std::uint64_t resolutions = 1 << 18;        // (client, address) of the answers to internal clients
    std::uint64_t unresolved = 1 << 15;   // different connections in a second that may have no resolution
    std::uint64_t series_hosts = 10;      // busiest ones whose curves are kept besides those of servers
    std::uint64_t ring_events = 1 << 16;  // of each worker's ring to each shard, live; a power of two
    bool operator==(const Memory&) const = default;
  } memory;

  struct Network {
    std::vector<wire::Network> internal;
    std::vector<std::string> local_domains;
    std::vector<std::string> subdomains;  // real ones whose first label looks like a top-level domain
    bool operator==(const Network&) const = default;
  } network;

  struct Patterns {
    std::string file;   // "": none
    std::string cache;  // folder for the compiled ones; "": the usual one
    bool operator==(const Patterns&) const = default;
  } patterns;

  using Syslog = SyslogConfig;
  std::optional<Syslog> syslog;  // none: nobody listens

  SocketSettings socket;
  std::optional<HttpSettings> http;  // none: only the socket answers

  std::vector<EventLogSettings> event_logs;

  std::optional<PrivacySettings> privacy;  // none: nothing is hidden

  // Where `tapline run` keeps what outlives it.
  struct State {
    std::string folder = "/var/lib/tapline";
    bool operator==(const State&) const = default;
  } state;

  using History = HistoryConfig;
  std::optional<History> history;  // none: nothing is kept

  std::optional<FleetSettings> fleet;  // none: it is on its own
  std::optional<SpoolSettings> spool;  // none: no frames are kept

  std::vector<aggregator::WatchedServer> mail_servers;
  std::vector<aggregator::WatchedServer> dns_servers;

  // Whole seconds; the window is at least two steps.
  struct Detectors {
    std::int64_t step_ns = 10'000'000'000;
    std::int64_t learn_ns = 1'800'000'000'000;
    std::int64_t window_ns = 300'000'000'000;
    std::vector<wire::Network> exempt_hosts;  // of connections_without_resolution
    std::vector<std::uint64_t> exempt_ports;
    std::vector<std::string> doh_names;  // servers of DNS over HTTPS besides the public ones
    aggregator::SurgeThresholds surge;
    aggregator::BackscatterThresholds backscatter;
    aggregator::MassMailerThresholds mass_mailer;
    aggregator::ScanThresholds scan;
    aggregator::AnswerFloodThresholds answer_flood;
    aggregator::FloodThresholds flood;
    aggregator::MailThresholds mail;
    std::vector<std::chrono::year_month_day> holidays;  // on which mail is as on no weekday
    std::int64_t utc_offset_s = 0;                      // of the local time of the weekly profiles
    bool operator==(const Detectors&) const = default;
  } detectors;

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

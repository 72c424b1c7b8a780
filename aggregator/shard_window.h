// What one shard counted from one close to the next.
#pragma once

#include <cstdint>
#include <vector>

#include "aggregator/delay_histogram.h"
#include "aggregator/pairing.h"
#include "aggregator/summary.h"
#include "aggregator/top_names.h"

namespace aggregator {

inline constexpr std::size_t kPorts = 1 << 16;
inline constexpr std::size_t kDnsTypes = 1 << 16;
inline constexpr std::size_t kRcodes = 1 << 12;  // with the eight bits of EDNS (RFC 6891 section 6.1.3)

struct DnsTally {
  std::uint64_t udp_queries = 0;
  std::uint64_t udp_responses = 0;
  std::uint64_t tcp_queries = 0;
  std::uint64_t tcp_responses = 0;
  std::uint64_t malformed = 0;
  std::uint64_t no_question = 0;
  std::vector<std::uint64_t> types = std::vector<std::uint64_t>(kDnsTypes);
  std::vector<std::uint64_t> rcodes = std::vector<std::uint64_t>(kRcodes);

  DnsTally& operator+=(const DnsTally& other) noexcept;
};

struct PairingTally {
  explicit PairingTally(std::int64_t window_ns) : delays(window_ns) {}

  std::uint64_t answers = 0;
  std::uint64_t answers_with_address = 0;
  std::uint64_t a_records = 0;
  std::uint64_t aaaa_records = 0;
  std::uint64_t syns_following = 0;
  PairingLosses losses;
  std::vector<std::uint64_t> syn_ports = std::vector<std::uint64_t>(kPorts);
  std::vector<std::uint64_t> paired_ports = std::vector<std::uint64_t>(kPorts);
  DelayHistogram delays;

  PairingTally& operator+=(const PairingTally& other) noexcept;
};

struct ClientTally {
  std::vector<ClientRow> rows;  // a client may stand here once for each window
  ClientRow other;
  std::uint64_t other_events = 0;

  ClientTally& operator+=(const ClientTally& other_tally);

  // Makes one row of each client's, and keeps the rows of the `most` clients that came first; what the others
  // did goes to `other`. Cheap as long as few rows were added since: for sums that go on and on.
  void bound(std::size_t most);

 private:
  void merge_added_rows(std::size_t most);

  std::size_t merged_rows_ = 0;  // in front, one for each client, by address
};

// Mergeable: adding the windows of all shards gives what one shard would have counted. Both sides of an
// addition are of the same mode and window.
struct ShardWindow {
  ShardWindow(Correlate correlate, std::int64_t pairing_window_ns)
      : mode(correlate), window_ns(pairing_window_ns), pairing(pairing_window_ns) {}

  Correlate mode;
  std::int64_t window_ns;
  DnsTally dns;
  std::uint64_t syn = 0;
  std::uint64_t syn_ack = 0;
  std::uint64_t quic_initial = 0;
  PairingTally pairing;
  ClientTally clients;
  NameTally names;
  NameTally domains;

  ShardWindow& operator+=(const ShardWindow& other);
};

ClientRow& operator+=(ClientRow& row, const ClientRow& other) noexcept;  // the address stays

}  // namespace aggregator

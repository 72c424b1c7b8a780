// What the merger makes of the shards' windows: plain data that knows no format. Counts are since the start.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/ledger.h"
#include "dataplane/port_counters.h"
#include "wire/address.h"

namespace aggregator {

struct DnsCounts {
  std::uint64_t udp_queries = 0;
  std::uint64_t udp_responses = 0;
  std::uint64_t tcp_queries = 0;
  std::uint64_t tcp_responses = 0;
  std::uint64_t malformed = 0;                    // messages, of all four kinds
  std::uint64_t no_question = 0;                  // queries whose QTYPE cannot be read
  std::map<std::uint16_t, std::uint64_t> types;   // queries by the QTYPE of their first question
  std::map<std::uint16_t, std::uint64_t> rcodes;  // responses by their 12-bit RCODE
};

enum class Correlate : std::uint8_t {
  kClient,
  kAddress
};

struct PortCount {
  std::uint16_t port = 0;
  std::uint64_t packets = 0;
};

struct DelayBin {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;  // exclusive; of the last bin inclusive
  std::uint64_t count = 0;
};

// Rikitake's tables 1 to 4 and figure 5.
struct Pairing {
  Correlate mode = Correlate::kClient;
  std::int64_t window_ns = 0;
  std::uint64_t answers = 0;
  std::uint64_t answers_with_address = 0;
  std::uint64_t a_records = 0;
  std::uint64_t aaaa_records = 0;
  std::uint64_t syns = 0;
  std::uint64_t pairs = 0;              // exclusive
  std::uint64_t syns_following = 0;     // that satisfy at least one answer
  std::vector<PortCount> syn_ports;     // most packets first, then by port
  std::vector<PortCount> paired_ports;  // pairs, likewise
  // Open answers given up within their window, to stay within memory; once for each address lost.
  std::uint64_t pushed_out = 0;  // by the bound of one key
  std::uint64_t evicted = 0;     // by the bound of all keys
  double mean_s = 0;             // of the delays; meaningful if pairs > 0
  double rate_per_s = 0;         // of the exponential with that mean; 0 if there is none, as the mean is 0
  double p50_s = 0;              // smallest delay that at least half the pairs do not exceed
  double p90_s = 0;
  double p99_s = 0;
  std::vector<DelayBin> histogram;  // equal bins over the window, also the empty ones
};

struct ClientRow {
  wire::Address address;
  std::uint64_t queries = 0;
  std::uint64_t responses = 0;
  std::uint64_t nxdomain = 0;     // of the responses
  std::uint64_t connections = 0;  // TCP SYNs sent
  std::uint64_t paired = 0;       // of these, in an exclusive pair
  std::uint64_t quic = 0;         // QUIC Initials sent
};

struct NameRow {
  std::string name;           // presentation form
  std::uint64_t queries = 0;  // at most `error` too many
  std::uint64_t error = 0;
};

// Of a live capture: what became of frames before a worker saw them, and of events after.
struct LivePort {
  std::string name;
  std::string driver;
  dataplane::PortCounters counters;
};
struct LiveWorkerRow {
  std::string port;
  unsigned queue = 0;
  std::optional<std::uint64_t> core;
  std::uint64_t frames = 0;
  double busy = 0;                    // share of the time, 0 to 1
  std::uint64_t longest_poll_ns = 0;  // for one burst
};
// Of ports whose NIC filters: what now and then letting everything through has shown.
struct LiveFilter {
  std::uint64_t unfiltered_seconds = 0;
  double ratio = 0;  // of frames of interest in such a second to those in a filtered one; 0: not known yet
};
struct LiveLedger {
  std::vector<LivePort> ports;
  std::vector<LiveWorkerRow> workers;
  std::uint64_t events_drained = 0;  // observed by the shards
  std::optional<LiveFilter> filter;
};

struct Summary {
  dataplane::Ledger ledger;
  DnsCounts dns;
  std::uint64_t syn = 0;
  std::uint64_t syn_ack = 0;
  std::uint64_t quic_initial = 0;
  Pairing pairing;
  std::vector<ClientRow> clients;  // busiest first (queries + connections + quic), then by address
  ClientRow other_clients;         // those that found no room in the table, together; address ::
  std::uint64_t other_clients_events = 0;
  std::vector<NameRow> names;  // most queries first, then by name; at most kTopNames
  std::optional<LiveLedger> live;
};

inline constexpr std::size_t kTopNames = 1000;

}  // namespace aggregator

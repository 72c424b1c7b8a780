// What the merger makes of the shards' windows: plain data that knows no format. Counts are since the start.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/finding.h"
#include "aggregator/mail_counts.h"
#include "aggregator/unjudgeable.h"
#include "dataplane/ledger.h"
#include "dataplane/log_ledger.h"
#include "dataplane/port_counters.h"
#include "dataplane/syslog_ledger.h"
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
// Where events go as they happen.
struct LiveEventLog {
  std::string to;  // "file /var/log/tapline/eve.json"
  std::uint64_t written = 0;
  std::uint64_t lost = 0;       // it took them too slowly, or not at all
  std::uint64_t lost_late = 0;  // of these, in the last minute
  std::string trouble;          // why nothing can be written now; "": all is well
};
// The way of the history's minutes to the fleet's database.
struct LiveFleet {
  std::string to;                   // "http://127.0.0.1:8123"
  std::uint64_t sent = 0;           // minutes
  std::uint64_t waiting = 0;        // likewise, on the disk and before
  std::uint64_t waiting_bytes = 0;  // on the disk
  std::uint64_t lost = 0;           // minutes that found no room any more
  std::uint64_t lost_late = 0;      // of these, in the last minute
  std::string trouble;              // why nothing can be sent, or kept, now; "": all is well
};
// Where frames are kept.
struct LiveSpool {
  std::string folder;
  bool on = false;                 // frames are taken
  std::uint64_t written = 0;       // frames
  std::uint64_t not_selected = 0;  // neither a finding nor a pattern wants them
  std::uint64_t dropped = 0;       // found no room in their worker's ring: the disk is too slow
  std::uint64_t lost = 0;          // the disk did not take them
  std::uint64_t lost_late = 0;     // of both, in the last minute
  std::uint64_t files = 0;         // now
  std::uint64_t bytes = 0;         // of these
  std::string trouble;             // why nothing can be written now; "": all is well
};
struct LiveLedger {
  std::vector<LivePort> ports;
  std::vector<LiveWorkerRow> workers;
  std::uint64_t events_drained = 0;  // observed by the shards
  std::optional<LiveFilter> filter;
  std::optional<dataplane::SyslogLedger> syslog;  // if it is listened for
  std::vector<LiveEventLog> event_logs;
  std::optional<LiveFleet> fleet;  // if it belongs to one
  std::optional<LiveSpool> spool;  // if frames are kept
};

// Queries whose name matched one of the operator's patterns.
struct PatternTotal {
  std::uint32_t id = 0;
  std::string label;
  std::uint64_t queries = 0;
};

// A host whose queries matched a pattern; at most `error` too many.
struct PatternClientRow {
  std::uint32_t id = 0;
  wire::Address client;  // :: of all that are not counted one by one
  std::uint64_t queries = 0;
  std::uint64_t error = 0;
};

// An internal host of whose connections nothing can be said by the answers that it got.
struct UnjudgeableRow {
  wire::Address client;
  Unjudgeable reason = Unjudgeable::kNot;
};

// Of a mail server's logs. The rankings count at most `error` too many.
struct MailDomainCount {
  std::string domain;
  std::uint64_t count = 0;
  std::uint64_t error = 0;
};
struct MailClientCount {
  wire::Address client;
  std::uint64_t count = 0;
  std::uint64_t error = 0;
};
struct MailCodeCount {
  std::uint64_t dsn = 0;  // packed
  std::uint64_t count = 0;
};
struct MailServerSummary {
  wire::Address server;  // its first
  std::string name;
  MailCounts counts;
  std::vector<MailClientCount> clients;           // by N_c, busiest first; at most kTopNames, as the next two
  std::vector<MailDomainCount> deferred_domains;  // of recipients
  std::vector<MailDomainCount> rejected_domains;
  std::vector<MailCodeCount> codes;  // of commands turned down for other reasons, commonest first
};

// Of a mail server's SMTP clients: at most `error` too many.
struct SmtpClientRow {
  wire::Address server;  // of one with several addresses: its first
  std::string server_name;
  wire::Address client;
  std::uint64_t connections = 0;
  std::uint64_t error = 0;
};

// A destination of connections of internal hosts that no answer had told anybody; at most `error` too many.
struct UnresolvedDestinationRow {
  wire::Address address;
  std::uint16_t port = 0;
  std::uint64_t connections = 0;
  std::uint64_t error = 0;
  std::uint64_t clients = 0;  // estimated, of those since it was first looked at
};

// Of the hosts that are looked at one by one.
struct HostSummary {
  std::vector<Finding> findings;                  // in the order opened
  bool learning = false;                          // the time that no finding comes before is not over
  bool detecting = false;                         // there are hosts for the detectors to judge
  std::vector<PatternTotal> patterns;             // by id; those that matched nothing too
  std::vector<PatternClientRow> pattern_clients;  // most queries first; at most kTopNames
  std::uint64_t uncounted_matches = 0;            // for want of room
  std::uint64_t withheld_steps = 0;               // in which a finding rested on what the loss could explain
  std::uint64_t findings_dropped = 0;             // for want of room, the oldest first
  // By server, its busiest client first; at most kTopNames of each.
  std::vector<SmtpClientRow> smtp_clients;
  std::vector<MailServerSummary> mail;                            // those with logs
  std::vector<UnjudgeableRow> not_judgeable;                      // by address; at most kTopNames
  std::uint64_t not_judgeable_hosts = 0;                          // all of them
  std::vector<UnresolvedDestinationRow> unresolved_destinations;  // most connections first; at most kTopNames
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
  std::vector<NameRow> names;    // most queries first, then by name; at most kTopNames
  std::vector<NameRow> domains;  // registered ones, likewise; none without a public suffix list
  std::optional<LiveLedger> live;
  std::optional<dataplane::LogLedger> logs;
  std::optional<HostSummary> hosts;
};

inline constexpr std::size_t kTopNames = 1000;

}  // namespace aggregator

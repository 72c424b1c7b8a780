// What the detectors are told: the network, its servers, how long to look, and what is remarkable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "aggregator/weekly_profile.h"
#include "wire/address.h"
#include "wire/network.h"

namespace aggregator {

struct WatchedServer {
  std::string name;
  std::vector<wire::Address> addresses;      // at least one
  std::vector<wire::Address> log_from = {};  // who sends its log, if it is not the server itself
  bool operator==(const WatchedServer&) const = default;
};

// When a rate is far above its baseline: over two steps, three, the window or three windows.
struct SurgeThresholds {
  double ratio = 2.5;          // of the rate to its baseline over three steps and more
  double two_steps_ratio = 3;  // over two, where it takes more
  double lasting_ratio = 1.6;  // once found, it lasts above this
  double log10_chance = -5;    // that the baseline, and half as much again, makes such a count by itself
  bool operator==(const SurgeThresholds&) const = default;
};

struct BackscatterThresholds {
  std::uint64_t least = 8;        // unresolved FQDNs
  double unresolved_share = 0.6;  // of the names of that form above their baseline: real subdomains resolve
  bool operator==(const BackscatterThresholds&) const = default;
};

struct MassMailerThresholds {
  std::uint64_t mx_queries = 3;
  std::uint64_t destinations = 5;              // distinct, port 25, of a host that asks for MX records
  std::uint64_t destinations_without_mx = 12;  // of one that does not
  double ratio = 2.5;                          // to the most that it had while all was learned
  bool operator==(const MassMailerThresholds&) const = default;
};

struct ScanThresholds {
  std::uint64_t addresses = 10;      // distinct, at one port, in a window
  std::uint64_t web_addresses = 40;  // at ports that browsers use
  std::uint64_t ports = 15;          // distinct, at one address
  double share = 0.6;                // unresolved of the connections to that port
  double web_failed = 0.6;           // of the connections to the web, not accepted
  double concentration = 0.5;        // of the unresolved connections, to the three commonest ports
  double ratio = 2.5;                // to the most that it had while all was learned
  bool operator==(const ScanThresholds&) const = default;
};

struct AnswerFloodThresholds {
  std::uint64_t least = 20;        // responses above the queries, over three steps
  double unsolicited = 0.35;       // of the responses
  std::uint64_t unfollowed = 100;  // answers with addresses to a client, in a window
  double followed = 0.1;           // at most, connections to them
  bool operator==(const AnswerFloodThresholds&) const = default;
};

struct FloodThresholds {
  std::uint64_t queries = 30;  // in two steps, three, the window or three windows
  std::uint64_t ptr_queries = 20;
  std::uint64_t nxdomain = 20;
  std::uint64_t connections = 10;
  // What a client needs for a connection that it opens, and for one that it receives.
  double queries_per_connection = 12;
  double ptr_per_connection = 1;
  double ptr_per_received = 2;
  double nxdomain_per_connection = 2;
  double nxdomain_per_received = 12;
  double one_client = 0.5;  // share from which one client is named as the source
  bool operator==(const FloodThresholds&) const = default;
};

// What is remarkable in a mail server's log.
struct MailThresholds {
  std::uint64_t queries = 30;     // in a window, observed or calculated
  double deviations = 5;          // of the calculated queries, from which the observed ones are off
  double query_ratio = 1.6;       // and so many times as many, or as few
  std::uint64_t connects = 30;    // in a window, before they are judged
  double profile_deviations = 3;  // of MEE from its profile
  double profile_least_spread = 0.025;
  double efficiency_ratio = 1.4;    // of usual to low MEE, or of high to usual
  std::uint64_t deferred = 20;      // in two steps, three, the window or three windows
  double deferred_share = 0.3;      // of the attempts to deliver
  double attempts_ratio = 1.5;      // of attempts for each mail or recipient, to what is usual
  std::uint64_t user_unknown = 10;  // as `deferred`
  double fruitless = 0.5;           // share of a client's connects that come to nothing
  std::uint64_t access_days = 14;   // for which a line of an access list is proposed
  bool operator==(const MailThresholds&) const = default;
};

struct DetectorSettings {
  std::int64_t step_ns = 1'000'000'000;  // resolution of the series they look at
  std::int64_t learn_ns = 0;             // of packet time from the first step on, without a finding
  std::int64_t window_ns = 0;            // over which rates, R^2 and ratios are taken; at least two steps
  std::int64_t adapt_ns = 0;             // time constant of the baselines; 0: twelve windows
  std::int64_t quiet_ns = 0;             // after which a finding closes; 0: a window, and at least five steps
  std::int64_t reopen_ns = 0;            // after closing, in which it goes on; 0: three times that
  std::vector<wire::Network> internal;
  std::vector<WatchedServer> mail_servers;
  std::vector<WatchedServer> dns_servers;
  std::vector<wire::Network> exempt_hosts;  // of connections_without_resolution
  std::vector<std::uint16_t> exempt_ports;

  SurgeThresholds surge;
  BackscatterThresholds backscatter;
  MassMailerThresholds mass_mailer;
  ScanThresholds scan;
  AnswerFloodThresholds answer_flood;
  FloodThresholds flood;
  MailThresholds mail;
  CalendarSettings calendar;
  std::uint64_t first_finding = 1;  // the number that the first one gets
  double loss_factor = 3;           // loss comes in bursts: it may explain so many times its share

  std::size_t hosts = 262'144;          // with a baseline
  std::size_t suspects = 4'096;         // hosts that a detector looks at closely
  std::size_t open_findings = 4'096;    // and those that may go on
  std::size_t closed_findings = 1'000;  // kept
};

}  // namespace aggregator

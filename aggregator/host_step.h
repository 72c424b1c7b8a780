// What all hosts did in one step of time: what series and detectors look at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aggregator/distinct.h"
#include "aggregator/host_counts.h"
#include "aggregator/mail_counts.h"
#include "wire/address.h"

namespace aggregator {

struct HostRow {
  wire::Address host;
  HostCounts counts;
  SmallDistinct destinations;       // of its SYNs
  SmallDistinct smtp_destinations;  // of its SYNs to port 25
  SmallDistinct names;              // that it asked for
  SmallDistinct sources;            // of the SYNs that it received

  HostRow& operator+=(const HostRow& other) noexcept {  // the host stays
    counts += other.counts;
    destinations += other.destinations;
    smtp_destinations += other.smtp_destinations;
    names += other.names;
    sources += other.sources;
    return *this;
  }
};

// What one client wanted of one watched server.
struct PeerRow {
  wire::Address server;
  wire::Address client;
  std::uint64_t smtp_connections = 0;
  std::uint64_t queries = 0;
  std::uint64_t ptr_queries = 0;
  std::uint64_t nxdomain = 0;  // responses to it

  PeerRow& operator+=(const PeerRow& other) noexcept {
    smtp_connections += other.smtp_connections;
    queries += other.queries;
    ptr_queries += other.ptr_queries;
    nxdomain += other.nxdomain;
    return *this;
  }
};

// A name that a watched host asked for: an FQDN with a local domain appended.
struct FormedName {
  wire::Address host;
  std::string domain;  // the registered domain of the FQDN, presentation form
  std::uint64_t queries = 0;

  FormedName& operator+=(const FormedName& other) noexcept {
    queries += other.queries;
    return *this;
  }
};

// Names that matched one of the operator's patterns, of one host; of all that are none, with the address ::.
struct PatternCount {
  wire::Address client;
  std::uint32_t id = 0;
  std::uint64_t queries = 0;

  PatternCount& operator+=(const PatternCount& other) noexcept {
    queries += other.queries;
    return *this;
  }
};

// SYNs of an internal client to an address that nobody was told.
struct UnresolvedConnect {
  wire::Address client;
  wire::Address destination;
  std::uint16_t port = 0;
  std::uint64_t packets = 0;

  UnresolvedConnect& operator+=(const UnresolvedConnect& other) noexcept {
    packets += other.packets;
    return *this;
  }
};

// What the logs say of one mail server.
struct MailRow {
  wire::Address server;  // its first address
  MailCounts counts;

  MailRow& operator+=(const MailRow& other) noexcept {
    counts += other.counts;
    return *this;
  }
};

// An SMTP client of a mail server, by the server's log.
struct MailClientRow {
  wire::Address server;
  wire::Address client;
  std::uint64_t connects = 0;
  std::uint64_t rejected = 0;

  MailClientRow& operator+=(const MailClientRow& other) noexcept {
    connects += other.connects;
    rejected += other.rejected;
    return *this;
  }
};

// A domain of recipients in a mail server's log.
struct MailDomainRow {
  wire::Address server;
  std::string domain;  // lower case
  std::uint64_t deferred = 0;
  std::uint64_t rejected = 0;

  MailDomainRow& operator+=(const MailDomainRow& other) noexcept {
    deferred += other.deferred;
    rejected += other.rejected;
    return *this;
  }
};

// Commands that a mail server turned down for a reason that has no field of its own, by their DSN.
struct MailCodeRow {
  wire::Address server;
  std::uint64_t dsn = 0;  // packed
  std::uint64_t rejected = 0;

  MailCodeRow& operator+=(const MailCodeRow& other) noexcept {
    rejected += other.rejected;
    return *this;
  }
};

// Rows are sorted by their addresses and unique. Immutable once made.
struct HostStep {
  std::int64_t begin_ns = 0;  // packet time since 1970
  std::int64_t length_ns = 0;
  std::vector<HostRow> hosts;  // internal or watched, that did something
  HostRow other_hosts;         // those that found no room, together; address ::
  std::vector<PeerRow> peers;
  std::uint64_t smtp_without_peer = 0;  // connections to servers from clients that are not among these
  std::vector<FormedName> formed;
  std::vector<UnresolvedConnect> unresolved;
  std::vector<PatternCount> patterns;
  std::vector<MailRow> mail;  // of mail servers whose logs said something
  std::vector<MailClientRow> mail_clients;
  std::vector<MailDomainRow> mail_domains;
  std::vector<MailCodeRow> mail_codes;
  std::uint64_t frames = 0;  // seen
  std::uint64_t lost = 0;    // frames missed before and events lost after they were decoded

  HostStep& operator+=(HostStep&& other);  // the time stays
};

// Sorts rows by their addresses (and port, or domain) and adds up those that have the same ones.
void sum_equal(std::vector<PeerRow>& rows);
void sum_equal(std::vector<FormedName>& rows);
void sum_equal(std::vector<UnresolvedConnect>& rows);
void sum_equal(std::vector<PatternCount>& rows);
void sum_equal(std::vector<MailRow>& rows);
void sum_equal(std::vector<MailClientRow>& rows);
void sum_equal(std::vector<MailDomainRow>& rows);
void sum_equal(std::vector<MailCodeRow>& rows);

}  // namespace aggregator

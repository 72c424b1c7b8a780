// What one shard knows of the hosts in one second.
#pragma once

#include <cstdint>
#include <vector>

#include "aggregator/distinct.h"
#include "aggregator/host_counts.h"
#include "aggregator/host_step.h"
#include "aggregator/told_addresses.h"
#include "wire/dns_name.h"

namespace aggregator {

// A host as the clients of one partition know it: those that it serves may be of all.
struct HostPart {
  wire::Address host;
  std::uint32_t partition = 0;
  BasicHostCounts<std::uint32_t> counts;
  SmallDistinct destinations;
  SmallDistinct smtp_destinations;
  SmallDistinct names;
  SmallDistinct sources;

  HostPart& operator+=(const HostPart& other) noexcept {  // the host stays
    counts += other.counts;
    destinations += other.destinations;
    smtp_destinations += other.smtp_destinations;
    names += other.names;
    sources += other.sources;
    return *this;
  }
};

// A name that a watched server asked for, an FQDN with a local domain appended.
struct FormedQuery {
  wire::Address host;
  std::uint64_t name_hash = 0;
  std::uint32_t queries = 0;
  std::uint8_t length = 0;
  std::array<std::uint8_t, wire::kMaxNameOctets> octets;  // wire form, `length` of them
};

// A domain of recipients in a mail server's log, as it was written; of those that are longer, the end.
struct MailDomainPart {
  wire::Address server;
  std::uint64_t hash = 0;
  std::uint32_t deferred = 0;
  std::uint32_t rejected = 0;
  std::uint8_t length = 0;
  std::array<char, 128> text;  // `length` of them, lower case
};

// Adding two gives what one shard would have counted: rows stand side by side until they are merged.
struct ShardStep {
  std::vector<HostPart> hosts;
  HostPart other_hosts;  // those that found no room, together
  std::vector<PeerRow> peers;
  std::uint64_t smtp_without_peer = 0;  // connections to servers from clients that found no room among these
  std::vector<FormedQuery> formed;
  std::vector<UnresolvedConnect>
      unknown;  // SYNs of internal clients that were not told the address themselves
  std::vector<PatternCount> patterns;
  std::uint64_t uncounted_matches = 0;  // for want of room
  std::vector<MailRow> mail;
  std::vector<MailClientRow> mail_clients;
  std::vector<MailDomainPart> mail_domains;
  std::vector<MailCodeRow> mail_codes;
  ToldAddresses told;  // to anybody

  ShardStep& operator+=(ShardStep&& other);

  // Keeps the first `most` rows of each kind: of the hosts the others count together, of the rest they are
  // forgotten.
  void bound(std::size_t most);
};

}  // namespace aggregator

// Counts hosts one by one: what each did, what was done to it, and how it may have known whom to call.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/doh_names.h"
#include "aggregator/host_set.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/resolution_table.h"
#include "aggregator/shard_step.h"
#include "aggregator/step_table.h"
#include "aggregator/told_addresses.h"
#include "dataplane/event.h"

namespace aggregator {

// Capacities are of all partitions together.
struct HostSettings {
  std::vector<wire::Network> internal;
  std::vector<wire::Address> servers;          // watched: whoever asks or connects there is told apart
  std::vector<wire::Address> others;           // hosts besides those
  std::size_t hosts = std::size_t{1} << 16;    // in a second; 448 bytes each once used
  std::size_t peers = std::size_t{1} << 16;    // of servers in a second; 64 bytes each once used
  std::size_t formed = std::size_t{1} << 13;   // different names in a second; 288 bytes each once used
  std::size_t unknown = std::size_t{1} << 15;  // different connections in a second; 48 bytes each once used
  std::size_t resolutions = std::size_t{1} << 18;  // (client, address); 112 bytes each
  DohNames doh_names;
  bool patterns = false;  // names are matched with the operator's patterns
  std::size_t matches = std::size_t{1}
                        << 16;  // different (host, pattern) in a second; 32 bytes each once used
  std::size_t told_bytes = std::size_t{1} << 20;  // of the filter of told addresses
  std::uint32_t grace_s = 600;                    // that an address may be used after its TTL
  KeyedHash hash;                                 // the same in all shards

  bool any() const noexcept { return !internal.empty() || !servers.empty() || !others.empty() || patterns; }
};

// Belongs to one shard. One thread; nothing is allocated after construction but by close(). `partition` is
// that of the event's client in this shard.
class HostCounter {
 public:
  // Has `partitions` of `all_partitions`. Throws std::runtime_error if the memory cannot be had.
  HostCounter(const HostSettings& settings, unsigned partitions, unsigned all_partitions);

  // `name` is the query's in wire form, or empty if it was lost.
  void query(const dataplane::Event& event, unsigned partition, std::span<const std::uint8_t> name) noexcept;
  // What the name of a query matched: the ids of patterns.
  void matched(const dataplane::Event& query, unsigned partition,
               std::span<const std::uint32_t> ids) noexcept;
  void response(const dataplane::Event& event, unsigned partition) noexcept;
  void told(const dataplane::Event& event, unsigned partition) noexcept;  // kResolution, kHint
  void connect(const dataplane::Event& event, unsigned partition, bool paired) noexcept;  // TCP only
  void accept(const dataplane::Event& event, unsigned partition) noexcept;                // TCP only

  // What was counted since the last close.
  ShardStep close();

 private:
  bool is_host(const wire::Address& address) const noexcept { return hosts_of_interest_.contains(address); }
  HostPart& host(const wire::Address& address, unsigned partition) noexcept;
  PeerRow* peer(const dataplane::Event& event, unsigned partition) noexcept;
  void formed(const dataplane::Event& event, unsigned partition, std::span<const std::uint8_t> name) noexcept;
  HostField judge(const dataplane::Event& event, unsigned partition) noexcept;

  HostSet internal_;
  HostSet servers_;
  HostSet hosts_of_interest_;
  DohNames doh_names_;
  KeyedHash hash_;
  StepTable<HostPart> hosts_;
  HostPart other_hosts_;
  StepTable<PeerRow> peers_;
  std::uint64_t smtp_without_peer_ = 0;
  StepTable<FormedQuery> formed_;
  StepTable<UnresolvedConnect> unknown_;
  StepTable<PatternCount> matches_;
  std::uint64_t uncounted_matches_ = 0;
  ResolutionTable resolutions_;
  ToldAddressCollector told_;
};

}  // namespace aggregator

// What one worker makes of a frame: its verdict, and events on the way out.
#pragma once

#include <cstdint>
#include <memory>

#include "dataplane/datagrams.h"
#include "dataplane/dns_streams.h"
#include "dataplane/duplicates.h"
#include "dataplane/event_maker.h"
#include "dataplane/ledger.h"
#include "dataplane/outlet.h"
#include "dataplane/worker_rules.h"
#include "wire/dns_message.h"
#include "wire/frame.h"
#include "wire/packet.h"

namespace dataplane {

struct ObserverSettings {
  bool reassemble = true;  // false: of a fragmented datagram the first fragment speaks alone
  DuplicateSettings duplicates;
  FragmentSettings fragments;
  DnsStreamSettings streams;
  std::shared_ptr<const matchers::UnresolvedNames> unresolved_names;
  std::shared_ptr<const PatternScanners> patterns;

  // What a worker goes by until it is told anew.
  WorkerRules rules() const { return {1, duplicates.window_ns, unresolved_names, patterns}; }
};

// Belongs to one worker, together with the ledger. Allocates in the constructor only.
class Observer {
 public:
  // `worker` is the number of its scanner.
  Observer(Outlet& outlet, Ledger& ledger, const ObserverSettings& settings, std::size_t worker = 0);

  wire::Verdict observe(const wire::Frame& frame) noexcept;

  // False: frames of TCP and UDP that say nothing need not be observed.
  bool wants_all() const noexcept { return duplicates_.enabled(); }

  // Between two bursts. `rules` are borrowed until the next call.
  void follow(const WorkerRules& rules) noexcept {
    duplicates_.set_window(rules.duplicate_window_ns);
    events_.match(rules.unresolved_names.get());
    matching_.follow(rules.patterns.get());
  }

 private:
  bool duplicate(const wire::Frame& frame, const wire::Packet& packet) noexcept;
  wire::Verdict dns_datagram(const wire::Frame& frame, const wire::Packet& packet) noexcept;
  wire::Verdict dns_segment(const wire::Frame& frame, const wire::Packet& packet) noexcept;
  wire::Verdict dns_message(const wire::Frame& frame, const wire::Packet& packet,
                            std::span<const std::uint8_t> bytes, bool cut) noexcept;
  void connection(const wire::Frame& frame, const wire::Packet& packet, wire::Verdict verdict) noexcept;

  Ledger& ledger_;
  NameMatching matching_;
  EventMaker events_;
  Duplicates duplicates_;
  Datagrams datagrams_;
  DnsStreams streams_;
  wire::DnsParser parser_;
  const WorkerRules first_rules_;  // kept, since they are borrowed
};

}  // namespace dataplane

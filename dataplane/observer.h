// What one worker makes of a frame: its verdict, and events on the way out.
#pragma once

#include <cstdint>

#include "dataplane/dns_streams.h"
#include "dataplane/duplicates.h"
#include "dataplane/event_maker.h"
#include "dataplane/fragment_table.h"
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
};

// Belongs to one worker, together with the ledger. Allocates in the constructor only.
class Observer {
 public:
  Observer(Outlet& outlet, Ledger& ledger, const ObserverSettings& settings);

  wire::Verdict observe(const wire::Frame& frame) noexcept;

  // Between two frames.
  void follow(const WorkerRules& rules) noexcept { duplicates_.set_window(rules.duplicate_window_ns); }

 private:
  bool duplicate(const wire::Frame& frame, const wire::Packet& packet) noexcept;
  wire::Verdict reassemble(const wire::Frame& frame, wire::Packet& packet) noexcept;
  wire::Verdict dns_datagram(const wire::Frame& frame, const wire::Packet& packet) noexcept;
  wire::Verdict dns_segment(const wire::Frame& frame, const wire::Packet& packet) noexcept;
  wire::Verdict dns_message(const wire::Frame& frame, const wire::Packet& packet,
                            std::span<const std::uint8_t> bytes, bool cut) noexcept;
  void connection(const wire::Frame& frame, const wire::Packet& packet, wire::Verdict verdict) noexcept;

  Ledger& ledger_;
  EventMaker events_;
  bool reassemble_;
  Duplicates duplicates_;
  FragmentTable fragments_;
  DnsStreams streams_;
  wire::DnsParser parser_;
};

}  // namespace dataplane

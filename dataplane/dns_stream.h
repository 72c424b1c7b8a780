// One direction of a TCP connection on port 53: where its reader stands and what it waits for
// (RFC 1035 section 4.2.2, RFC 7766 section 8).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dataplane/octet_store.h"
#include "wire/dns_message.h"

namespace dataplane {

struct DnsStreamMessage {
  std::span<const std::uint8_t> octets;  // without the length in front; borrowed for the call of the sink
  bool cut = false;                      // the snap length took its end away; its header is whole
};

// What is left to do of the segment in hand: the reader takes from the front.
struct DnsSegment {
  std::uint32_t at = 0;  // sequence number of the first of `octets`
  std::uint32_t end = 0;
  std::span<const std::uint8_t> octets;
  bool fin = false;
  bool cut = false;  // by the snap length, so `end` is not the segment's
  bool from_server = false;
  bool to_server = false;
  std::int64_t time_ns = 0;
};

// Shared by all streams of a worker.
struct DnsStreamMemory {
  OctetStore store;
  std::int64_t gap_timeout_ns;
  std::uint64_t& octets_lost;
  std::array<std::uint8_t, 2 + wire::kMaxDnsMessageOctets> message;  // the one handed out, if it was held
};

class DnsStream {
 public:
  enum class Step : std::uint8_t {
    kMessage,  // one more message
    kDone,     // the segment is dealt with
    kStarved   // the memory has no block left: free some, or give_way()
  };

  // The stream begins with sequence number `at`, which is a message's first octet unless `lost`.
  void open(std::uint32_t at, bool lost, DnsStreamMemory& memory) noexcept;
  void close(DnsStreamMemory& memory) noexcept;

  // False if the segment is old, or of no stream that can be read.
  bool admit(DnsSegment& segment, DnsStreamMemory& memory) noexcept;
  Step next(DnsSegment& segment, DnsStreamMemory& memory, DnsStreamMessage& message) noexcept;
  void give_way(const DnsSegment& segment, DnsStreamMemory& memory) noexcept;
  // True if the segment ends with a cut message worth handing out.
  bool finish(const DnsSegment& segment, DnsStreamMemory& memory, DnsStreamMessage& message) noexcept;

  bool begins_at(std::uint32_t at) const noexcept { return start_ == at; }
  bool is_near(std::uint32_t at) const noexcept;
  bool holds_octets() const noexcept { return !held_.empty(); }
  // Nothing but the memory of old segments is lost with it.
  bool idle() const noexcept { return closed_ || ready_ == start_ || (lost_ && held_.empty()); }

 private:
  bool next_held(DnsStreamMemory& memory, DnsStreamMessage& message) noexcept;
  bool next_in_segment(DnsSegment& segment, DnsStreamMessage& message) noexcept;
  bool find_beginning(DnsSegment& segment, DnsStreamMemory& memory) noexcept;
  void find_beginning_in_held(const DnsSegment& segment, DnsStreamMemory& memory) noexcept;
  bool hold(DnsSegment& segment, DnsStreamMemory& memory) noexcept;
  bool gap_is_hopeless(const DnsSegment& segment, const DnsStreamMemory& memory) const noexcept;
  bool has_gap(const DnsStreamMemory& memory) const noexcept;
  void pass_over(std::uint32_t to, const DnsSegment& segment, DnsStreamMemory& memory) noexcept;
  std::size_t copy_ready(std::span<std::uint8_t> to, const DnsStreamMemory& memory) const noexcept;
  void skip_to(std::uint32_t at, DnsStreamMemory& memory) noexcept;
  bool next_known(const DnsStreamMemory& memory, std::uint32_t& at) const noexcept;
  bool finish_cut(const DnsSegment& segment, DnsStreamMemory& memory, DnsStreamMessage& message) noexcept;

  std::uint32_t start_ = 0;   // sequence number of the first octet
  std::uint32_t wanted_ = 0;  // of the next message's first octet: what is before it is done with
  std::uint32_t ready_ = 0;   // those from `wanted_` up to here are held
  std::uint32_t fin_ = 0;     // the end, if `finished_`
  bool finished_ = false;
  bool closed_ = false;
  // `wanted_` need not be the beginning of a message: look first. What is held is then too little to look at,
  // and has no gap.
  bool lost_ = false;
  bool snapped_ = false;  // the snap length cuts this stream: what is missing does not come later
  bool gap_ = false;      // octets are held behind missing ones
  std::int64_t gap_since_ns_ = 0;
  HeldOctets held_;
};

}  // namespace dataplane

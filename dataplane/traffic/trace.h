// Generated traffic, a frame at a time: the same seed gives the same bytes on every machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <string_view>
#include <vector>

#include "dataplane/traffic/campus.h"
#include "dataplane/traffic/dns_writer.h"
#include "dataplane/traffic/frame_writer.h"
#include "dataplane/traffic/random.h"
#include "dataplane/traffic/weighted.h"
#include "dataplane/traffic/zone.h"

namespace dataplane::traffic {

enum class Mix : std::uint8_t {
  kCoreMix,   // 10 % DNS, 4 % SYN and SYN+ACK, the rest TCP and UDP payload
  kDnsSyn,    // 75 % DNS, 25 % SYN
  kDnsOnly,   // queries and responses in equal shares
  kSynFlood,  // SYNs from random IPv4 addresses to one server, 64 octets with the frame check sequence
  kPlain,     // UDP over IPv4 of many flows, all frames of one size
  kImix,      // the same in 64, 570 and 1518 octets with the frame check sequence, 7:4:1
  kDnsFlood,  // DNS queries from ten million IPv4 addresses
  kCount
};
inline constexpr std::size_t kMixes = static_cast<std::size_t>(Mix::kCount);
inline constexpr std::array<std::string_view, kMixes> kMixNames = {
    "core-mix", "dns-syn", "dns-only", "syn-flood", "64B", "imix", "dns-flood-random-clients"};
std::optional<Mix> mix_named(std::string_view name);

enum class FrameKind : std::uint8_t {
  kQuery,     // DNS over UDP
  kResponse,  // 5 to 40 ms after its query
  kSyn,
  kSynAck,
  kTcpPayload,
  kUdpPayload,
  kCount
};
inline constexpr std::size_t kFrameKinds = static_cast<std::size_t>(FrameKind::kCount);

struct TraceFrame {
  std::span<const std::uint8_t> bytes;  // as captured
  std::uint32_t wire_length = 0;
  std::int64_t time_ns = 0;  // since 1970; never goes back
  FrameKind kind = FrameKind::kQuery;
  bool ipv6 = false;
  bool vlan = false;
  bool follows_answer = false;  // kSyn to an address that a response told this client of
};

inline constexpr std::uint64_t kDefaultSeed = 1;
inline constexpr std::uint32_t kDefaultSnap = 128;
// With the frame check sequence, as the size of an Ethernet frame is told; without it a frame is captured.
inline constexpr std::uint32_t kSmallestFrame = 64;
inline constexpr std::uint32_t kLargestFrame = 1518;
inline constexpr std::uint32_t kFrameCheckOctets = 4;

// About a million frames a second of packet time. One frame in ten is IPv6, one in twenty has a VLAN tag.
class Trace {
 public:
  // Payload frames are cut to `snap` octets, at least 128; DNS, SYN and SYN+ACK are never cut. `plain_size`
  // is that of kPlain's frames, from kSmallestFrame to kLargestFrame.
  explicit Trace(Mix mix, std::uint64_t seed = kDefaultSeed, std::uint32_t snap = kDefaultSnap,
                 std::uint32_t plain_size = kSmallestFrame);

  // There is always a next one; its bytes are borrowed until the next call.
  TraceFrame next();

 private:
  template <class What>
  struct Due {
    std::int64_t time_ns;
    std::uint64_t sequence;  // breaks ties, so that the order is the same everywhere
    What what;
    bool operator>(const Due& other) const {
      return time_ns != other.time_ns ? time_ns > other.time_ns : sequence > other.sequence;
    }
  };
  template <class What>
  using Agenda = std::priority_queue<Due<What>, std::vector<Due<What>>, std::greater<>>;

  struct Asked {
    Flow flow;  // of the query
    Question question;
  };

  template <class What>
  void plan(Agenda<What>& agenda, std::int64_t time_ns, const What& what);
  template <class What>
  bool is_due(const Agenda<What>& agenda) const;

  TraceFrame dns();
  TraceFrame query();
  TraceFrame response();
  Question question(bool ipv6);
  void plan_connection(const Asked& asked);

  TraceFrame handshake();
  TraceFrame syn();
  TraceFrame syn_ack();
  TraceFrame flood_syn();
  TraceFrame flood_query();

  TraceFrame payload();
  TraceFrame tcp_payload(Flow flow, bool downstream);
  TraceFrame udp_payload(const Flow& flow);
  TraceFrame plain(std::uint32_t size);

  std::uint16_t ephemeral_port();
  std::span<const std::uint8_t> noise();
  TraceFrame framed(FrameKind kind, const Flow& flow, std::span<const std::uint8_t> bytes) const;

  const Mix mix_;
  const std::uint32_t snap_;
  const std::uint32_t plain_size_;
  Random random_;
  Zone zone_;
  DnsWriter dns_writer_{zone_};
  FrameWriter frame_writer_;
  Weighted names_;
  Weighted clients_;
  Weighted servers_;
  std::vector<std::uint8_t> noise_;

  std::int64_t now_ns_;
  std::uint64_t sequence_ = 0;
  Agenda<Asked> responses_;
  Agenda<Flow> connections_;  // that follow an answer
  Agenda<Flow> accepts_;      // SYN+ACKs, by the flow of their SYN
};

}  // namespace dataplane::traffic

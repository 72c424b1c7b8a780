#include "dataplane/traffic/trace.h"

#include <algorithm>

#include "dataplane/traffic/flood.h"
#include "wire/packet.h"

namespace dataplane::traffic {
namespace {

constexpr std::int64_t kStartNs = 1'700'000'000'000'000'000;
// The trace begins in the middle of things, as a capture does: by then as much is answered as is asked.
constexpr std::int64_t kSettleNs = 250'000'000;
// A million frames a second of core-mix; the mixes of DNS are what a filter leaves of it, at the same rate of
// messages.
constexpr std::array<std::uint32_t, kMixes> kMeanGapNs = {1000, 7143, 10000, 1000, 1000, 1000, 1000};
constexpr std::uint32_t kMinResponseNs = 5'000'000;
constexpr std::uint32_t kResponseSpreadNs = 35'000'000;
constexpr std::uint32_t kMeanConnectDelayNs = 80'000'000;
constexpr std::uint32_t kMinRoundTripNs = 200'000;
constexpr std::uint32_t kRoundTripSpreadNs = 30'000'000;

// Offsets of Zipf-Mandelbrot that leave the busiest client and server a share of 3 in 10,000 and of 1 in 100.
constexpr std::uint32_t kClientOffset = 1000;
constexpr std::uint32_t kServerOffset = 20;

constexpr std::uint32_t kMaxSegmentOctets = 1448;  // fills 1500 octets of IPv4 with TCP timestamps
constexpr std::uint32_t kMaxSegmentOctetsV6 = 1428;
constexpr std::size_t kNoiseOctets = 4096;
constexpr std::uint32_t kUncut = FrameWriter::kMaxFrameOctets;

// MSS 1460, SACK permitted, timestamps, window scale 7 (RFC 9293, RFC 2018, RFC 7323).
constexpr std::array<std::uint8_t, 20> kSynOptions = {2, 4, 5, 180, 4, 2, 8, 10, 0, 1,
                                                      2, 3, 0, 0,   0, 0, 1, 3,  3, 7};
constexpr std::array<std::uint8_t, 12> kTimestamps = {1, 1, 8, 10, 0, 1, 2, 3, 0, 4, 5, 6};

// How many frames of a thousand are DNS, and SYN or SYN+ACK.
struct Shares {
  std::uint32_t dns;
  std::uint32_t handshake;
};
constexpr std::array<Shares, kMixes> kShares = {
    {{100, 40}, {750, 250}, {1000, 0}, {0, 1000}, {0, 0}, {0, 0}, {1000, 0}}};

constexpr std::uint32_t kFirstPlainClient = 0x0A400001;  // 10.64.0.1, as of the other mixes' IPv4 clients
constexpr std::uint32_t kPlainHeaderOctets = 14 + 20 + 8 + kFrameCheckOctets;  // Ethernet, IPv4, UDP

// The usual "simple IMIX": 7:4:1.
std::uint32_t imix_size(std::uint32_t of_twelve) {
  return of_twelve < 7 ? kSmallestFrame : of_twelve < 11 ? 570 : kLargestFrame;
}

wire::Address v4_address(std::uint32_t address) {
  const std::array<std::uint8_t, 4> octets = {
      static_cast<std::uint8_t>(address >> 24), static_cast<std::uint8_t>(address >> 16),
      static_cast<std::uint8_t>(address >> 8), static_cast<std::uint8_t>(address)};
  return wire::Address::v4(octets.data());
}

Flow reversed(const Flow& flow) {
  return {flow.destination, flow.source, flow.vlan};
}

}  // namespace

std::optional<Mix> mix_named(std::string_view name) {
  const auto* const found = std::find(kMixNames.begin(), kMixNames.end(), name);
  if (found == kMixNames.end()) return std::nullopt;
  return static_cast<Mix>(found - kMixNames.begin());
}

Trace::Trace(Mix mix, std::uint64_t seed, std::uint32_t snap, std::uint32_t plain_size)
    : mix_(mix),
      snap_(snap),
      plain_size_(plain_size),
      random_(seed),
      names_(zipf(kNames)),
      clients_(zipf(kClients, kClientOffset)),
      servers_(zipf(kServers, kServerOffset)),
      now_ns_(kStartNs - kSettleNs) {
  while (noise_.size() < kNoiseOctets)
    noise_.push_back(static_cast<std::uint8_t>(0x40 | random_.below(0x40)));
  while (now_ns_ < kStartNs) next();
}

TraceFrame Trace::next() {
  now_ns_ += static_cast<std::int64_t>(random_.exponential(kMeanGapNs[static_cast<std::size_t>(mix_)]));
  const Shares shares = kShares[static_cast<std::size_t>(mix_)];
  const std::uint32_t drawn = random_.below(1000);
  if (drawn < shares.dns) return dns();
  if (drawn < shares.dns + shares.handshake) return handshake();
  return payload();
}

template <class What>
void Trace::plan(Agenda<What>& agenda, std::int64_t time_ns, const What& what) {
  agenda.push({time_ns, ++sequence_, what});
}

template <class What>
bool Trace::is_due(const Agenda<What>& agenda) const {
  return !agenda.empty() && agenda.top().time_ns <= now_ns_;
}

// Each query brings one response, and responses go first: so both come to have equal shares.
TraceFrame Trace::dns() {
  if (mix_ == Mix::kDnsFlood) return flood_query();
  return is_due(responses_) ? response() : query();
}

TraceFrame Trace::query() {
  const Client asker = client(clients_.draw(random_));
  const bool ipv6 = !asker.address.is_v4();
  const Asked asked = {{{asker.address, ephemeral_port()}, {asker.resolver, wire::kDnsPort}, asker.vlan},
                       question(ipv6)};
  plan(responses_, now_ns_ + kMinResponseNs + random_.below(kResponseSpreadNs), asked);
  const auto message = dns_writer_.query(asked.question);
  const Payload payload = {message, static_cast<std::uint32_t>(message.size())};
  return framed(FrameKind::kQuery, asked.flow, frame_writer_.udp(asked.flow, payload, kUncut));
}

TraceFrame Trace::response() {
  const Asked asked = responses_.top().what;
  responses_.pop();
  plan_connection(asked);
  const auto message = dns_writer_.response(asked.question);
  const Payload payload = {message, static_cast<std::uint32_t>(message.size())};
  const Flow flow = reversed(asked.flow);
  return framed(FrameKind::kResponse, flow, frame_writer_.udp(flow, payload, kUncut));
}

// A client asks for the addresses of its own family three times as often as for the others'.
Question Trace::question(bool ipv6) {
  using wire::DnsType;
  Question question;
  question.id = static_cast<std::uint16_t>(random_.next());
  question.rank = names_.draw(random_);
  const std::uint32_t drawn = random_.below(1000);
  if (drawn < 540) {
    question.type = ipv6 ? DnsType::kAaaa : DnsType::kA;
  } else if (drawn < 720) {
    question.type = ipv6 ? DnsType::kA : DnsType::kAaaa;
  } else if (drawn < 850) {
    question.type = DnsType::kHttps;
  } else if (drawn < 940) {
    question.type = DnsType::kPtr;
    question.rank = servers_.draw(random_);
    question.ipv6 = ipv6;
  } else {
    question.type = drawn < 975 ? DnsType::kMx : DnsType::kTxt;
  }
  question.in_local_domain = question.type != DnsType::kPtr && random_.permille(80);
  question.edns = random_.permille(850);
  question.cookie = question.edns && random_.permille(300);
  return question;
}

// Half of the A answers to IPv4 clients are followed by a connection to one of their addresses. Of the AAAA
// answers to IPv6 clients as many more as fewer names have addresses, so that both families connect alike.
void Trace::plan_connection(const Asked& asked) {
  const Endpoint& asker = asked.flow.source;
  const auto own = asker.address.is_v4() ? wire::DnsType::kA : wire::DnsType::kAaaa;
  if (asked.question.type != own || !DnsWriter::has_addresses(asked.question)) return;
  if (kShares[static_cast<std::size_t>(mix_)].handshake == 0) return;
  if (!random_.permille(asker.address.is_v4() ? 500 : 833)) return;
  const std::uint32_t rank = asked.question.rank;
  const std::uint32_t server = Zone::server(rank, random_.below(Zone::addresses(rank)));
  const wire::Address address = asker.address.is_v4() ? server_v4(server) : server_v6(server);
  constexpr std::array<std::uint16_t, 8> kPorts = {443, 443, 443, 443, 443, 80, 80, 993};
  const Flow flow = {
      {asker.address, ephemeral_port()}, {address, kPorts[random_.below(kPorts.size())]}, asked.flow.vlan};
  const auto delay = static_cast<std::int64_t>(random_.exponential(kMeanConnectDelayNs));
  plan(connections_, now_ns_ + delay, flow);
}

TraceFrame Trace::handshake() {
  if (mix_ == Mix::kSynFlood) return flood_syn();
  return is_due(accepts_) ? syn_ack() : syn();
}

// To an address just resolved if one is due, else to any server.
TraceFrame Trace::syn() {
  const bool follows = is_due(connections_);
  Flow flow;
  if (follows) {
    flow = connections_.top().what;
    connections_.pop();
  } else {
    const Client caller = client(clients_.draw(random_));
    const std::uint32_t server = servers_.draw(random_);
    constexpr std::array<std::uint16_t, 8> kPorts = {443, 443, 443, 80, 22, 25, 445, 3389};
    flow = {{caller.address, ephemeral_port()},
            {caller.address.is_v4() ? server_v4(server) : server_v6(server),
             kPorts[random_.below(kPorts.size())]},
            caller.vlan};
  }
  const bool answered = mix_ == Mix::kCoreMix && random_.permille(920);
  if (answered) plan(accepts_, now_ns_ + kMinRoundTripNs + random_.below(kRoundTripSpreadNs), flow);
  const TcpHeader header = {static_cast<std::uint32_t>(random_.next()), 0, wire::kSynFlag, kSynOptions};
  TraceFrame frame = framed(FrameKind::kSyn, flow, frame_writer_.tcp(flow, header, {}, kUncut));
  frame.follows_answer = follows;
  return frame;
}

TraceFrame Trace::syn_ack() {
  const Flow flow = reversed(accepts_.top().what);
  accepts_.pop();
  const TcpHeader header = {static_cast<std::uint32_t>(random_.next()),
                            static_cast<std::uint32_t>(random_.next()), wire::kSynFlag | wire::kAck,
                            kSynOptions};
  return framed(FrameKind::kSynAck, flow, frame_writer_.tcp(flow, header, {}, kUncut));
}

TraceFrame Trace::flood_syn() {
  const std::uint64_t drawn = random_.next();
  std::array<std::uint8_t, 4> source = {
      static_cast<std::uint8_t>(1 + random_.below(223)), static_cast<std::uint8_t>(drawn),
      static_cast<std::uint8_t>(drawn >> 8), static_cast<std::uint8_t>(drawn >> 16)};
  const Flow flow = {{wire::Address::v4(source.data()), static_cast<std::uint16_t>(drawn >> 24)},
                     {server_v4(0), 443}};
  const TcpHeader header = {static_cast<std::uint32_t>(drawn >> 32), 0, wire::kSynFlag};
  return framed(FrameKind::kSyn, flow, frame_writer_.tcp(flow, header, {}, kUncut));
}

TraceFrame Trace::flood_query() {
  const std::uint32_t source = flood_source(random_.below(kFloodSources));
  const Flow flow = {{v4_address(source), ephemeral_port()},
                     {client(2 * random_.below(kClients / 2)).resolver, wire::kDnsPort}};  // IPv4 clients'
  const auto message = dns_writer_.query(question(false));
  const Payload payload = {message, static_cast<std::uint32_t>(message.size())};
  return framed(FrameKind::kQuery, flow, frame_writer_.udp(flow, payload, kUncut));
}

// Of flows that last: the client's port is a function of the pair.
TraceFrame Trace::payload() {
  if (mix_ == Mix::kPlain) return plain(plain_size_);
  if (mix_ == Mix::kImix) return plain(imix_size(random_.below(12)));
  const std::uint32_t index = clients_.draw(random_);
  const std::uint32_t server = servers_.draw(random_);
  const Client local = client(index);
  const auto port = static_cast<std::uint16_t>(32768 + wire::mix(index + wire::kHashSeedA, server) % 28000);
  const bool tcp = random_.permille(800);
  const bool downstream = random_.permille(600);
  const Flow upstream = {{local.address, port},
                         {local.address.is_v4() ? server_v4(server) : server_v6(server),
                          static_cast<std::uint16_t>(tcp || server % 2 == 0 ? 443 : 4500)},
                         local.vlan};
  const Flow flow = downstream ? reversed(upstream) : upstream;
  return tcp ? tcp_payload(flow, downstream) : udp_payload(flow);
}

// Downstream mostly full segments, upstream mostly bare acknowledgements.
TraceFrame Trace::tcp_payload(Flow flow, bool downstream) {
  const std::uint32_t most = flow.source.address.is_v4() ? kMaxSegmentOctets : kMaxSegmentOctetsV6;
  const bool usual = random_.permille(700);
  const std::uint32_t octets = usual ? (downstream ? most : 0) : 1 + random_.below(most);
  const auto flags = static_cast<std::uint8_t>(usual ? wire::kAck : wire::kAck | wire::kPsh);
  const TcpHeader header = {static_cast<std::uint32_t>(random_.next()),
                            static_cast<std::uint32_t>(random_.next()), flags, kTimestamps};
  return framed(FrameKind::kTcpPayload, flow, frame_writer_.tcp(flow, header, {noise(), octets}, snap_));
}

// Port 443 as QUIC after its handshake: a short header (RFC 9000 section 17.3.1), since noise starts with the
// bits 01.
// Port 4500 as ESP in UDP (RFC 3948).
TraceFrame Trace::udp_payload(const Flow& flow) {
  const std::uint32_t octets = 40 + random_.below(1211);
  return framed(FrameKind::kUdpPayload, flow, frame_writer_.udp(flow, {noise(), octets}, snap_));
}

TraceFrame Trace::plain(std::uint32_t size) {
  const std::uint32_t index = clients_.draw(random_);
  const std::uint32_t server = servers_.draw(random_);
  const auto port = static_cast<std::uint16_t>(32768 + wire::mix(index + wire::kHashSeedA, server) % 28000);
  const Flow upstream = {{v4_address(kFirstPlainClient + index), port},
                         {server_v4(server), static_cast<std::uint16_t>(server % 2 == 0 ? 443 : 4500)}};
  const Flow flow = random_.permille(600) ? reversed(upstream) : upstream;
  return framed(FrameKind::kUdpPayload, flow,
                frame_writer_.udp(flow, {noise(), size - kPlainHeaderOctets}, snap_));
}

std::uint16_t Trace::ephemeral_port() {
  return static_cast<std::uint16_t>(32768 + random_.below(28232));
}

// Enough of it to fill what is kept of a frame.
std::span<const std::uint8_t> Trace::noise() {
  const std::uint32_t at = random_.below(kNoiseOctets - FrameWriter::kMaxFrameOctets);
  return std::span<const std::uint8_t>(noise_).subspan(at, std::min(snap_, FrameWriter::kMaxFrameOctets));
}

TraceFrame Trace::framed(FrameKind kind, const Flow& flow, std::span<const std::uint8_t> bytes) const {
  return {bytes, frame_writer_.wire_length(), now_ns_, kind, !flow.source.address.is_v4(), flow.vlan != 0,
          false};
}

}  // namespace dataplane::traffic

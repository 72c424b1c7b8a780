#include "tests/support/world/tap.h"

#include <array>

#include "wire/packet.h"
#include "wire/quic.h"

namespace tests::world {
namespace {

using dataplane::traffic::Flow;
using dataplane::traffic::FrameWriter;
using dataplane::traffic::Payload;
using dataplane::traffic::TcpHeader;

constexpr std::uint32_t kWhole = FrameWriter::kMaxFrameOctets;
constexpr Nanos kRetransmission = kSecond;      // then twice that, and so on (RFC 6298)
constexpr Nanos kTurn = 150 * kMicrosecond;     // from the tap to a client inside and back
constexpr std::uint32_t kInitialOctets = 1200;  // at least (RFC 9000 section 14.1)

// MSS 1460, SACK permitted, timestamps, window scale 7 (RFC 9293, RFC 2018, RFC 7323).
constexpr std::array<std::uint8_t, 20> kSynOptions = {2, 4, 5, 180, 4, 2, 8, 10, 0, 1,
                                                      2, 3, 0, 0,   0, 0, 1, 3,  3, 7};

std::uint32_t octets_of(std::span<const std::uint8_t> payload) {
  return static_cast<std::uint32_t>(payload.size());
}

}  // namespace

void Tap::datagram(Nanos at, const Endpoint& from, const Endpoint& to,
                   std::span<const std::uint8_t> payload) {
  tape_.put(at, frames_.udp(Flow{from, to}, Payload{payload, octets_of(payload)}, kWhole));
}

void Tap::segment(Nanos at, const Endpoint& from, const Endpoint& to, std::uint8_t flags,
                  const Sequence& sequence, std::span<const std::uint8_t> payload) {
  TcpHeader header;
  header.sequence = sequence.sent;
  header.acknowledgement = sequence.received;
  header.flags = flags;
  if ((flags & wire::kSynFlag) != 0) header.options = kSynOptions;
  tape_.put(at, frames_.tcp(Flow{from, to}, header, Payload{payload, octets_of(payload)}, kWhole));
}

void Tap::syns(Nanos at, const Connection& connection, std::uint32_t sequence) {
  const bool answered = connection.fate != Fate::kSilent;
  const unsigned again = answered ? (random_.permille(10) ? 1 : 0) : connection.retries;
  Nanos wait = 0;
  for (unsigned sent = 0; sent <= again; ++sent) {
    segment(at + wait, connection.from, connection.to, wire::kSynFlag, {sequence, 0});
    wait = wait == 0 ? kRetransmission : 2 * wait + kRetransmission;
  }
}

void Tap::connection(Nanos at, const Connection& connection) {
  exchange(at, connection, {}, {});
}

void Tap::exchange(Nanos at, const Connection& connection, std::span<const std::uint8_t> request,
                   std::span<const std::uint8_t> response) {
  const auto& [from, to, fate, round_trip, retries] = connection;
  Sequence client = {static_cast<std::uint32_t>(random_.next()), 0};
  Sequence server = {static_cast<std::uint32_t>(random_.next()), client.sent + 1};
  syns(at, connection, client.sent);
  if (fate == Fate::kSilent) return;
  Nanos now = at + round_trip;
  if (fate == Fate::kRefused) return segment(now, to, from, wire::kRst | wire::kAck, {0, client.sent + 1});
  segment(now, to, from, wire::kSynFlag | wire::kAck, server);
  client = {client.sent + 1, server.sent + 1};
  server.sent += 1;
  now += kTurn;
  segment(now, from, to, wire::kAck, client);
  if (!request.empty()) {
    segment(now + kTurn, from, to, wire::kPsh | wire::kAck, client, request);
    client.sent += octets_of(request);
    server.received = client.sent;
    now += round_trip + kTurn;
    segment(now, to, from, wire::kPsh | wire::kAck, server, response);
    server.sent += octets_of(response);
    client.received = server.sent;
  } else {
    now += exponential(random_, 2 * kSecond);
  }
  segment(now + kTurn, from, to, wire::kFin | wire::kAck, client);
  server.received = client.sent + 1;
  segment(now + kTurn + round_trip, to, from, wire::kFin | wire::kAck, server);
  client = {client.sent + 1, server.sent + 1};
  segment(now + 2 * kTurn + round_trip, from, to, wire::kAck, client);
}

void Tap::quic(Nanos at, const Endpoint& from, const Endpoint& to, Nanos round_trip) {
  std::array<std::uint8_t, kInitialOctets> initial{};
  dataplane::traffic::OctetWriter<32> header;
  header.u8(0xC3);
  header.u32(wire::kQuicVersion1);
  header.u8(8);
  header.u32(static_cast<std::uint32_t>(random_.next()));
  header.u32(static_cast<std::uint32_t>(random_.next()));
  header.u8(0);  // No source connection identifier.
  header.u8(0);  // No token.
  header.u16(0x4000 | (kInitialOctets - header.size() - 2));
  std::copy(header.written().begin(), header.written().end(), initial.begin());
  datagram(at, from, to, initial);
  datagram(at + round_trip, to, from, initial);
}

}  // namespace tests::world

// What passes the tap: conversations, written as the frames that they are made of.
#pragma once

#include <cstdint>
#include <span>

#include "dataplane/traffic/frame_writer.h"
#include "tests/support/world/arrivals.h"
#include "tests/support/world/nanos.h"
#include "tests/support/world/tape.h"

namespace tests::world {

using dataplane::traffic::Endpoint;
using wire::Address;

inline constexpr std::uint16_t kDnsPort = 53;
inline constexpr std::uint16_t kSmtpPort = 25;
inline constexpr std::uint16_t kHttpsPort = 443;

enum class Fate : std::uint8_t {
  kAccepted,
  kRefused,  // RST
  kSilent,   // nobody there, or a firewall
};

struct Connection {
  Endpoint from;
  Endpoint to;
  Fate fate = Fate::kAccepted;
  Nanos round_trip = 20 * kMillisecond;  // from the tap to the server and back
  unsigned retries = 2;                  // SYNs that follow one that is not answered
};

class Tap {
 public:
  Tap(Tape& tape, std::uint64_t seed) : tape_(tape), random_(seed) {}

  void datagram(Nanos at, const Endpoint& from, const Endpoint& to, std::span<const std::uint8_t> payload);

  // The handshake from the first SYN on, and the end. One SYN in a hundred is sent again although there is an
  // answer.
  void connection(Nanos at, const Connection& connection);
  // The same, with a request and its response, each in a segment of its own.
  void exchange(Nanos at, const Connection& connection, std::span<const std::uint8_t> request,
                std::span<const std::uint8_t> response);
  // Both Initials of a QUIC handshake (RFC 9000 section 17.2.2).
  void quic(Nanos at, const Endpoint& from, const Endpoint& to, Nanos round_trip);

  // Of 32768 to 60999, as Linux gives them.
  Endpoint ephemeral(const Address& address) noexcept {
    return {address, static_cast<std::uint16_t>(32768 + random_.below(28232))};
  }

 private:
  struct Sequence {
    std::uint32_t sent = 0;
    std::uint32_t received = 0;
  };
  void segment(Nanos at, const Endpoint& from, const Endpoint& to, std::uint8_t flags,
               const Sequence& sequence, std::span<const std::uint8_t> payload = {});
  void syns(Nanos at, const Connection& connection, std::uint32_t sequence);

  Tape& tape_;
  Random random_;
  dataplane::traffic::FrameWriter frames_;
};

}  // namespace tests::world

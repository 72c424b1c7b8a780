// A link type and a frame, whole and cut by a snap length: what a spool keeps that hides its hosts is a frame
// of the same kind, from and to the hidden addresses, whose message is sound if it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dataplane/frame_tap.h"
#include "mgmt/privacy/hidden_frames.h"

namespace {

using wire::Verdict;

constexpr std::uint32_t kMostOctets = 14 + 65535 + 40;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Message {
  std::uint16_t id = 0, qtype = 0, rcode = 0;
  bool whole = false;
  std::uint32_t records = 0;
};

Message message_of(const wire::Packet& packet) {
  static wire::DnsParser parser;
  const wire::DnsMessage& message = parser.parse(packet.payload);
  const bool whole = !packet.cut && packet.payload.size() <= wire::kMaxDnsMessageOctets;
  return {message.id, message.qtype, message.rcode, whole && message.fault == wire::DnsFault::kNone,
          message.records_read};
}

void check_messages(const wire::Packet& clear, const wire::Packet& hidden) {
  const Message was = message_of(clear), is = message_of(hidden);
  if (!was.whole) return require(hidden.payload.empty());
  require(is.whole || hidden.cut);
  require(is.id == was.id);
  if (is.whole) require(is.records == was.records && is.qtype == was.qtype && is.rcode == was.rcode);
}

void check(const wire::Frame& frame) {
  static mgmt::HiddenFrames frames(mgmt::Hiding(mgmt::PrivacyKey(), nullptr));
  static mgmt::Hiding hiding(mgmt::PrivacyKey(), nullptr);
  wire::Packet clear, hidden;
  const Verdict was = wire::decode(frame, clear);
  const auto made = frames.of(frame);
  require(made.has_value() == (clear.outer_ip != nullptr));
  if (!made) return;
  require(made->length <= made->wire_length && made->wire_length <= kMostOctets);
  const Verdict is = wire::decode(*made, hidden);
  require(hidden.source == hiding.address(clear.source));
  require(hidden.destination == hiding.address(clear.destination));
  if (!dataplane::is_dns_or_syn(was)) return;
  require(is == was);
  if (was == Verdict::kFragment) return require(hidden.payload.empty());
  require(hidden.source_port == clear.source_port && hidden.destination_port == clear.destination_port);
  if (was == Verdict::kDns) return check_messages(clear, hidden);
  require(hidden.tcp_flags == clear.tcp_flags && hidden.tcp_sequence == clear.tcp_sequence);
  require(hidden.payload.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const auto link = static_cast<wire::LinkType>(bytes[0] | bytes[1] << 8);
  const auto length = static_cast<std::uint32_t>(size - 2);
  check({bytes + 2, length, length, 0, 1, link});
  check({bytes + 2, length / 2, length, 0, 1, link});
  return 0;
}

// What a spool keeps that hides its hosts: the same frames of others, and nothing that was not understood.
#include <algorithm>

#include <gtest/gtest.h>

#include "dataplane/capture_reader.h"
#include "dataplane/frame_tap.h"
#include "mgmt/privacy/hidden_frames.h"
#include "mgmt/privacy/hidden_wire_name.h"
#include "tests/support/captures.h"
#include "tests/support/packet_builder.h"
#include "wire/big_endian.h"
#include "wire/dns_records.h"

namespace tests {
namespace {

using mgmt::HiddenFrames;
using mgmt::Hiding;
using wire::Verdict;

mgmt::PrivacyKey key() {
  mgmt::PrivacyKey key;
  for (std::size_t i = 0; i < key.octets.size(); ++i) key.octets[i] = static_cast<std::uint8_t>(7 * i + 1);
  return key;
}

Hiding hiding() {
  static const auto list = std::make_shared<const matchers::PublicSuffixes>(matchers::PublicSuffixes::read());
  return {key(), list};
}

struct Decoded {
  explicit Decoded(const wire::Frame& frame) : verdict(wire::decode(frame, packet)) {}
  std::size_t payload_on_the_wire() const { return packet.payload.size() + packet.missing; }

  wire::Packet packet;
  Verdict verdict;
};

// RFC 1071, one octet after the other.
std::uint16_t ones_complement_sum(std::span<const std::uint8_t> octets, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    sum += i % 2 == 0 ? octets[i] << 8 : octets[i];
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

// Of whole frames; what of UDP and TCP is cut off counts as zeros.
void expect_right_checksums(const wire::Frame& frame, const Decoded& hidden) {
  const std::span<const std::uint8_t> ip(frame.bytes + 14, frame.length - 14);
  const bool v4 = ip[0] >> 4 == 4;
  const std::size_t header = v4 ? 20 : 40;
  if (v4) {
    EXPECT_EQ(ones_complement_sum(ip.first(header)), 0xFFFF);
  }
  const bool udp = hidden.verdict == Verdict::kDns;
  const bool tcp = hidden.verdict == Verdict::kDnsSegment || dataplane::is_syn(hidden.verdict);
  if (!udp && !tcp) return;
  const std::span<const std::uint8_t> addresses = v4 ? ip.subspan(12, 8) : ip.subspan(8, 32);
  const auto length = static_cast<std::uint32_t>(frame.wire_length - 14 - header);
  EXPECT_EQ(ones_complement_sum(ip.subspan(header),
                                ones_complement_sum(addresses) + (udp ? kUdp : kTcp) + length % 65536),
            0xFFFF);
}

// Header, questions and records of both, one beside the other.
void expect_same_message(std::span<const std::uint8_t> clear, std::span<const std::uint8_t> hidden,
                         Hiding& by) {
  ASSERT_TRUE(std::ranges::equal(clear.first(wire::kDnsHeaderOctets), hidden.first(wire::kDnsHeaderOctets)));
  const auto name = [&by](const wire::DnsName& of) { return mgmt::hidden_wire_name(of, by); };
  wire::DnsRecords clear_records(clear, wire::DnsSections::kAll),
      hidden_records(hidden, wire::DnsSections::kAll);
  wire::OwnedRecord was, is;
  while (clear_records.next(was)) {
    ASSERT_TRUE(hidden_records.next(is));
    EXPECT_EQ(wire::to_text(is.owner.wire()), wire::to_text(name(was.owner).wire()));
    EXPECT_EQ(is.record.type, was.record.type);
    EXPECT_EQ(is.record.ttl, was.record.ttl);
    EXPECT_EQ(is.dns_class, was.dns_class);
    const bool address = was.record.length == (was.record.type == 1 ? 4 : 16);
    if ((was.record.type == 1 || was.record.type == 28) && address && was.dns_class == 1) {
      EXPECT_EQ(wire::address_of(hidden, is.record), by.address(wire::address_of(clear, was.record)));
    }
    if (was.record.type == 5 || was.record.type == 15) {
      EXPECT_EQ(wire::to_text(wire::target_of(hidden, is.record).wire()),
                wire::to_text(name(wire::target_of(clear, was.record)).wire()));
    }
  }
  EXPECT_FALSE(hidden_records.next(is));
}

class OfCaptures : public testing::Test {
 protected:
  void compare(const wire::Frame& frame) {
    const Decoded clear(frame);
    const auto hidden_frame = frames_.of(frame);
    ASSERT_EQ(hidden_frame.has_value(), clear.packet.outer_ip != nullptr);
    if (!hidden_frame) return;
    ++hidden_;
    const Decoded hidden(*hidden_frame);
    EXPECT_EQ(hidden_frame->time_ns, frame.time_ns);
    EXPECT_EQ(hidden.packet.source, by_.address(clear.packet.source));
    EXPECT_EQ(hidden.packet.destination, by_.address(clear.packet.destination));
    EXPECT_NE(hidden.packet.destination, clear.packet.destination);
    EXPECT_EQ(hidden.packet.tunnels, 0);
    EXPECT_EQ(ones_complement_sum({hidden_frame->bytes, 12}), 0);
    expect_right_checksums(*hidden_frame, hidden);
    if (!dataplane::is_dns_or_syn(clear.verdict)) return;
    ASSERT_EQ(hidden.verdict, clear.verdict);
    if (clear.verdict == Verdict::kFragment) {
      compare_fragments(clear.packet, hidden.packet);
    } else {
      compare_flows(clear.packet, hidden.packet);
    }
    if (clear.verdict == Verdict::kDns) return compare_messages(clear, hidden);
    EXPECT_TRUE(hidden.packet.payload.empty());
    EXPECT_EQ(hidden.payload_on_the_wire(), clear.payload_on_the_wire());
  }

  std::size_t hidden_ = 0;
  std::size_t messages_ = 0;

 private:
  static void compare_flows(const wire::Packet& clear, const wire::Packet& hidden) {
    EXPECT_EQ(hidden.protocol, clear.protocol);
    EXPECT_EQ(hidden.source_port, clear.source_port);
    EXPECT_EQ(hidden.destination_port, clear.destination_port);
    EXPECT_EQ(hidden.tcp_flags, clear.tcp_flags);
    EXPECT_EQ(hidden.tcp_sequence, clear.tcp_sequence);
  }
  static void compare_fragments(const wire::Packet& clear, const wire::Packet& hidden) {
    EXPECT_EQ(hidden.fragment.protocol, clear.fragment.protocol);
    EXPECT_EQ(hidden.fragment.id, clear.fragment.id);
    EXPECT_EQ(hidden.fragment.offset, clear.fragment.offset);
    EXPECT_EQ(hidden.fragment.more, clear.fragment.more);
  }

  void compare_messages(const Decoded& clear, const Decoded& hidden) {
    const wire::DnsMessage was = clear_parser_.parse(clear.packet.payload);
    if (clear.packet.cut || was.fault != wire::DnsFault::kNone) {
      EXPECT_TRUE(hidden.packet.payload.empty());
      EXPECT_EQ(hidden.payload_on_the_wire(), clear.payload_on_the_wire());
      return;
    }
    ++messages_;
    EXPECT_FALSE(hidden.packet.cut);
    const wire::DnsMessage is = hidden_parser_.parse(hidden.packet.payload);
    EXPECT_EQ(is.fault, wire::DnsFault::kNone);
    EXPECT_EQ(is.qtype, was.qtype);
    EXPECT_EQ(is.rcode, was.rcode);
    EXPECT_EQ(is.edns, was.edns);
    EXPECT_EQ(is.udp_size, was.udp_size);
    EXPECT_EQ(is.has_data, was.has_data);
    if (was.qname.length > 0 && is.qname.length < 200) {
      EXPECT_EQ(wire::to_text(is.qname.wire()), by_.name(wire::to_text(was.qname.wire())));
    }
    expect_same_message(clear.packet.payload, hidden.packet.payload, by_);
  }

  HiddenFrames frames_{hiding()};
  Hiding by_ = hiding();
  wire::DnsParser clear_parser_;
  wire::DnsParser hidden_parser_;
};

TEST_F(OfCaptures, AreTheSameFramesOfOtherHosts) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(captures())) {
    const std::string extension = entry.path().extension().string();
    if (!entry.is_regular_file() || (extension != ".pcap" && extension != ".pcapng")) continue;
    SCOPED_TRACE(entry.path());
    dataplane::CaptureReader reader({entry.path().string()});
    for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
      for (const wire::Frame& frame : burst) compare(frame);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(hidden_, 3000U);
  EXPECT_GT(messages_, 200U);
}

const Bytes kSecret = text("geheim");

class HiddenFrame : public testing::Test {
 protected:
  // As the sensor decodes it then. `tells_all`: nothing of it is cut off.
  void expect_nothing_but_the_flow(const Bytes& bytes, Verdict verdict, bool tells_all = false) {
    ASSERT_NE(std::search(bytes.begin(), bytes.end(), kSecret.begin(), kSecret.end()), bytes.end());
    const auto hidden = frames_.of(frame_of(bytes));
    ASSERT_TRUE(hidden);
    const std::uint8_t* const end = hidden->bytes + hidden->length;
    EXPECT_EQ(std::search(hidden->bytes, end, kSecret.begin(), kSecret.end()), end);
    EXPECT_EQ(hidden->wire_length == hidden->length, tells_all);
    const Decoded decoded(*hidden);
    EXPECT_EQ(decoded.verdict, verdict);
    EXPECT_EQ(decoded.packet.source, by_.address(address("10.1.0.5")));
    EXPECT_EQ(decoded.packet.destination, by_.address(address("10.1.0.53")));
  }

  HiddenFrames frames_{hiding()};
  Hiding by_ = hiding();
};

Bytes from_client(std::uint8_t protocol, const Bytes& inner, const Bytes& options = {}) {
  return ethernet(kIpv4, ipv4(protocol, "10.1.0.5", "10.1.0.53", inner, {}, options));
}

Bytes query() {
  return be16(7) + be16(0x0100) + be16(1) + zeros(6) + Bytes{4} + text("wpad") + Bytes{0} + be16(1) + be16(1);
}

TEST_F(HiddenFrame, HasNothingThatWasNotUnderstood) {
  const Bytes options = text("geheim") + zeros(2);
  expect_nothing_but_the_flow(
      kSecret + kSecret + be16(kIpv4) + ipv4(kUdp, "10.1.0.5", "10.1.0.53", udp(4000, 53, query())),
      Verdict::kDns, true);
  expect_nothing_but_the_flow(from_client(kUdp, udp(4000, 53, query())) + kSecret, Verdict::kDns, true);
  expect_nothing_but_the_flow(from_client(kUdp, udp(4000, 53, query() + kSecret)), Verdict::kDns, true);
  expect_nothing_but_the_flow(from_client(kUdp, udp(4000, 53, query()), options), Verdict::kDns, true);
  expect_nothing_but_the_flow(from_client(kUdp, udp(4000, 53, kSecret)), Verdict::kDns);
  expect_nothing_but_the_flow(from_client(kUdp, udp(4000, 53, kSecret + query())), Verdict::kDns);
  expect_nothing_but_the_flow(from_client(kTcp, tcp(4000, 53, wire::kAck, 9, kSecret)), Verdict::kDnsSegment);
  expect_nothing_but_the_flow(from_client(kTcp, tcp(4000, 25, wire::kSynFlag, 9, {}, options)), Verdict::kSyn,
                              true);
  expect_nothing_but_the_flow(from_client(kTcp, tcp(4000, 25, wire::kSynFlag, 9, kSecret)), Verdict::kSyn);
  expect_nothing_but_the_flow(
      ethernet(kIpv4, ipv4(kUdp, "10.1.0.5", "10.1.0.53", udp(4000, 53, kSecret), {.id = 7, .more = true})),
      Verdict::kFragment);
  expect_nothing_but_the_flow(from_client(1, kSecret), Verdict::kIcmp);
}

TEST_F(HiddenFrame, IsOfWhatIsInsideATunnel) {
  const Bytes inner = ipv4(kUdp, "10.1.0.5", "10.1.0.53", udp(4000, 53, query()));
  expect_nothing_but_the_flow(ethernet(0x8100, tag(kIpv4, inner)) + kSecret, Verdict::kDns, true);
  expect_nothing_but_the_flow(
      ethernet(kIpv6, ipv6(60, "2001:db8::1", "2001:db8::2", Bytes{4, 0} + kSecret + inner)), Verdict::kDns,
      true);
}

TEST_F(HiddenFrame, WithoutAnAddressThereIsNone) {
  EXPECT_FALSE(frames_.of(frame_of(ethernet(0x0806, zeros(28)))));
  EXPECT_FALSE(frames_.of(frame_of({})));
}

// As snap_length cuts it; the rest was on the wire.
TEST_F(HiddenFrame, OfWhichTheCaptureHasOnlyABeginningIsCutToo) {
  const Bytes payload = query() + zeros(4);  // which do not belong to the message
  const Bytes whole = from_client(kUdp, udp(4000, 53, payload));
  for (std::uint32_t length = 0; length <= whole.size(); ++length) {
    wire::Frame frame = frame_of(whole);
    frame.length = length;
    const auto hidden = frames_.of(frame);
    ASSERT_EQ(hidden.has_value(), length >= 34) << length;
    if (!hidden) continue;
    const Decoded decoded(*hidden);
    EXPECT_EQ(decoded.verdict, length < 42 ? Verdict::kTruncated : Verdict::kDns) << length;
    EXPECT_EQ(hidden->length < hidden->wire_length, length < whole.size());
    if (decoded.verdict == Verdict::kDns && length < whole.size()) {
      EXPECT_TRUE(decoded.packet.payload.empty());
      EXPECT_EQ(decoded.payload_on_the_wire(), payload.size());
    }
  }
}

// Names that were compressed and no longer fit a datagram.
TEST_F(HiddenFrame, ThatBecomesTooLongIsCutBehindAWholeRecord) {
  Bytes message = be16(7) + be16(0x8180) + be16(1) + be16(2500) + zeros(4);
  for (int i = 0; i < 40; ++i) message = message + Bytes{1, static_cast<std::uint8_t>('a' + i % 26)};
  message = message + Bytes{3} + text("com") + Bytes{0} + be16(5) + be16(1);
  for (int i = 0; i < 2500; ++i)
    message = message + be16(0xC00C) + be16(5) + be16(1) + zeros(4) + be16(2) +
              be16(static_cast<std::size_t>(0xC00E + 2 * (i % 2)));
  const Bytes bytes = from_client(kUdp, udp(53, 4000, message));
  const auto hidden = frames_.of(frame_of(bytes));
  ASSERT_TRUE(hidden);
  EXPECT_LT(hidden->length, hidden->wire_length);
  EXPECT_GT(hidden->length, 65'000U);
  EXPECT_EQ(hidden->wire_length, 14U + 65'535U);
  const Decoded decoded(*hidden);
  EXPECT_EQ(decoded.verdict, Verdict::kDns);
  EXPECT_TRUE(decoded.packet.cut);
  wire::DnsParser parser;
  EXPECT_EQ(parser.parse(decoded.packet.payload).fault, wire::DnsFault::kEndsEarly);
  EXPECT_GT(parser.parse(decoded.packet.payload).records_read, 200U);
}

}  // namespace
}  // namespace tests

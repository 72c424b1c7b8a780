#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dataplane/traffic/trace.h"
#include "tests/support/packet_builder.h"
#include "wire/glance.h"

namespace wire {
namespace {

using namespace tests;
using dataplane::traffic::FrameKind;

constexpr char kClient[] = "192.0.2.1";
constexpr char kServer[] = "198.51.100.2";
constexpr char kClient6[] = "2001:db8::1";
constexpr char kServer6[] = "2001:db8::2";
constexpr std::uint8_t kAckOnly = 0x10;
constexpr std::uint16_t kAnyPort = 443;

// Which of the two glances is used depends on the processor; they never differ.
Glance both_glances(const Frame& frame) {
  EXPECT_EQ(octet_glance(frame), glance(frame));
  return glance(frame);
}

// All that is read is a copy of exactly this size: the address sanitizer sees a read beyond it, if it knows
// the instruction.
Glance glance_of(const Bytes& bytes, LinkType link = LinkType::kEthernet) {
  const Bytes exact(bytes.begin(), bytes.end());
  return both_glances(frame_of(exact, link));
}

Verdict verdict_of(const Frame& frame) {
  Packet packet;
  return decode(frame, packet);
}

Bytes ip4(std::uint8_t protocol, const Bytes& inner) {
  return ipv4(protocol, kClient, kServer, inner);
}
Bytes ip6(std::uint8_t protocol, const Bytes& inner) {
  return ipv6(protocol, kClient6, kServer6, inner);
}
Bytes segment(std::uint16_t from = 4000, std::uint16_t to = kAnyPort, std::uint8_t flags = kAckOnly) {
  return tcp(from, to, flags);
}
Bytes datagram(std::uint16_t from = 4000, std::uint16_t to = kAnyPort, const Bytes& payload = zeros(20)) {
  return udp(from, to, payload);
}

// An octet of the frame set to something else.
Bytes with(Bytes bytes, std::size_t at, std::uint8_t octet) {
  bytes.at(at) = octet;
  return bytes;
}

constexpr std::size_t kIp = 14;
constexpr std::size_t kTransport = kIp + 20;

std::vector<Bytes> wrapped(std::uint8_t protocol, const Bytes& inner) {
  return {ethernet(kIpv4, ip4(protocol, inner)), ethernet(kIpv6, ip6(protocol, inner)),
          ethernet(0x8100, tag(kIpv4, ip4(protocol, inner))),
          ethernet(0x8100, tag(kIpv6, ip6(protocol, inner)))};
}

TEST(Glance, TellsPlainTcpAndUdpOfBothFamiliesWithATagOrWithout) {
  for (const Bytes& frame : wrapped(kTcp, segment())) EXPECT_EQ(glance_of(frame), Glance::kTcpOther);
  for (const Bytes& frame : wrapped(kUdp, datagram())) EXPECT_EQ(glance_of(frame), Glance::kUdpOther);
  for (const Bytes& frame : wrapped(kTcp, segment() + zeros(1000)))
    EXPECT_EQ(glance_of(frame), Glance::kTcpOther);
}

TEST(Glance, LooksCloserAtWhatSaysSomething) {
  for (const std::uint16_t port : {53, 4789, 4790, 6081, 2152, 3544, 0}) {
    for (const Bytes& inner : {datagram(4000, port), datagram(port, 4000)}) {
      for (const Bytes& frame : wrapped(kUdp, inner))
        EXPECT_EQ(glance_of(frame), Glance::kLookCloser) << port;
    }
  }
  for (const Bytes& inner : {segment(4000, 53), segment(53, 4000), segment(4000, kAnyPort, kSynFlag),
                             segment(4000, kAnyPort, kSynFlag | kAck)}) {
    for (const Bytes& frame : wrapped(kTcp, inner)) EXPECT_EQ(glance_of(frame), Glance::kLookCloser);
  }
  const Bytes initial = Bytes{0xC3, 0, 0, 0, 1, 8} + zeros(1194);
  for (const Bytes& frame : wrapped(kUdp, datagram(4000, kAnyPort, initial)))
    EXPECT_EQ(glance_of(frame), Glance::kLookCloser);
}

TEST(Glance, LooksCloserAtWhatIsNotPlain) {
  const std::vector<Bytes> frames = {
      ethernet(0x0806, zeros(60)),
      ethernet(0x8100, tag(0x8100, tag(kIpv4, ip4(kTcp, segment())))),
      ethernet(0x88A8, tag(kIpv4, ip4(kTcp, segment()))),
      ethernet(kIpv4, ipv4(kTcp, kClient, kServer, segment(), {}, zeros(4))),
      ethernet(kIpv4, ipv4(kTcp, kClient, kServer, segment(), {.id = 7, .offset = 64})),
      ethernet(kIpv4, ipv4(kTcp, kClient, kServer, segment(), {.id = 7, .more = true})),
      ethernet(kIpv6, ip6(0, ipv6_option(kTcp, segment()))),
      ethernet(kIpv6, ip6(44, ipv6_fragment(kTcp, 7, 0, true, segment()))),
      ethernet(kIpv4, ip4(47, zeros(40))),
      ethernet(kIpv4, ip6(kTcp, segment())),
      ethernet(kIpv6, ip4(kTcp, segment() + zeros(20))),
      with(ethernet(kIpv4, ip4(kTcp, segment())), kTransport + 12, 0x4F),  // a header of 16 octets
      with(ethernet(kIpv4, ip4(kTcp, segment())), kIp + 3, 39),            // one octet short of TCP's header
      with(ethernet(kIpv4, ip4(kTcp, segment())), kIp + 3, 0),             // no length: segmentation offload
      with(ethernet(kIpv6, ip6(kTcp, segment())), kIp + 5, 19),
      with(ethernet(kIpv4, ip4(kUdp, datagram())), kTransport + 5, 7),  // less than UDP's header
  };
  for (std::size_t i = 0; i < frames.size(); ++i)
    EXPECT_EQ(glance_of(frames[i]), Glance::kLookCloser) << "frame " << i;
  EXPECT_EQ(glance_of(ethernet(kIpv4, ip4(kTcp, segment())), LinkType::kRaw), Glance::kLookCloser);
}

// Whatever the decoder makes of a port, a glance does not pass over it.
TEST(Glance, AgreesWithTheDecoderOnEveryPort) {
  for (unsigned port = 0; port <= 0xFFFF; ++port) {
    const auto number = static_cast<std::uint16_t>(port);
    for (const Bytes& bytes : {ethernet(kIpv4, ip4(kTcp, segment(4000, number))),
                               ethernet(kIpv4, ip4(kTcp, segment(number, 4000))),
                               ethernet(kIpv4, ip4(kUdp, datagram(4000, number))),
                               ethernet(kIpv4, ip4(kUdp, datagram(number, 4000)))}) {
      const Frame frame = frame_of(bytes);
      const Glance seen = both_glances(frame);
      if (seen == Glance::kLookCloser) continue;
      ASSERT_EQ(name_of(verdict_of(frame)), seen == Glance::kTcpOther ? "tcp_other" : "udp_other") << port;
    }
  }
}

// What it tells of a frame, cut anywhere and with any of its octets changed, the decoder says too.
TEST(Glance, NeverContradictsTheDecoder) {
  std::mt19937 random(1);
  std::vector<Bytes> seeds;
  for (const Bytes& inner : {segment(), segment(4000, 53), segment(4000, kAnyPort, kSynFlag)}) {
    for (const Bytes& frame : wrapped(kTcp, inner)) seeds.push_back(frame);
  }
  for (const Bytes& inner : {datagram(), datagram(53, 4000), datagram(4000, 4789, zeros(60))}) {
    for (const Bytes& frame : wrapped(kUdp, inner)) seeds.push_back(frame);
  }
  std::array<int, 3> told{};
  for (int round = 0; round < 100'000; ++round) {
    Bytes bytes = seeds[random() % seeds.size()];
    for (std::size_t changes = random() % 4; changes > 0; --changes) {
      const std::size_t at =
          random() % 3 == 0 ? random() % bytes.size() : 12 + random() % (bytes.size() - 12);
      bytes[at] = static_cast<std::uint8_t>(random() % 2 == 0 ? random() : bytes[at] ^ 1U << random() % 8);
    }
    const auto wire_length = static_cast<std::uint32_t>(bytes.size());
    if (random() % 3 == 0) bytes.resize(random() % (bytes.size() + 1));
    const Bytes exact(bytes.begin(), bytes.end());
    Frame frame = frame_of(exact);
    frame.wire_length = wire_length;
    const Glance seen = both_glances(frame);
    ++told[static_cast<std::size_t>(seen)];
    if (seen == Glance::kLookCloser) continue;
    ASSERT_EQ(name_of(verdict_of(frame)), seen == Glance::kTcpOther ? "tcp_other" : "udp_other") << round;
  }
  for (const int count : told) EXPECT_GT(count, 5'000);
}

// Also where nobody but the processor would notice: behind these frames is a page that must not be touched.
TEST(Glance, ReadsNothingBehindAFrame) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const pages = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  std::uint8_t* const end = static_cast<std::uint8_t*>(pages) + page;
  ASSERT_EQ(mprotect(end, page, PROT_NONE), 0);
  for (const Bytes& whole : wrapped(kTcp, segment())) {
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      const auto octets = static_cast<std::uint32_t>(length);
      const Frame frame = {.bytes = std::copy_n(whole.begin(), length, end - length) - length,
                           .length = octets,
                           .wire_length = octets};
      const bool flags_seen = length + (kTcpHeader - kTcpFlagsEnd) >= whole.size();
      EXPECT_EQ(both_glances(frame), flags_seen ? Glance::kTcpOther : Glance::kLookCloser) << length;
    }
  }
  munmap(pages, 2 * page);
}

// Else it would be for nothing.
TEST(Glance, TellsAllOfOrdinaryTrafficThatSaysNothing) {
  dataplane::traffic::Trace trace(dataplane::traffic::Mix::kCoreMix, 7);
  for (int i = 0; i < 20'000; ++i) {
    const dataplane::traffic::TraceFrame frame = trace.next();
    const Glance expected = frame.kind == FrameKind::kTcpPayload   ? Glance::kTcpOther
                            : frame.kind == FrameKind::kUdpPayload ? Glance::kUdpOther
                                                                   : Glance::kLookCloser;
    const Bytes bytes(frame.bytes.begin(), frame.bytes.end());
    ASSERT_EQ(glance_of(bytes), expected) << i;
  }
}

}  // namespace
}  // namespace wire

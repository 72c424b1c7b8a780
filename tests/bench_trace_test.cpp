#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include "bench/pcap_writer.h"
#include "dataplane/traffic/flood.h"
#include "dataplane/traffic/trace.h"

namespace bench {
namespace {

using namespace dataplane::traffic;

constexpr int kFrames = 300'000;

// libpcap's opinion of a frame, VLAN tag or not.
class Filter {
 public:
  explicit Filter(const std::string& expression) {
    pcap_t* const dead = pcap_open_dead(DLT_EN10MB, 65535);
    const std::string either = "(" + expression + ") or (vlan and (" + expression + "))";
    EXPECT_EQ(pcap_compile(dead, &program_, either.c_str(), 1, PCAP_NETMASK_UNKNOWN), 0) << pcap_geterr(dead);
    pcap_close(dead);
  }
  ~Filter() { pcap_freecode(&program_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  bool matches(const TraceFrame& frame) const {
    pcap_pkthdr header = {};
    header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
    header.len = frame.wire_length;
    return pcap_offline_filter(&program_, &header, frame.bytes.data()) != 0;
  }

 private:
  bpf_program program_ = {};
};

const std::string kTcpFlagsV4 = "tcp[tcpflags] & (tcp-syn|tcp-ack)";
const std::string kTcpFlagsV6 = "ip6[6] == 6 and ip6[53] & 0x12";

std::string tcp_flags(const std::string& relation) {
  return "(" + kTcpFlagsV4 + relation + ") or (" + kTcpFlagsV6 + relation + ")";
}

double share(std::uint64_t count) {
  return 1.0 * static_cast<double>(count) / kFrames;
}

// FNV-1a.
std::uint64_t fingerprint(Mix mix, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325;
  const auto add = [&hash](std::uint64_t octet) { hash = (hash ^ octet) * 0x100000001B3; };
  Trace trace(mix, seed);
  for (int i = 0; i < 100'000; ++i) {
    const TraceFrame frame = trace.next();
    for (int shift = 0; shift < 64; shift += 8)
      add(static_cast<std::uint64_t>(frame.time_ns) >> shift & 0xFF);
    add(frame.wire_length & 0xFF);
    for (const std::uint8_t octet : frame.bytes) add(octet);
  }
  return hash;
}

// The IP header's octets, its family, and the transport header behind it.
struct Layers {
  explicit Layers(const TraceFrame& frame)
      : ip(frame.bytes.subspan(frame.vlan ? 18 : 14)),
        source(ip.subspan(frame.ipv6 ? 8 : 12, frame.ipv6 ? 16 : 4)),
        destination(ip.subspan(frame.ipv6 ? 24 : 16, frame.ipv6 ? 16 : 4)),
        transport(ip.subspan(frame.ipv6 ? 40 : 20)) {}

  std::span<const std::uint8_t> dns() const {
    return transport.subspan(8, static_cast<std::size_t>(transport[4] << 8 | transport[5]) - 8);
  }
  std::span<const std::uint8_t> ip;
  std::span<const std::uint8_t> source;
  std::span<const std::uint8_t> destination;
  std::span<const std::uint8_t> transport;
};

std::string text(std::span<const std::uint8_t> octets) {
  return {octets.begin(), octets.end()};
}

// glibc's resolver is the judge of DNS messages. Calls sink(record) for each record of the answer section.
template <class Sink>
void read_with_libresolv(std::span<const std::uint8_t> message, Sink&& sink) {
  ns_msg handle;
  ASSERT_EQ(ns_initparse(message.data(), static_cast<int>(message.size()), &handle), 0);
  ASSERT_EQ(ns_msg_count(handle, ns_s_qd), 1);
  for (const ns_sect section : {ns_s_an, ns_s_ns, ns_s_ar}) {
    for (int i = 0; i < ns_msg_count(handle, section); ++i) {
      ns_rr record;
      ASSERT_EQ(ns_parserr(&handle, section, i, &record), 0) << "section " << section << " record " << i;
      char target[NS_MAXDNAME];
      if (ns_rr_type(record) == ns_t_cname || ns_rr_type(record) == ns_t_ptr) {
        ASSERT_GT(ns_name_uncompress(ns_msg_base(handle), ns_msg_end(handle), ns_rr_rdata(record), target,
                                     sizeof target),
                  0);
      }
      if (section == ns_s_an) sink(record);
    }
  }
}

TEST(Trace, SameSeedGivesTheSameBytesOnEveryMachine) {
  EXPECT_EQ(fingerprint(Mix::kCoreMix, kDefaultSeed), 4126692840890621141U);
  EXPECT_EQ(fingerprint(Mix::kDnsSyn, kDefaultSeed), 5929490331511676749U);
  EXPECT_EQ(fingerprint(Mix::kDnsOnly, kDefaultSeed), 4609719314960926932U);
  EXPECT_EQ(fingerprint(Mix::kSynFlood, kDefaultSeed), 915431617012536903U);
  EXPECT_EQ(fingerprint(Mix::kPlain, kDefaultSeed), 14527243889190542835U);
  EXPECT_EQ(fingerprint(Mix::kImix, kDefaultSeed), 12416212312433371511U);
  EXPECT_EQ(fingerprint(Mix::kDnsFlood, kDefaultSeed), 10985442975871739167U);
  EXPECT_NE(fingerprint(Mix::kCoreMix, 2), fingerprint(Mix::kCoreMix, kDefaultSeed));
}

TEST(Trace, EachFrameIsOfTheKindThatLibpcapSees) {
  const Filter query("udp dst port 53");
  const Filter response("udp src port 53");
  const Filter syn(tcp_flags(" == 0x02"));
  const Filter syn_ack(tcp_flags(" == 0x12"));
  const Filter ipv6("ip6");
  Trace trace(Mix::kCoreMix);
  for (int i = 0; i < kFrames; ++i) {
    const TraceFrame frame = trace.next();
    ASSERT_EQ(frame.kind == FrameKind::kQuery, query.matches(frame)) << "frame " << i;
    ASSERT_EQ(frame.kind == FrameKind::kResponse, response.matches(frame)) << "frame " << i;
    ASSERT_EQ(frame.kind == FrameKind::kSyn, syn.matches(frame)) << "frame " << i;
    ASSERT_EQ(frame.kind == FrameKind::kSynAck, syn_ack.matches(frame)) << "frame " << i;
    ASSERT_EQ(frame.ipv6, ipv6.matches(frame)) << "frame " << i;
  }
}

struct Shares {
  Mix mix;
  double query, response, syn, syn_and_ack, ipv6, vlan;
};

class TraceShares : public testing::TestWithParam<Shares> {};

TEST_P(TraceShares, AreThoseOfTheMix) {
  Trace trace(GetParam().mix);
  std::map<FrameKind, std::uint64_t> kinds;
  std::uint64_t ipv6 = 0;
  std::uint64_t vlan = 0;
  for (int i = 0; i < kFrames; ++i) {
    const TraceFrame frame = trace.next();
    ++kinds[frame.kind];
    ipv6 += frame.ipv6;
    vlan += frame.vlan;
  }
  constexpr double kWithin = 0.004;
  EXPECT_NEAR(share(kinds[FrameKind::kQuery]), GetParam().query, kWithin);
  EXPECT_NEAR(share(kinds[FrameKind::kResponse]), GetParam().response, kWithin);
  EXPECT_NEAR(share(kinds[FrameKind::kSyn]), GetParam().syn, kWithin);
  EXPECT_NEAR(share(kinds[FrameKind::kSyn] + kinds[FrameKind::kSynAck]), GetParam().syn_and_ack, kWithin);
  EXPECT_NEAR(share(ipv6), GetParam().ipv6, kWithin);
  EXPECT_NEAR(share(vlan), GetParam().vlan, kWithin);
}

INSTANTIATE_TEST_SUITE_P(EachMix, TraceShares,
                         testing::Values(Shares{Mix::kCoreMix, 0.05, 0.05, 0.021, 0.04, 0.10, 0.05},
                                         Shares{Mix::kDnsSyn, 0.375, 0.375, 0.25, 0.25, 0.10, 0.05},
                                         Shares{Mix::kDnsOnly, 0.5, 0.5, 0, 0, 0.10, 0.05},
                                         Shares{Mix::kSynFlood, 0, 0, 1, 1, 0, 0},
                                         Shares{Mix::kPlain, 0, 0, 0, 0, 0, 0},
                                         Shares{Mix::kImix, 0, 0, 0, 0, 0, 0},
                                         Shares{Mix::kDnsFlood, 1, 0, 0, 0, 0, 0}),
                         [](const auto& shares) {
                           std::string name(kMixNames[static_cast<std::size_t>(shares.param.mix)]);
                           std::erase(name, '-');
                           return "Of" + name;
                         });

TEST(Trace, OnlyPayloadIsCutAndTheWireLengthStays) {
  Trace cut(Mix::kCoreMix);
  Trace whole(Mix::kCoreMix, kDefaultSeed, 2000);
  for (int i = 0; i < kFrames; ++i) {
    const TraceFrame frame = cut.next();
    const bool payload = frame.kind == FrameKind::kTcpPayload || frame.kind == FrameKind::kUdpPayload;
    ASSERT_EQ(frame.bytes.size(), payload ? std::min(frame.wire_length, kDefaultSnap) : frame.wire_length);
    ASSERT_GE(frame.wire_length, 60U);
    ASSERT_LE(frame.wire_length, 1518U);
    ASSERT_EQ(whole.next().bytes.size(), frame.wire_length);
  }
}

TEST(Trace, SizesOfTheMixesWithoutPayloadOfTheirOwn) {
  Trace plain(Mix::kPlain, kDefaultSeed, 2000, 700);
  for (int i = 0; i < 1000; ++i) {
    const TraceFrame frame = plain.next();
    ASSERT_EQ(frame.wire_length + kFrameCheckOctets, 700U);
    ASSERT_EQ(frame.bytes.size(), frame.wire_length);
  }
  Trace imix(Mix::kImix);
  std::map<std::uint32_t, int> sizes;
  for (int i = 0; i < kFrames; ++i) ++sizes[imix.next().wire_length + kFrameCheckOctets];
  ASSERT_EQ(sizes.size(), 3U);
  EXPECT_NEAR(share(sizes[64]), 7.0 / 12, 0.004);
  EXPECT_NEAR(share(sizes[570]), 4.0 / 12, 0.004);
  EXPECT_NEAR(share(sizes[1518]), 1.0 / 12, 0.004);
}

TEST(Trace, PlainFramesAreOfManyFlows) {
  Trace plain(Mix::kPlain);
  std::set<std::pair<std::string, std::string>> flows;
  for (int i = 0; i < kFrames; ++i) {
    const Layers layers(plain.next());
    flows.emplace(text(layers.source), text(layers.destination));
  }
  EXPECT_GT(flows.size(), 100'000U);
}

std::vector<std::uint32_t> sorted_flood_sources() {
  std::vector<std::uint32_t> sources(kFloodSources);
  for (std::uint32_t nth = 0; nth < kFloodSources; ++nth) sources[nth] = flood_source(nth);
  std::ranges::sort(sources);
  return sources;
}

TEST(Flood, TenMillionSourcesAreTenMillionUnicastAddresses) {
  const std::vector<std::uint32_t> sources = sorted_flood_sources();
  EXPECT_EQ(std::ranges::adjacent_find(sources), sources.end());
  EXPECT_EQ(sources.front() >> 24, 1U);
  EXPECT_EQ(sources.back() >> 24, 223U);
}

TEST(Flood, AQueryComesFromOneOfThem) {
  const std::vector<std::uint32_t> sources = sorted_flood_sources();
  std::set<std::string> seen;
  Trace trace(Mix::kDnsFlood);
  for (int i = 0; i < 20'000; ++i) {
    const Layers layers(trace.next());
    const std::uint32_t source = static_cast<std::uint32_t>(layers.source[0]) << 24 | layers.source[1] << 16 |
                                 layers.source[2] << 8 | layers.source[3];
    ASSERT_TRUE(std::ranges::binary_search(sources, source)) << source;
    seen.insert(text(layers.source));
  }
  EXPECT_GT(seen.size(), 19'900U);
}

TEST(Trace, TimeNeverGoesBackAndAMillionFramesTakeASecond) {
  Trace trace(Mix::kCoreMix);
  const std::int64_t first = trace.next().time_ns;
  std::int64_t last = first;
  for (int i = 1; i < kFrames; ++i) {
    const std::int64_t time = trace.next().time_ns;
    ASSERT_GE(time, last);
    last = time;
  }
  EXPECT_NEAR(static_cast<double>(last - first), 1e9 * kFrames / 1e6, 5e6);
}

TEST(Trace, EveryDnsMessageIsOneThatGlibcCanRead) {
  Trace trace(Mix::kDnsOnly);
  std::map<int, int> records;
  for (int i = 0; i < 50'000; ++i) {
    read_with_libresolv(Layers(trace.next()).dns(),
                        [&](const ns_rr& record) { ++records[ns_rr_type(record)]; });
    ASSERT_FALSE(HasFatalFailure()) << "frame " << i;
  }
  for (const int type : {1, 5, 12, 15, 16, 28, 65})
    EXPECT_GT(records[type], 100) << "records of type " << type;
}

TEST(Trace, AResponseGoesToWhoAskedFiveToFortyMillisecondsLater) {
  Trace trace(Mix::kDnsSyn);
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> asked;  // client, port, id
  int answered = 0;
  for (int i = 0; i < kFrames; ++i) {
    const TraceFrame frame = trace.next();
    const Layers layers(frame);
    if (frame.kind == FrameKind::kQuery) {
      asked[{text(layers.source), text(layers.transport.subspan(0, 2)), text(layers.dns().first(2))}] =
          frame.time_ns;
    } else if (frame.kind == FrameKind::kResponse && i > 50'000) {  // By then its query was in the trace.
      const auto query = asked.find(
          {text(layers.destination), text(layers.transport.subspan(2, 2)), text(layers.dns().first(2))});
      ASSERT_NE(query, asked.end()) << "frame " << i;
      ASSERT_GE(frame.time_ns - query->second, 5'000'000);
      ASSERT_LE(frame.time_ns - query->second, 41'000'000);  // It may wait for its turn.
      ++answered;
    }
  }
  EXPECT_GT(answered, 80'000);
}

TEST(Trace, ASynThatFollowsAnAnswerGoesToAnAddressThatItsClientWasTold) {
  Trace trace(Mix::kDnsSyn);
  std::set<std::pair<std::string, std::string>> told;  // client, address
  int following = 0;
  int known = 0;
  for (int i = 0; i < 2 * kFrames; ++i) {
    const TraceFrame frame = trace.next();
    const Layers layers(frame);
    if (frame.kind == FrameKind::kResponse) {
      read_with_libresolv(layers.dns(), [&](const ns_rr& record) {
        if (ns_rr_type(record) != ns_t_a && ns_rr_type(record) != ns_t_aaaa) return;
        told.emplace(text(layers.destination), text({ns_rr_rdata(record), ns_rr_rdlen(record)}));
      });
    } else if (frame.follows_answer && i > kFrames) {
      ++following;
      known += static_cast<int>(told.count({text(layers.source), text(layers.destination)}));
    }
  }
  EXPECT_GT(following, 20'000);
  EXPECT_GT(known, 0.97 * following);  // exp(-300 ms / 80 ms) were told before the trace began.
}

std::uint32_t sum_of_words(std::span<const std::uint8_t> octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) sum += i % 2 == 0 ? octets[i] << 8U : octets[i];
  return sum;
}

// RFC 1071: with the checksum in place, all words add up to FFFF.
TEST(Trace, ChecksumsOfWholeFramesAreRight) {
  Trace trace(Mix::kCoreMix, kDefaultSeed, 2000);
  for (int i = 0; i < 50'000; ++i) {
    const TraceFrame frame = trace.next();
    const Layers layers(frame);
    const auto ip_header = layers.ip.first(frame.ipv6 ? 0 : 20);  // IPv6 has no checksum of its own.
    ASSERT_EQ(sum_of_words(ip_header) % 0xFFFF, 0U) << "frame " << i;
    const std::uint32_t octets =
        frame.ipv6 ? layers.ip[4] << 8U | layers.ip[5] : (layers.ip[2] << 8U | layers.ip[3]) - 20U;
    const std::uint32_t pseudo = sum_of_words(layers.source) + sum_of_words(layers.destination) + octets +
                                 layers.ip[frame.ipv6 ? 6 : 9];
    ASSERT_EQ((pseudo + sum_of_words(layers.transport.first(octets))) % 0xFFFF, 0U) << "frame " << i;
  }
}

TEST(PcapWriter, LibpcapReadsBackWhatWasWritten) {
  constexpr std::int64_t kApartNs = 10'000'000;  // So that seconds go by.
  const std::string path = testing::TempDir() + "bench_trace_test.pcap";
  {
    PcapWriter file(path);
    Trace trace(Mix::kCoreMix);
    for (std::int64_t i = 0; i < 1000; ++i) {
      const TraceFrame frame = trace.next();
      file.write(frame.time_ns + i * kApartNs, frame.wire_length, frame.bytes);
    }
    file.close();
  }
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* const capture = pcap_open_offline(path.c_str(), error);
  ASSERT_NE(capture, nullptr) << error;
  Trace trace(Mix::kCoreMix);
  pcap_pkthdr* header;
  const u_char* bytes;
  for (std::int64_t i = 0; i < 1000; ++i) {
    const TraceFrame frame = trace.next();
    ASSERT_EQ(pcap_next_ex(capture, &header, &bytes), 1);
    EXPECT_EQ(header->ts.tv_sec * 1'000'000 + header->ts.tv_usec, (frame.time_ns + i * kApartNs) / 1000);
    EXPECT_EQ(header->len, frame.wire_length);
    EXPECT_EQ(text({bytes, header->caplen}), text(frame.bytes));
  }
  EXPECT_EQ(pcap_next_ex(capture, &header, &bytes), PCAP_ERROR_BREAK);
  pcap_close(capture);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace bench

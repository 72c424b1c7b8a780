#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "dataplane/dns_streams.h"

namespace dataplane {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint16_t kClientPort = 40000;

wire::Address host(std::uint32_t number) {
  const std::uint8_t bytes[] = {10, static_cast<std::uint8_t>(number >> 16),
                                static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
  return wire::Address::v4(bytes);
}

// A message of `size` octets: the header of a query or a response with one question, the rest is filled.
Bytes message(std::uint16_t id, std::size_t size, bool response = false) {
  Bytes octets(size, static_cast<std::uint8_t>(0xC0 | id));
  const std::array<std::uint8_t, 12> header = {static_cast<std::uint8_t>(id >> 8),
                                               static_cast<std::uint8_t>(id),
                                               static_cast<std::uint8_t>(response ? 0x80 : 1),
                                               0,
                                               0,
                                               1,
                                               0,
                                               0,
                                               0,
                                               0,
                                               0,
                                               0};
  std::copy_n(header.begin(), std::min(size, header.size()), octets.begin());
  return octets;
}

// As the stream carries them, each with its length in front.
Bytes stream_of(const std::vector<Bytes>& messages) {
  Bytes stream;
  for (const Bytes& octets : messages) {
    stream.push_back(static_cast<std::uint8_t>(octets.size() >> 8));
    stream.push_back(static_cast<std::uint8_t>(octets.size()));
    stream.insert(stream.end(), octets.begin(), octets.end());
  }
  return stream;
}

Bytes slice(const Bytes& bytes, std::size_t from, std::size_t to = ~std::size_t{0}) {
  to = std::min(to, bytes.size());
  return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from),
               bytes.begin() + static_cast<std::ptrdiff_t>(to));
}

class Streams : public testing::Test {
 protected:
  // The client's direction of one connection; its first octet has number `first_`.
  wire::Packet segment(std::uint32_t offset, const Bytes& octets, std::uint8_t flags = wire::kAck) const {
    wire::Packet packet;
    packet.source = client_;
    packet.destination = host(53);
    packet.source_port = kClientPort;
    packet.destination_port = wire::kDnsPort;
    packet.protocol = wire::kProtocolTcp;
    packet.tcp_sequence = first_ + offset;
    packet.tcp_flags = flags;
    packet.payload = octets;
    return packet;
  }
  wire::Packet syn() const { return segment(static_cast<std::uint32_t>(-1), {}, wire::kSynFlag); }

  std::vector<Bytes> take(DnsStreams& streams, const wire::Packet& packet, std::int64_t time_ns = 0) {
    std::vector<Bytes> messages;
    streams.take(packet, time_ns, [&](const DnsStreamMessage& got) {
      messages.emplace_back(got.octets.begin(), got.octets.end());
      cuts_ += got.cut;
    });
    return messages;
  }
  std::vector<Bytes> take(const wire::Packet& packet, std::int64_t time_ns = 0) {
    return take(streams_, packet, time_ns);
  }

  std::uint32_t first_ = 1000;
  wire::Address client_ = host(1);
  const Bytes a_ = message(1, 30);
  const Bytes b_ = message(2, 40);
  const Bytes c_ = message(3, 50);
  const Bytes stream_ = stream_of({a_, b_, c_});
  int cuts_ = 0;
  Ledger ledger_;
  DnsStreams streams_{ledger_};
};

using Messages = std::vector<Bytes>;

TEST_F(Streams, AMessageInOneSegmentIsHandedOutWhereItLies) {
  take(syn());
  const Bytes stream = stream_of({a_});
  int messages = 0;
  streams_.take(segment(0, stream), 0, [&](const DnsStreamMessage& got) {
    EXPECT_EQ(got.octets.data(), stream.data() + 2) << "no copy";
    EXPECT_EQ(got.octets.size(), a_.size());
    ++messages;
  });
  EXPECT_EQ(messages, 1);
}

TEST_F(Streams, SeveralMessagesOfOneSegmentComeInTheirOrder) {
  take(syn());
  EXPECT_EQ(take(segment(0, stream_)), (Messages{a_, b_, c_}));
}

TEST_F(Streams, TheLongestMessageComesWithItsLastSegment) {
  take(syn());
  const Bytes longest = message(7, 65535);
  const Bytes stream = stream_of({longest});
  std::size_t at = 0;
  for (; at + 1448 < stream.size(); at += 1448)
    ASSERT_EQ(take(segment(static_cast<std::uint32_t>(at), slice(stream, at, at + 1448))), Messages{});
  EXPECT_EQ(take(segment(static_cast<std::uint32_t>(at), slice(stream, at))), Messages{longest});
  EXPECT_EQ(ledger_.dns_bytes_lost, 0u);
}

TEST_F(Streams, SingleOctetsMakeUpMessagesToo) {
  take(syn());
  Messages got;
  for (std::uint32_t at = 0; at < stream_.size(); ++at)
    for (auto& octets : take(segment(at, slice(stream_, at, at + 1)))) got.push_back(octets);
  EXPECT_EQ(got, (Messages{a_, b_, c_}));
}

TEST_F(Streams, EveryOrderOfSegmentsGivesTheMessagesOnceAndInOrder) {
  const std::size_t cuts[] = {0, 1, 20, 33, 75, 80, 110, stream_.size()};
  std::vector<int> order(7);
  std::iota(order.begin(), order.end(), 0);
  do {
    first_ += 0x01000000;  // over the wrap several times
    take(syn());
    Messages got;
    for (const int part : order) {
      const auto octets = slice(stream_, cuts[part], cuts[part + 1]);
      for (auto& one : take(segment(static_cast<std::uint32_t>(cuts[part]), octets))) got.push_back(one);
    }
    ASSERT_EQ(got, (Messages{a_, b_, c_}));
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(ledger_.dns_bytes_lost, 0u);
  EXPECT_EQ(ledger_.dns_streams_evicted, 0u);
}

// A second implementation: every octet in a map, all messages read anew after each segment.
class NaiveStream {
 public:
  Messages take(std::size_t at, const Bytes& octets) {
    for (std::size_t i = 0; i < octets.size(); ++i) octets_.emplace(at + i, octets[i]);
    Messages messages;
    while (has(2) && has(2 + length())) {
      Bytes one;
      for (std::size_t i = 0; i < length(); ++i) one.push_back(octets_.at(read_ + 2 + i));
      read_ += 2 + length();
      messages.push_back(one);
    }
    return messages;
  }

 private:
  bool has(std::size_t size) const {
    for (std::size_t i = 0; i < size; ++i)
      if (!octets_.contains(read_ + i)) return false;
    return true;
  }
  std::size_t length() const { return octets_.at(read_) * 256u + octets_.at(read_ + 1); }
  std::map<std::size_t, std::uint8_t> octets_;
  std::size_t read_ = 0;
};

// From and to. Some come twice, overlap others, or are late.
using Parts = std::vector<std::pair<std::size_t, std::size_t>>;

Parts random_parts(std::size_t stream_size, std::mt19937& random) {
  Parts parts;
  for (std::size_t at = 0; at < stream_size;) {
    const std::size_t size = 1 + random() % (random() % 3 == 0 ? 1500 : 40);
    parts.emplace_back(at, std::min(at + size, stream_size));
    at = parts.back().second;
  }
  for (std::size_t i = parts.size(); i-- > 0;) {
    if (random() % 4 == 0) parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i), parts[i]);
    if (random() % 4 == 0) {
      const std::size_t from = random() % stream_size;
      parts.emplace_back(from, std::min<std::size_t>(from + 1 + random() % 200, stream_size));
    }
  }
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (random() % 2 == 0) std::swap(parts[i], parts[i - std::min<std::size_t>(i, 1 + random() % 8)]);
  return parts;
}

TEST_F(Streams, RandomSegmentsWithCopiesAndOverlapsGiveWhatANaiveReaderGivesAtTheSameTime) {
  std::mt19937 random(5);
  for (int round = 0; round < 400; ++round) {
    Messages messages;
    for (std::size_t i = 0, count = 1 + random() % 8; i < count; ++i)
      messages.push_back(
          message(static_cast<std::uint16_t>(i), random() % 4 == 0 ? random() % 4000 : random() % 60));
    const Bytes stream = stream_of(messages);

    const Parts parts = random_parts(stream.size(), random);
    first_ = 0u - static_cast<std::uint32_t>(random() % (2 * stream.size()));
    client_ = host(static_cast<std::uint32_t>(round));
    take(syn());
    NaiveStream naive;
    for (const auto& [from, to] : parts) {
      const Bytes octets = slice(stream, from, to);
      ASSERT_EQ(take(segment(static_cast<std::uint32_t>(from), octets)), naive.take(from, octets));
    }
  }
  EXPECT_EQ(ledger_.dns_bytes_lost, 0u);
}

TEST_F(Streams, WhatIsSentAgainIsNotReadAgain) {
  take(syn());
  EXPECT_EQ(take(segment(0, stream_)).size(), 3u);
  EXPECT_EQ(take(segment(0, stream_)), Messages{});
  EXPECT_EQ(take(segment(32, slice(stream_, 32))), Messages{}) << "divided in another way";
  const Bytes more = stream_of({a_, b_, c_, a_});
  EXPECT_EQ(take(segment(0, more)), Messages{a_}) << "only what is new of it";
}

TEST_F(Streams, NorIsItAfterTheEndOfTheStream) {
  take(syn());
  EXPECT_EQ(take(segment(0, stream_, wire::kAck | wire::kFin)).size(), 3u);
  EXPECT_EQ(take(segment(0, stream_, wire::kAck | wire::kFin)), Messages{});
  client_ = host(2);
  take(syn());
  EXPECT_EQ(take(segment(0, stream_)).size(), 3u);
  take(segment(static_cast<std::uint32_t>(stream_.size()), {}, wire::kRst));
  EXPECT_EQ(take(segment(0, stream_)), Messages{});
  EXPECT_EQ(take(segment(0, stream_of({a_, b_, c_, a_}))), Messages{a_}) << "only what is new of it";
}

TEST_F(Streams, OfOctetsThatComeTwiceTheFirstCount) {
  take(syn());
  take(segment(10, slice(stream_, 10, 32)));
  Bytes forged = slice(stream_, 0, 32);
  forged[20] ^= 0xFF;
  EXPECT_EQ(take(segment(0, forged)), Messages{a_});
}

TEST_F(Streams, ASynWithDataBeginsWithIt) {
  EXPECT_EQ(take(segment(static_cast<std::uint32_t>(-1), stream_, wire::kSynFlag)), (Messages{a_, b_, c_}))
      << "RFC 7413";
  EXPECT_EQ(take(segment(0, stream_)), Messages{}) << "the server did not take the data of the SYN";
}

TEST_F(Streams, ARepeatedSynChangesNothing) {
  take(syn());
  take(segment(0, slice(stream_, 0, 20)));
  take(syn());
  EXPECT_EQ(take(segment(20, slice(stream_, 20))), (Messages{a_, b_, c_}));
  take(syn());
  EXPECT_EQ(take(segment(0, stream_)), Messages{});
}

TEST_F(Streams, ANewSynOnTheSamePortsBeginsANewStream) {
  take(syn());
  take(segment(0, slice(stream_, 0, 20)));
  first_ += 20 + 40;
  take(syn());
  EXPECT_EQ(ledger_.dns_bytes_lost, 20u);
  EXPECT_EQ(take(segment(0, stream_)), (Messages{a_, b_, c_}));
}

TEST_F(Streams, ANewConnectionWhoseSynWasMissedIsReadToo) {
  take(syn());
  take(segment(0, stream_));
  first_ += 0x40000000;
  EXPECT_EQ(take(segment(0, stream_)), (Messages{a_, b_, c_}));
  take(segment(static_cast<std::uint32_t>(stream_.size()), {}, wire::kFin));
  first_ += 5000;
  EXPECT_EQ(take(segment(0, stream_)), (Messages{a_, b_, c_})) << "after the end, close by";
}

TEST_F(Streams, AStraySegmentFarAwayDisturbsNothing) {
  take(syn());
  take(segment(0, slice(stream_, 0, 20)));
  EXPECT_EQ(take(segment(0x40000000, Bytes(100, 0xFF))), Messages{});
  take(segment(0x40000000, {}, wire::kRst));
  EXPECT_EQ(take(segment(20, slice(stream_, 20))), (Messages{a_, b_, c_}));
  EXPECT_EQ(ledger_.dns_bytes_lost, 100u);
}

TEST_F(Streams, BothDirectionsStandForThemselves) {
  take(syn());
  auto answer = segment(0, {}, wire::kSynFlag | wire::kAck);
  std::swap(answer.source, answer.destination);
  std::swap(answer.source_port, answer.destination_port);
  answer.tcp_sequence = 77;
  take(answer);
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 20))), Messages{});
  const Bytes response = stream_of({message(1, 60, true)});
  answer.tcp_flags = wire::kAck;
  answer.tcp_sequence = 78;
  answer.payload = response;
  EXPECT_EQ(take(answer), Messages{message(1, 60, true)});
  EXPECT_EQ(take(segment(20, slice(stream_, 20))), (Messages{a_, b_, c_}));
}

TEST_F(Streams, AFinThatOvertakesDataWaitsForIt) {
  take(syn());
  EXPECT_EQ(take(segment(80, slice(stream_, 80), wire::kFin)), Messages{});
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 80))), (Messages{a_, b_, c_}));
}

TEST_F(Streams, AResetGivesUpWhatIsIncomplete) {
  take(syn());
  take(segment(0, slice(stream_, 0, 20)));
  take(segment(20, {}, wire::kRst));
  EXPECT_EQ(ledger_.dns_bytes_lost, 20u);
  EXPECT_EQ(take(segment(20, slice(stream_, 20, 32))), Messages{});
}

TEST_F(Streams, WithoutASynItBeginsWhereASegmentLooksSo) {
  EXPECT_EQ(take(segment(500, slice(stream_, 40, 74))), Messages{}) << "the middle of a message";
  EXPECT_EQ(ledger_.dns_bytes_lost, 34u);
  EXPECT_EQ(take(segment(534, stream_)), (Messages{a_, b_, c_}));
  EXPECT_EQ(ledger_.dns_bytes_lost, 34u);
}

TEST_F(Streams, WithoutASynTheLengthMayComeByItself) {
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 2))), Messages{});
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 2))), Messages{}) << "sent again";
  EXPECT_EQ(take(segment(2, slice(stream_, 2, 32))), Messages{a_});
  EXPECT_EQ(ledger_.dns_bytes_lost, 0u);
}

TEST_F(Streams, ALengthByItselfDoesNotBelongToASegmentFurtherOn) {
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 2))), Messages{});
  EXPECT_EQ(take(segment(500, slice(stream_, 2, 32))), Messages{});
  EXPECT_EQ(take(segment(530, stream_of({b_}))), Messages{b_});
}

TEST_F(Streams, AKeepAliveOctetIsNotTakenForTheBeginning) {
  EXPECT_EQ(take(segment(static_cast<std::uint32_t>(-1), {0x00})), Messages{});
  EXPECT_EQ(take(segment(0, stream_)), (Messages{a_, b_, c_})) << "RFC 9293 section 3.8.4";
}

TEST_F(Streams, WhatCannotBeginAMessageIsPassedOver) {
  const auto spoilt = [&](std::size_t at, std::uint8_t value) {
    Bytes octets = stream_of({a_});
    octets[at] = value;
    return octets;
  };
  const std::pair<const char*, Bytes> cases[] = {
      {"shorter than a header", stream_of({message(1, 11)})},
      {"a response to a server", stream_of({message(1, 30, true)})},
      {"an opcode that nobody has", spoilt(4, 0x39)},
      {"a query with a response code", spoilt(5, 0x03)},
      {"a query with an answer", spoilt(9, 0x01)},
      {"two questions", spoilt(7, 0x02)},
      {"no record at all", spoilt(7, 0x00)},
      {"more records than fit", spoilt(11, 0x02)},
  };
  std::uint32_t number = 100;
  for (const auto& [name, octets] : cases) {
    client_ = host(++number);
    EXPECT_EQ(take(segment(0, octets)), Messages{}) << name;
    EXPECT_EQ(take(segment(static_cast<std::uint32_t>(octets.size()), stream_of({b_}))), Messages{b_})
        << name;
  }
}

TEST_F(Streams, AfterASynEverythingIsTakenAsItIs) {
  take(syn());
  const Messages odd = {message(1, 0), message(2, 5), message(3, 20, true), Bytes(40, 0xFF)};
  EXPECT_EQ(take(segment(0, stream_of(odd))), odd);
}

TEST_F(Streams, AGapHoldsUpWhatIsBehindIt) {
  take(syn());
  EXPECT_EQ(take(segment(32, slice(stream_, 32)), 0), Messages{});
  EXPECT_EQ(take(segment(static_cast<std::uint32_t>(stream_.size()), stream_of({a_})), 9 * kSecond),
            Messages{});
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 32)), 9 * kSecond), (Messages{a_, b_, c_, a_}));
}

TEST_F(Streams, AnOldGapIsGivenUp) {
  take(syn());
  EXPECT_EQ(take(segment(32, slice(stream_, 32)), 0), Messages{});
  const auto end = static_cast<std::uint32_t>(stream_.size());
  EXPECT_EQ(take(segment(end, stream_of({a_})), 10 * kSecond + 1), (Messages{b_, c_, a_}));
  EXPECT_EQ(ledger_.dns_bytes_lost, 32u);
}

TEST_F(Streams, TheTimeOfAGapBeginsWhenTheOneBeforeItIsFilled) {
  take(syn());
  take(segment(10, slice(stream_, 10, 40)), 0);
  take(segment(74, slice(stream_, 74)), 0);
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 10)), 9 * kSecond), Messages{a_});
  const auto end = static_cast<std::uint32_t>(stream_.size());
  EXPECT_EQ(take(segment(end, stream_of({a_})), 11 * kSecond), Messages{}) << "two seconds old";
  EXPECT_EQ(take(segment(40, slice(stream_, 40, 74)), 12 * kSecond), (Messages{b_, c_, a_}));
}

TEST_F(Streams, TimeThatGoesBackMakesNoGapOld) {
  take(syn());
  take(segment(32, slice(stream_, 32)), 100 * kSecond);
  const auto end = static_cast<std::uint32_t>(stream_.size());
  EXPECT_EQ(take(segment(end, stream_of({a_})), -100 * kSecond), Messages{});
  EXPECT_EQ(take(segment(0, slice(stream_, 0, 32)), -100 * kSecond), (Messages{a_, b_, c_, a_}));
}

TEST_F(Streams, BehindAGapTheLengthBeforeItTellsWhereTheNextMessageIs) {
  take(syn());
  const Bytes large = message(9, 3000);
  const Bytes unlikely(40, 0xFF);  // does not look like a message
  const Bytes stream = stream_of({large, unlikely, a_});
  take(segment(0, slice(stream, 0, 1000)), 0);
  take(segment(2000, slice(stream, 2000)), 0);
  EXPECT_EQ(take(segment(static_cast<std::uint32_t>(stream.size()), stream_of({b_})), 11 * kSecond),
            (Messages{unlikely, a_, b_}));
  EXPECT_EQ(ledger_.dns_bytes_lost, 3002u);
}

TEST_F(Streams, BehindAGapThatHidesTheNextMessageASegmentThatLooksLikeOneIsWaitedFor) {
  take(syn());
  take(segment(0, slice(stream_, 0, 10)), 0);
  take(segment(60, slice(stream_, 60)), 0);  // inside b, but a would end before
  const auto end = static_cast<std::uint32_t>(stream_.size());
  EXPECT_EQ(take(segment(end, stream_), 11 * kSecond), (Messages{a_, b_, c_}));
  EXPECT_EQ(ledger_.dns_bytes_lost, stream_.size());
}

TEST_F(Streams, AGapIsGivenUpWhenTheBlocksOfTheStreamAreFull) {
  take(syn());
  Messages sent, got;
  for (std::uint16_t i = 0; i < 400; ++i) sent.push_back(message(i, 998));
  const Bytes stream = stream_of(sent);
  for (std::size_t at = 1000; at < stream.size(); at += 1000)
    for (auto& one : take(segment(static_cast<std::uint32_t>(at), slice(stream, at, at + 1000))))
      got.push_back(one);
  sent.erase(sent.begin());
  EXPECT_EQ(got, sent);
  EXPECT_EQ(ledger_.dns_bytes_lost, 1000u);
}

TEST_F(Streams, AMessageThatTheSnapLengthCutIsHandedOutAsCutIfItsHeaderIsThere) {
  take(syn());
  const Bytes large = message(9, 900);
  const Bytes stream = stream_of({a_, large, b_});
  const Bytes captured = slice(stream, 0, 96);
  auto cut = segment(0, captured);
  cut.cut = true;
  EXPECT_EQ(take(cut), (Messages{a_, slice(large, 0, 62)}));
  EXPECT_EQ(cuts_, 1);
  EXPECT_EQ(take(segment(900, slice(stream, 900))), Messages{b_}) << "its length tells where the next one is";
  EXPECT_EQ(ledger_.dns_bytes_lost, 902u);
  EXPECT_EQ(cuts_, 1);
}

TEST_F(Streams, AfterACutNobodyWaitsForWhatIsMissing) {
  take(syn());
  const Bytes captured = slice(stream_, 0, 5);
  auto cut = segment(0, captured);  // too little for a header, and b is cut away as well
  cut.cut = true;
  EXPECT_EQ(take(cut), Messages{});
  EXPECT_EQ(take(segment(74, slice(stream_, 74))), Messages{c_});
  EXPECT_EQ(ledger_.dns_bytes_lost, 74u);
  const Bytes alone = stream_of({a_});
  auto boundary = segment(126, alone);
  boundary.cut = true;
  EXPECT_EQ(take(boundary), Messages{a_});
  EXPECT_EQ(take(segment(500, stream_of({b_}))), Messages{b_});
}

TEST_F(Streams, ACutThatHidesTheNextMessageEndsTheWaitForAGapToo) {
  take(syn());
  EXPECT_EQ(take(segment(10, stream_)), Messages{});
  const Bytes captured = slice(stream_, 0, 1);
  auto cut = segment(0, captured);
  cut.cut = true;
  EXPECT_EQ(take(cut), Messages{});
  EXPECT_EQ(take(segment(12, slice(stream_, 2, 11))), (Messages{a_, b_, c_})) << "or it begins in the middle";
  EXPECT_EQ(ledger_.dns_bytes_lost, 10u);
  const auto behind = static_cast<std::uint32_t>(10 + stream_.size());
  EXPECT_EQ(take(segment(behind, stream_of({a_}))), Messages{a_});
}

TEST_F(Streams, SegmentsWithoutPayloadOpenNoStream) {
  DnsStreams small(ledger_, {.streams = 2});
  take(small, segment(0, slice(stream_, 0, 20)));
  for (std::uint32_t i = 10; i < 20; ++i) {
    client_ = host(i);
    for (const int flags : {wire::kAck + 0, wire::kFin | wire::kAck, wire::kRst + 0})
      take(small, segment(0, {}, static_cast<std::uint8_t>(flags)));
  }
  client_ = host(1);
  EXPECT_EQ(take(small, segment(20, slice(stream_, 20))), (Messages{a_, b_, c_}));
}

TEST_F(Streams, AFinOrAResetOfAnUnknownStreamDoesNotMakeOlderSegmentsOld) {
  take(segment(200, {}, wire::kFin | wire::kAck));
  take(segment(200, {}, wire::kRst));
  EXPECT_EQ(take(segment(0, stream_)), (Messages{a_, b_, c_}));
}

TEST_F(Streams, AFloodOfSynsPushesOutNoStreamThatIsBeingRead) {
  DnsStreams small(ledger_, {.streams = 64});
  for (std::uint32_t i = 0; i < 40; ++i) {
    client_ = host(i);
    take(small, segment(0, slice(stream_, 0, 20)));
  }
  for (std::uint32_t i = 1000; i < 20000; ++i) {
    client_ = host(i);
    take(small, syn());
  }
  EXPECT_EQ(ledger_.dns_streams_evicted, 0u);
  for (std::uint32_t i = 0; i < 40; ++i) {
    client_ = host(i);
    EXPECT_EQ(take(small, segment(20, slice(stream_, 20))), (Messages{a_, b_, c_}));
  }
}

TEST_F(Streams, AFullTableForgetsTheStreamLeastRecentlyUsed) {
  DnsStreams small(ledger_, {.streams = 4});
  for (std::uint32_t i = 1; i <= 4; ++i) {
    client_ = host(i);
    take(small, segment(0, slice(stream_, 0, 20)));
  }
  client_ = host(1);
  take(small, segment(20, slice(stream_, 20, 25)));
  client_ = host(5);
  EXPECT_EQ(take(small, segment(0, stream_)).size(), 3u);
  EXPECT_EQ(ledger_.dns_streams_evicted, 1u);
  EXPECT_EQ(ledger_.dns_bytes_lost, 20u);
  client_ = host(1);
  EXPECT_EQ(take(small, segment(25, slice(stream_, 25))).size(), 3u);
  client_ = host(2);
  EXPECT_EQ(take(small, segment(20, slice(stream_, 20, 32))), Messages{}) << "it was the one";
}

TEST_F(Streams, BetweenMessagesOrInsideOneTheLessRecentlyUsedStreamGoesFirst) {
  for (const bool inside_is_older : {true, false}) {
    Ledger ledger;
    DnsStreams small(ledger, {.streams = 2});
    for (const std::uint32_t i : {1, 2}) {
      client_ = host(i);
      take(small, segment(0, slice(stream_, 0, (i == 1) == inside_is_older ? 20 : 32)));
    }
    client_ = host(3);
    take(small, segment(0, slice(stream_, 0, 20)));
    EXPECT_EQ(ledger.dns_streams_evicted, 1u);
    EXPECT_EQ(ledger.dns_bytes_lost, inside_is_older ? 20u : 0u);
  }
}

TEST_F(Streams, WhoeverNeedsABlockIsTheLastToGiveOneUp) {
  DnsStreams small(ledger_, {.blocks = 2, .blocks_per_stream = 2});
  const Bytes large = message(1, 3000);
  const Bytes stream = stream_of({large});
  take(small, segment(0, slice(stream, 0, 1000)));
  client_ = host(2);
  take(small, segment(0, slice(stream, 0, 1000)));
  client_ = host(1);
  EXPECT_EQ(take(small, segment(1000, slice(stream, 1000, 2900))), Messages{});
  EXPECT_EQ(ledger_.dns_streams_evicted, 1u);
  EXPECT_EQ(take(small, segment(2900, slice(stream, 2900))), Messages{large});
}

TEST_F(Streams, AFloodOfHalfMessagesStaysWithinTheBlocksAndIsCounted) {
  DnsStreams small(ledger_, {.streams = 1000, .blocks = 50, .blocks_per_stream = 50});
  for (std::uint32_t i = 0; i < 500; ++i) {
    client_ = host(i);
    take(small, segment(0, slice(stream_, 0, 20)));
  }
  EXPECT_EQ(ledger_.dns_streams_evicted, 450u);
  EXPECT_EQ(ledger_.dns_bytes_lost, 450u * 20);
  client_ = host(499);
  EXPECT_EQ(take(small, segment(20, slice(stream_, 20))), (Messages{a_, b_, c_}));
}

TEST_F(Streams, AloneWithTooFewBlocksAStreamGivesUpTheMessageAndGoesOn) {
  DnsStreams small(ledger_, {.blocks = 2, .blocks_per_stream = 2});
  const Bytes stream = stream_of({message(1, 60000), a_});
  take(small, syn());
  Messages got;
  for (std::size_t at = 0; at < stream.size(); at += 1000)
    for (auto& one : take(small, segment(static_cast<std::uint32_t>(at), slice(stream, at, at + 1000))))
      got.push_back(one);
  EXPECT_EQ(got, Messages{a_});
  EXPECT_EQ(ledger_.dns_bytes_lost, 60002u);
}

TEST_F(Streams, WhateverIsLostNoMessageIsInventedRepeatedOrOutOfOrder) {
  std::mt19937 random(11);
  std::size_t sent = 0, received = 0;
  for (std::uint32_t round = 0; round < 300; ++round) {
    client_ = host(round);
    Messages messages;
    for (std::uint16_t i = 0; i < 200; ++i) messages.push_back(message(i, 12 + 5 + random() % 900));
    sent += messages.size();
    const Bytes stream = stream_of(messages);
    if (random() % 2 == 0) take(syn());
    std::size_t next = 0;
    std::size_t at = 0;
    std::int64_t time_ns = 0;
    for (const Bytes& one :
         messages) {  // A segment or several for each message, now and then one lost or cut.
      const std::size_t end = at + 2 + one.size();
      while (at < end) {
        const std::size_t to = std::min(end, at + 1 + random() % 900);
        const Bytes octets = slice(stream, at, to);
        auto packet = segment(static_cast<std::uint32_t>(at), octets);
        const Bytes snapped = slice(octets, 0, 96);
        if (round % 3 == 0 && octets.size() > 96) packet.payload = snapped, packet.cut = true;
        at = to;
        if (random() % 20 == 0) continue;
        for (const Bytes& got : take(packet, time_ns += kSecond)) {
          const auto is_sent = [&](const Bytes& original) {
            return got.size() <= original.size() && std::equal(got.begin(), got.end(), original.begin());
          };
          const auto found =
              std::find_if(messages.begin() + static_cast<std::ptrdiff_t>(next), messages.end(), is_sent);
          ASSERT_NE(found, messages.end()) << "round " << round;
          next = static_cast<std::size_t>(found - messages.begin()) + 1;
          ++received;
        }
      }
    }
  }
  EXPECT_GT(received, sent / 2) << "and most of the others are found";
}

TEST_F(Streams, OfSegmentsLostCutRepeatedAndLateOnlyWhatWasSentIsMade) {
  std::mt19937 random(12);
  DnsStreams streams(ledger_, {.streams = 4, .blocks = 8, .blocks_per_stream = 6});
  std::size_t received = 0;
  for (std::uint32_t round = 0; round < 3000; ++round) {
    client_ = host(round);
    Messages messages;  // So few that the middle of none looks like a beginning.
    const std::uint32_t most = round % 2 == 0 ? 900 : 20;
    for (std::uint16_t i = 0; i < 8; ++i) messages.push_back(message(i, 12 + 5 + random() % most));
    const Bytes stream = stream_of(messages);
    const std::size_t snap_length = round % 3 == 0 ? 1 : 1 + random() % 120;
    if (random() % 2 == 0) take(streams, syn());
    auto next = messages.cbegin();
    std::int64_t time_ns = 0;
    for (const auto& [from, to] : random_parts(stream.size(), random)) {
      if (random() % 8 == 0) continue;
      const Bytes octets = slice(stream, from, random() % 4 == 0 ? std::min(to, from + snap_length) : to);
      auto packet = segment(static_cast<std::uint32_t>(from), octets);
      packet.cut = octets.size() < to - from;
      for (const Bytes& got : take(streams, packet, time_ns += kSecond / 4)) {
        next = std::find_if(next, messages.cend(), [&got](const Bytes& sent) {
          return got.size() <= sent.size() && std::equal(got.begin(), got.end(), sent.begin());
        });
        ASSERT_NE(next, messages.cend()) << "round " << round;
        ++next;
        ++received;
      }
    }
  }
  EXPECT_GT(received, 1000u);
}

TEST(DnsStreamSettings, OutOfBoundsAreRefusedInASentence) {
  Ledger ledger;
  EXPECT_THROW(DnsStreams(ledger, {.streams = 0}), std::invalid_argument);
  EXPECT_THROW(DnsStreams(ledger, {.blocks = (1U << 20) + 1}), std::invalid_argument);
  EXPECT_THROW(DnsStreams(ledger, {.blocks_per_stream = 0}), std::invalid_argument);
  EXPECT_THROW(DnsStreams(ledger, {.gap_timeout_ns = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace dataplane

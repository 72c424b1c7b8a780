#include <gtest/gtest.h>

#include "tests/support/capture_builder.h"
#include "tests/support/frame_copy.h"

namespace {

using tests::Endian;
using tests::FileBytes;
using tests::payload;
using tests::Pcap;
using tests::PcapHeader;
using tests::read_capture;

constexpr std::uint32_t kNanosecondMagic = 0xA1B23C4D;
constexpr std::uint32_t kKuznetzovMagic = 0xA1B2CD34;

struct Variant {
  PcapHeader header;
  std::int64_t time_ns;  // of 1700000000 s and 123456 ticks
};

class PcapVariants : public testing::TestWithParam<Variant> {};

TEST_P(PcapVariants, EachGivesTheFramesThatWereWritten) {
  const auto file = Pcap(GetParam().header)
                        .frame(1'700'000'000, 123'456, payload("first"))
                        .record(1'700'000'000, 123'456, 6, 1500, payload("second"))
                        .bytes();
  const auto read = read_capture(file);
  EXPECT_FALSE(read.fault) << read.fault->reason;
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[0].time_ns, GetParam().time_ns);
  EXPECT_EQ(read.frames[0].bytes, payload("first"));
  EXPECT_EQ(read.frames[0].wire_length, 5U);
  EXPECT_EQ(read.frames[0].link, wire::LinkType::kLinuxSll);
  EXPECT_EQ(read.frames[1].bytes, payload("second"));
  EXPECT_EQ(read.frames[1].wire_length, 1500U);
  EXPECT_EQ(read.orders, (std::vector<std::uint64_t>{1, 2}));
}

constexpr std::uint32_t kSll = 113;
constexpr std::int64_t kMicroseconds = 1'700'000'000'123'456'000;
constexpr std::int64_t kNanoseconds = 1'700'000'000'000'123'456;
INSTANTIATE_TEST_SUITE_P(
    Pcap, PcapVariants,
    testing::Values(Variant{{.link = kSll}, kMicroseconds},
                    Variant{{.endian = Endian::kBig, .link = kSll}, kMicroseconds},
                    Variant{{.magic = kNanosecondMagic, .link = kSll}, kNanoseconds},
                    Variant{{.magic = kNanosecondMagic, .endian = Endian::kBig, .link = kSll}, kNanoseconds},
                    Variant{{.magic = kKuznetzovMagic, .link = kSll}, kMicroseconds},
                    Variant{{.magic = kKuznetzovMagic, .endian = Endian::kBig, .link = kSll}, kMicroseconds},
                    // The high bits say that frames end with an FCS of 4 bytes.
                    Variant{{.link = 0x44000000 | kSll}, kMicroseconds},
                    Variant{{.minor = 3, .link = kSll}, kMicroseconds}));

TEST(PcapFormat, SecondsAreUnsignedSoThatTheYear2100CanBeRead) {
  const auto read = read_capture(Pcap().frame(4'102'444'800, 0, payload("x")).bytes());
  ASSERT_EQ(read.frames.size(), 1U);
  EXPECT_EQ(read.frames[0].time_ns, 4'102'444'800'000'000'000);
}

TEST(PcapFormat, VersionsBefore24HaveTheWireLengthFirst) {
  for (const PcapHeader& header :
       {PcapHeader{.minor = 2}, PcapHeader{.major = 543, .minor = 0}, PcapHeader{.minor = 3}}) {
    const auto read =
        read_capture(Pcap(header).record(1, 0, 1500, 3, payload("abc")).frame(2, 0, payload("d")).bytes());
    ASSERT_EQ(read.frames.size(), 2U) << header.major << "." << header.minor;
    EXPECT_EQ(read.frames[0].bytes, payload("abc"));
    EXPECT_EQ(read.frames[0].wire_length, 1500U);
    EXPECT_EQ(read.frames[1].bytes, payload("d"));
  }
}

TEST(PcapFormat, BytesBeyondTheSnapLengthAreKeptSinceTheyAreThere) {
  const auto read = read_capture(Pcap({.snap_length = 4}).frame(1, 0, payload("123456")).bytes());
  ASSERT_EQ(read.frames.size(), 1U);
  EXPECT_EQ(read.frames[0].bytes, payload("123456"));
}

TEST(PcapFormat, TheLongestFrameIsReadAndOneByteMoreIsAFault) {
  const auto longest =
      read_capture(Pcap().frame(1, 0, FileBytes(262144, 7)).frame(2, 0, payload("x")).bytes());
  EXPECT_FALSE(longest.fault);
  ASSERT_EQ(longest.frames.size(), 2U);
  EXPECT_EQ(longest.frames[0].bytes, FileBytes(262144, 7));

  const auto longer =
      read_capture(Pcap().frame(1, 0, payload("x")).frame(2, 0, FileBytes(262145, 7)).bytes());
  EXPECT_EQ(longer.frames.size(), 1U);
  ASSERT_TRUE(longer.fault);
  EXPECT_EQ(longer.fault->offset, 24U + 17U);
  EXPECT_EQ(
      longer.fault->reason,
      "the record claims 262145 captured bytes; no frame has more than 262144, so the file is damaged here");
}

TEST(PcapFormat, ARecordOfFourGigabytesIsAFaultAndNothingIsAllocated) {
  const auto read = read_capture(Pcap().record(1, 0, 0xFFFFFFFF, 0xFFFFFFFF, payload("x")).bytes());
  EXPECT_TRUE(read.frames.empty());
  ASSERT_TRUE(read.fault);
  EXPECT_EQ(read.fault->offset, 24U);
}

TEST(PcapFormat, FramesThatStraddleTwoBlocksAreWhole) {
  Pcap file;
  std::vector<FileBytes> written;
  for (std::uint32_t i = 0; i < 3000; ++i) {  // 2.2 MB in sizes that no block is a multiple of
    written.push_back(FileBytes(1 + i * 37 % 1500, static_cast<std::uint8_t>(i)));
    file.frame(i, 0, written.back());
  }
  const auto read = read_capture(file.bytes());
  EXPECT_FALSE(read.fault);
  ASSERT_EQ(read.frames.size(), written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    ASSERT_EQ(read.frames[i].bytes, written[i]) << i;
    ASSERT_EQ(read.orders[i], i + 1);
  }
}

struct Fault {
  FileBytes file;
  std::uint64_t offset;
  std::string reason;
};

class PcapFaults : public testing::TestWithParam<Fault> {};

TEST_P(PcapFaults, EachIsOneSentenceWithItsPlace) {
  const auto read = read_capture(GetParam().file);
  ASSERT_TRUE(read.fault);
  EXPECT_EQ(read.fault->offset, GetParam().offset);
  EXPECT_EQ(read.fault->reason, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Pcap, PcapFaults,
    testing::Values(
        Fault{{}, 0, "the file is empty"},
        Fault{{0xD4, 0xC3}, 0, "the file ends inside this file header, 2 bytes after its start"},
        Fault{tests::without_end(Pcap().bytes(), 1), 0,
              "the file ends inside this file header, 23 bytes after its start"},
        Fault{payload("#!/bin/sh"), 0, "the file is no capture: it begins neither like pcap nor like pcapng"},
        Fault{payload("BZh9...."), 0,
              "the file is packed with bzip2; unpack it first, or pack it with gzip or zstd"},
        Fault{Pcap({.minor = 5}).bytes(), 4,
              "the capture is of version 2.5, which nobody knows; versions up to 2.4 can be read"},
        Fault{tests::without_end(Pcap().frame(1, 0, payload("abc")).bytes(), 1), 24,
              "the file ends inside this record, 18 bytes after its start"},
        Fault{tests::without_end(Pcap().frame(1, 0, payload("abc")).bytes(), 4), 24,
              "the file ends inside this record header, 15 bytes after its start"}));

}  // namespace

#include <limits>

#include <gtest/gtest.h>

#include "tests/support/capture_builder.h"
#include "tests/support/frame_copy.h"

namespace {

using tests::Endian;
using tests::FileBytes;
using tests::joined;
using tests::payload;
using tests::Pcapng;
using tests::read_capture;

constexpr std::uint16_t kEthernet = 1;
constexpr std::uint16_t kSll2 = 276;

class PcapngEndian : public testing::TestWithParam<Endian> {};
INSTANTIATE_TEST_SUITE_P(Pcapng, PcapngEndian, testing::Values(Endian::kLittle, Endian::kBig));

TEST_P(PcapngEndian, AllKindsOfPacketBlocksGiveTheirPacket) {
  const auto read = read_capture(Pcapng(GetParam())
                                     .section()
                                     .interface(kEthernet)
                                     .packet(0, 1'700'000'000'123'456, payload("enhanced"))
                                     .obsolete_packet(0, 1'700'000'000'123'457, payload("obsolete"))
                                     .simple_packet(6, payload("simple"))
                                     .bytes());
  EXPECT_FALSE(read.fault) << read.fault->reason;
  ASSERT_EQ(read.frames.size(), 3U);
  EXPECT_EQ(read.frames[0].bytes, payload("enhanced"));
  EXPECT_EQ(read.frames[0].time_ns, 1'700'000'000'123'456'000);
  EXPECT_EQ(read.frames[1].bytes, payload("obsolete"));
  EXPECT_EQ(read.frames[1].time_ns, 1'700'000'000'123'457'000);
  EXPECT_EQ(read.frames[2].bytes, payload("simple"));
  EXPECT_EQ(read.frames[2].time_ns, 0);
  EXPECT_EQ(read.orders, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_P(PcapngEndian, InterfacesDifferInLinkTypeSnapLengthAndTime) {
  Pcapng file(GetParam());
  const auto nanoseconds = file.resolution(9);
  file.section().interface(kEthernet, 96).interface(kSll2, 65535, nanoseconds);
  const auto read =
      read_capture(file.packet(1, 1'000'000'007, payload("b")).packet(0, 2'000'000, payload("a")).bytes());
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[0].link, wire::LinkType::kLinuxSll2);
  EXPECT_EQ(read.frames[0].time_ns, 1'000'000'007);
  EXPECT_EQ(read.frames[1].link, wire::LinkType::kEthernet);
  EXPECT_EQ(read.frames[1].time_ns, 2'000'000'000);
}

TEST_P(PcapngEndian, ASectionOfTheOtherByteOrderBeginsWithNoInterface) {
  const Endian other = GetParam() == Endian::kBig ? Endian::kLittle : Endian::kBig;
  const auto first = Pcapng(GetParam()).section().interface(kEthernet).packet(0, 1, payload("one")).bytes();
  const auto second = Pcapng(other).section().interface(kSll2).packet(0, 2, payload("two")).bytes();
  const auto read = read_capture(joined(first, second));
  EXPECT_FALSE(read.fault);
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[1].bytes, payload("two"));
  EXPECT_EQ(read.frames[1].link, wire::LinkType::kLinuxSll2);

  const auto bare = Pcapng(other).section().packet(0, 2, payload("two")).bytes();
  const auto refused = read_capture(joined(first, bare));
  EXPECT_EQ(refused.frames.size(), 1U);
  ASSERT_TRUE(refused.fault);
  EXPECT_EQ(refused.fault->offset, first.size() + 28);
  EXPECT_EQ(refused.fault->reason, "the packet is of interface 0, but the section has described only 0");
}

struct Clock {
  std::uint8_t resolution;
  std::int64_t offset_seconds;
  std::uint64_t ticks;
  std::int64_t time_ns;
};

class PcapngClocks : public testing::TestWithParam<Clock> {};

TEST_P(PcapngClocks, TimesAreExactAndRoundedDown) {
  Pcapng file;
  const auto options =
      joined(file.resolution(GetParam().resolution), file.offset_seconds(GetParam().offset_seconds));
  file.section().interface(kEthernet, 0, options).packet(0, GetParam().ticks, payload("x"));
  const auto read = read_capture(file.bytes());
  ASSERT_EQ(read.frames.size(), 1U);
  EXPECT_EQ(read.frames[0].time_ns, GetParam().time_ns);
}

constexpr std::uint64_t kMostTicks = std::numeric_limits<std::uint64_t>::max();
INSTANTIATE_TEST_SUITE_P(
    Pcapng, PcapngClocks,
    testing::Values(Clock{0, 0, 1'700'000'000, 1'700'000'000'000'000'000}, Clock{3, 0, 1'500, 1'500'000'000},
                    Clock{6, 0, 1'700'000'000'123'456, 1'700'000'000'123'456'000},
                    Clock{9, 0, 1'700'000'000'123'456'789, 1'700'000'000'123'456'789},
                    Clock{12, 0, 1'000'000'001'999, 1'000'000'001}, Clock{28, 0, kMostTicks, 1},
                    Clock{29, 0, kMostTicks, 0}, Clock{127, 0, kMostTicks, 0},
                    Clock{0x80, 0, 3, 3'000'000'000}, Clock{0x80 | 1, 0, 3, 1'500'000'000},
                    Clock{0x80 | 10, 0, 1025, 1'000'976'562},  // 1025 / 1024 s
                    Clock{0x80 | 32, 0, (7ULL << 32) + 1, 7'000'000'000}, Clock{0x80 | 127, 0, kMostTicks, 0},
                    Clock{6, 1'000'000'000, 1, 1'000'000'000'000'001'000}, Clock{6, -1, 0, -1'000'000'000},
                    // Beyond what 64 bits of nanoseconds hold, in either direction.
                    Clock{0, 0, kMostTicks, std::numeric_limits<std::int64_t>::max()},
                    Clock{6, std::numeric_limits<std::int64_t>::min(), 0,
                          std::numeric_limits<std::int64_t>::min()}));

TEST(PcapngFormat, OptionsAfterTheEndOfOptionsMeanNothing) {
  Pcapng file;
  const auto options = joined(file.option(0, {}), file.resolution(9));
  const auto read =
      read_capture(file.section().interface(kEthernet, 0, options).packet(0, 5, payload("x")).bytes());
  ASSERT_EQ(read.frames.size(), 1U);
  EXPECT_EQ(read.frames[0].time_ns, 5000);
}

TEST(PcapngFormat, UnknownBlocksArePassedWhateverTheirSize) {
  const auto read = read_capture(Pcapng()
                                     .section()
                                     .block(0x40000BAD, {})
                                     .interface(kEthernet)
                                     .block(10, FileBytes(3 << 20, 0x06))  // decryption secrets can be long
                                     .packet(0, 1, payload("after"))
                                     .bytes());
  EXPECT_FALSE(read.fault) << read.fault->reason;
  ASSERT_EQ(read.frames.size(), 1U);
  EXPECT_EQ(read.frames[0].bytes, payload("after"));
}

TEST(PcapngFormat, ASimplePacketIsCutToTheSnapLength) {
  const auto read =
      read_capture(Pcapng().section().interface(kEthernet, 4).simple_packet(60, payload("four")).bytes());
  ASSERT_EQ(read.frames.size(), 1U);
  EXPECT_EQ(read.frames[0].bytes, payload("four"));
  EXPECT_EQ(read.frames[0].wire_length, 60U);
}

TEST(PcapngFormat, OptionsOfAPacketAreNoPartOfIt) {
  Pcapng file;
  const auto comment = file.option(1, payload("seen on the core switch"));
  const auto read = read_capture(file.section()
                                     .interface(kEthernet)
                                     .packet(0, 1, payload("abc"), {}, comment)
                                     .packet(0, 2, payload("d"))
                                     .bytes());
  ASSERT_EQ(read.frames.size(), 2U);
  EXPECT_EQ(read.frames[0].bytes, payload("abc"));
}

struct Fault {
  FileBytes tail;  // after a section with one interface and one packet
  std::string reason;
  std::uint64_t offset = 0;  // in the tail
};

class PcapngFaults : public testing::TestWithParam<Fault> {};

TEST_P(PcapngFaults, EachIsOneSentenceWithItsPlaceAndWhatWasBeforeItIsDelivered) {
  const auto front = Pcapng().section().interface(kEthernet).packet(0, 1, payload("good")).bytes();
  const auto read = read_capture(joined(front, GetParam().tail));
  EXPECT_EQ(read.frames.size(), 1U);
  ASSERT_TRUE(read.fault);
  EXPECT_EQ(read.fault->offset, front.size() + GetParam().offset);
  EXPECT_EQ(read.fault->reason, GetParam().reason);
}

const Pcapng kWords;  // for its options
INSTANTIATE_TEST_SUITE_P(
    Pcapng, PcapngFaults,
    testing::Values(Fault{Pcapng().block_claiming(6, 8, {}, 8).bytes(),
                          "the block's total length is 8; it must be a multiple of 4 and at least 12"},
                    Fault{Pcapng().block_claiming(0xBAD, 0, {}, 0).bytes(),
                          "the block's total length is 0; it must be a multiple of 4 and at least 12"},
                    Fault{Pcapng().block_claiming(0xBAD, 14, {0, 0}, 14).bytes(),
                          "the block's total length is 14; it must be a multiple of 4 and at least 12"},
                    Fault{Pcapng().block_claiming(0xBAD, 16, {1, 2, 3, 4}, 20).bytes(),
                          "the block's total length is 16 at its start and 20 at its end"},
                    Fault{Pcapng().block_claiming(6, 0xFFFFFFFC, {1, 2, 3, 4}, 0xFFFFFFFC).bytes(),
                          "the block claims 4294967292 bytes; no packet or interface needs more than 524288, "
                          "so the file is "
                          "damaged here"},
                    Fault{Pcapng().block_claiming(0xBAD, 0xFFFFFFFC, {1, 2, 3, 4}, 0xFFFFFFFC).bytes(),
                          "the file ends inside this block, 16 bytes after its start"},
                    Fault{tests::without_end(Pcapng().packet(0, 1, payload("abcd")).bytes(), 1),
                          "the file ends inside this block, 35 bytes after its start"},
                    Fault{{6, 0, 0}, "the file ends inside this block header, 3 bytes after its start"},
                    Fault{Pcapng().packet(3, 1, payload("x")).bytes(),
                          "the packet is of interface 3, but the section has described only 1"},
                    Fault{Pcapng().packet(0, 1, payload("abcd"), 5).bytes(),
                          "the packet claims 5 captured bytes; its block has room for 4"},
                    Fault{Pcapng().packet(0, 1, FileBytes(262145, 1)).bytes(),
                          "the packet claims 262145 captured bytes; no frame has more than 262144"},
                    Fault{Pcapng().simple_packet(9, payload("12345678")).bytes(),
                          "the packet claims 9 captured bytes; its block has room for 8"},
                    Fault{Pcapng().block(6, FileBytes(16, 0)).bytes(),
                          "the block of type 6 has 16 bytes; it needs at least 20"},
                    Fault{Pcapng().section(2, 0).bytes(),
                          "the section is of pcapng version 2.0; only 1.0 and 1.2 can be read"},
                    Fault{Pcapng().block(0x0A0D0D0A, FileBytes(16, 0)).bytes(),
                          "the section header has no byte-order magic"},
                    Fault{Pcapng().interface(kEthernet, 0, {9, 0, 200, 0}).bytes(),
                          "an option of the interface ends after its block"},
                    Fault{Pcapng().interface(kEthernet, 0, kWords.option(9, {6, 6})).bytes(),
                          "option 9 of the interface has a length of 2"}));

TEST(PcapngFormat, InterfacesBeyondTheBoundAreAFault) {
  Pcapng file;
  file.section();
  for (int i = 0; i < 65536; ++i) file.interface(kEthernet);
  EXPECT_FALSE(read_capture(file.bytes()).fault);
  const auto read = read_capture(file.interface(kEthernet).bytes());
  ASSERT_TRUE(read.fault);
  EXPECT_EQ(read.fault->reason, "the section has more than 65536 interfaces");
}

}  // namespace

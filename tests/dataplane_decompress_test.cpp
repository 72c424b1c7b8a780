#include <gtest/gtest.h>

#include "dataplane/decompress.h"
#include "tests/support/capture_builder.h"
#include "tests/support/frame_copy.h"
#include "tests/support/scratch_files.h"

namespace {

using tests::FileBytes;
using tests::joined;
using tests::payload;
using tests::read_capture;

struct Unpacked {
  FileBytes bytes;
  std::string fault;
};

// Reads in pieces of `piece` bytes, to the end.
Unpacked unpack(const FileBytes& stored, std::size_t piece = 1000) {
  const auto source = dataplane::decompressed(std::make_unique<dataplane::MemorySource>(stored));
  Unpacked result;
  FileBytes into(piece);
  for (std::size_t count; (count = source->read(into)) > 0;)
    result.bytes =
        joined(std::move(result.bytes), {into.begin(), into.begin() + static_cast<std::ptrdiff_t>(count)});
  EXPECT_EQ(source->read(into), 0U) << "the end is the end for ever";
  result.fault = source->fault();
  return result;
}

// Half a megabyte that packs neither well nor not at all.
FileBytes sample() {
  FileBytes bytes(500'000);
  std::uint32_t state = 1;
  for (auto& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(state >> 30);
  }
  return bytes;
}

using Packer = FileBytes (*)(const FileBytes&);
class Packers : public testing::TestWithParam<Packer> {};
INSTANTIATE_TEST_SUITE_P(GzipAndZstd, Packers,
                         testing::Values([](const FileBytes& bytes) { return tests::gzip(bytes); },
                                         [](const FileBytes& bytes) { return tests::zstd(bytes); }));

TEST_P(Packers, WhatWasPackedComesOutWhateverTheSizeOfTheReads) {
  const FileBytes packed = GetParam()(sample());
  for (const std::size_t piece : {1U << 20, 4099U, 17U}) {
    const Unpacked unpacked = unpack(packed, piece);
    EXPECT_EQ(unpacked.bytes, sample());
    EXPECT_EQ(unpacked.fault, "");
  }
}

TEST_P(Packers, SeveralMembersAreOneStream) {
  const FileBytes packed =
      joined(joined(GetParam()(payload("one ")), GetParam()({})), GetParam()(payload("two")));
  const Unpacked unpacked = unpack(packed);
  EXPECT_EQ(unpacked.bytes, payload("one two"));
  EXPECT_EQ(unpacked.fault, "");
}

TEST_P(Packers, AStreamCutAnywhereGivesItsFrontAndSaysThatItEndsTooEarly) {
  const FileBytes whole = sample();
  const FileBytes packed = GetParam()(whole);
  for (std::size_t length = 4; length < packed.size(); length += 997) {
    const Unpacked unpacked =
        unpack({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(length)}, 100'000);
    ASSERT_LE(unpacked.bytes.size(), whole.size());
    ASSERT_TRUE(std::equal(unpacked.bytes.begin(), unpacked.bytes.end(), whole.begin()));
    ASSERT_NE(unpacked.fault.find("data end too early"), std::string::npos) << unpacked.fault;
  }
}

TEST_P(Packers, ADamagedStreamSaysSo) {
  FileBytes packed = GetParam()(sample());
  packed[packed.size() / 2] ^= 0x55;
  packed[packed.size() / 2 + 1] ^= 0x55;
  const Unpacked unpacked = unpack(packed);
  EXPECT_NE(unpacked.fault.find("data are damaged: "), std::string::npos) << unpacked.fault;
}

TEST_P(Packers, ACaptureCutWhileItWasPackedHasOneFaultAtTheEndOfWhatThereIs) {
  const FileBytes noise = sample();
  tests::Pcap capture;
  for (std::uint32_t i = 0; i < 5000; ++i)
    capture.frame(i, 0, {noise.begin() + i * 100, noise.begin() + (i + 1) * 100});
  FileBytes packed = GetParam()(capture.bytes());
  packed.resize(packed.size() / 2);
  const auto read = read_capture(packed);
  EXPECT_GT(read.frames.size(), 1000U);
  EXPECT_LT(read.frames.size(), 5000U);
  ASSERT_TRUE(read.fault);
  EXPECT_GE(read.fault->offset, 24 + read.frames.size() * 116);
  EXPECT_LT(read.fault->offset, 24 + (read.frames.size() + 1) * 116);
  EXPECT_NE(read.fault->reason.find("data end too early"), std::string::npos) << read.fault->reason;
}

TEST(Gzip, ZeroBytesAfterTheLastMemberArePadding) {
  const Unpacked unpacked = unpack(joined(tests::gzip(payload("member")), FileBytes(200'000, 0)));
  EXPECT_EQ(unpacked.bytes, payload("member"));
  EXPECT_EQ(unpacked.fault, "");
}

TEST(Gzip, OtherBytesAfterTheLastMemberAreAFault) {
  const Unpacked unpacked = unpack(joined(tests::gzip(payload("member")), payload("garbage")));
  EXPECT_EQ(unpacked.bytes, payload("member"));
  EXPECT_EQ(unpacked.fault, "the gzip data are damaged: incorrect header check");
}

TEST(Zstd, SkippableFramesArePassedAlsoInFront) {
  const FileBytes skippable{0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 'h', 'e', 'y'};  // RFC 8878 section 3.1.2
  const Unpacked unpacked = unpack(joined(skippable, joined(tests::zstd(payload("frame")), skippable)));
  EXPECT_EQ(unpacked.bytes, payload("frame"));
  EXPECT_EQ(unpacked.fault, "");
}

TEST(Zstd, AWindowThatWouldNeedMoreMemoryThanTheBoundIsRefused) {
  // RFC 8878 section 3.1.1: a frame without content size, a window of 2^31 bytes, an empty block.
  const FileBytes frame{0x28, 0xB5, 0x2F, 0xFD, 0x00, (31 - 10) << 3, 1, 0, 0};
  EXPECT_EQ(unpack(frame).fault,
            "the zstd data need a window larger than the 128 MiB that tapline allows; repack them with: "
            "zstd -dc --long=31 FILE | zstd -o NEW");
  FileBytes most = frame;
  most[5] = (27 - 10) << 3;
  EXPECT_EQ(unpack(most).fault, "");
}

TEST(Decompress, PlainBytesStayAsTheyAre) {
  for (const FileBytes& bytes : {FileBytes{}, FileBytes{0x1F}, payload("abc"), payload("abcdefgh")}) {
    EXPECT_EQ(unpack(bytes, 3).bytes, bytes);
    EXPECT_EQ(unpack(bytes, 3).fault, "");
  }
}

}  // namespace

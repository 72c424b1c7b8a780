// Frames for a spool, in words, and what came back of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mgmt/spool/pcap_record.h"
#include "mgmt/spool/spool_part.h"
#include "mgmt/spool/spool_slice.h"
#include "tests/support/frame_copy.h"
#include "tests/support/packet_builder.h"

namespace tests {

inline constexpr std::int64_t kSpoolBegin = 1'700'000'000;  // seconds
inline constexpr std::int64_t kSpoolSecond = 1'000'000'000;

// A query of `from`, `ms` after the beginning; its payload of so many octets.
inline FrameCopy spool_frame(std::int64_t ms, const std::string& from, std::size_t octets = 100) {
  const Bytes bytes = ethernet(
      kIpv4,
      ipv4(kUdp, from, "10.9.9.9", be16(4000) + be16(53) + be16(8 + octets) + be16(0) + zeros(octets)));
  return {kSpoolBegin * kSpoolSecond + ms * 1'000'000, static_cast<std::uint32_t>(bytes.size()),
          wire::LinkType::kEthernet, bytes};
}

inline wire::Frame view_of(const FrameCopy& frame) {
  return {
      frame.bytes.data(), static_cast<std::uint32_t>(frame.bytes.size()), frame.wire_length, frame.time_ns, 0,
      frame.link};
}

// A closed file of the spool with these frames, written by chunks of 64 KiB.
inline void write_spool_file(const std::string& base, const std::vector<FrameCopy>& frames,
                             bool finish = true) {
  mgmt::SpoolPart part(base, wire::LinkType::kEthernet);
  mgmt::SpoolChunk chunk;
  const auto write = [&] {
    if (chunk.frames > 0) part.write(chunk);
    chunk.clear();
  };
  for (const FrameCopy& frame : frames) {
    chunk.add(view_of(frame));
    if (chunk.records.size() >= 64 << 10) write();
  }
  write();
  if (finish) part.finish();
}

struct CutSlice : mgmt::Slice {
  std::string octets;
  std::vector<FrameCopy> capture;
};

inline CutSlice cut(const mgmt::SliceQuery& query) {
  CutSlice cut;
  static_cast<mgmt::Slice&>(cut) =
      mgmt::cut_slice(query, [&](std::string_view octets) { cut.octets.append(octets); });
  const std::vector<std::uint8_t> bytes(cut.octets.begin(), cut.octets.end());
  const FileRead read = read_capture(bytes);
  EXPECT_FALSE(read.fault.has_value());
  EXPECT_EQ(read.frames.size(), cut.frames);
  EXPECT_EQ(cut.octets.size(), cut.bytes);
  cut.capture = read.frames;
  return cut;
}

// The frames of [from, to), in milliseconds after the beginning.
inline mgmt::SliceQuery slice_of(const std::string& folder, std::int64_t from_ms, std::int64_t to_ms) {
  return {folder, kSpoolBegin * kSpoolSecond + from_ms * 1'000'000,
          kSpoolBegin * kSpoolSecond + to_ms * 1'000'000, std::nullopt};
}

}  // namespace tests

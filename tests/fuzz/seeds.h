// What the fuzz targets start from: real captures and logs, cut into what a target reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "dataplane/capture_reader.h"
#include "tests/fuzz/segments.h"
#include "wire/packet.h"

namespace tests {

using Seed = std::vector<std::uint8_t>;

// A frame as the packet target reads it: the link type, low octet first, and the bytes.
inline Seed frame_seed(const wire::Frame& frame) {
  const auto link = static_cast<std::uint16_t>(frame.link);
  Seed seed = {static_cast<std::uint8_t>(link), static_cast<std::uint8_t>(link >> 8)};
  seed.insert(seed.end(), frame.bytes, frame.bytes + frame.length);
  return seed;
}

inline constexpr std::size_t kMostSeedOctets = 65536;

// The DNS segments of a capture, as many to a seed as it has room for.
template <class Sink>
void each_seed_of_segments(dataplane::CaptureReader& reader, Sink&& sink) {
  SegmentWriter writer;
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    for (const wire::Frame& frame : burst) {
      wire::Packet packet;
      const wire::Verdict verdict = wire::decode(frame, packet);
      const bool segment = verdict == wire::Verdict::kDnsSegment || verdict == wire::Verdict::kSyn ||
                           verdict == wire::Verdict::kSynAck;
      if (!segment || (packet.source_port != wire::kDnsPort && packet.destination_port != wire::kDnsPort))
        continue;
      writer.write(packet, frame.time_ns);
      if (writer.octets().size() < kMostSeedOctets - 2 * kMostSegmentOctets) continue;
      sink(writer.octets());
      writer = {};
    }
  }
  if (!writer.octets().empty()) sink(writer.octets());
}

// Calls sink(const Seed&) for each seed that `capture` gives a target of this kind: "files" read whole
// captures, "frames" one frame, "dns" one DNS message, "segments" those of DNS over TCP; "lines" one line of
// a log.
template <class Sink>
void each_seed(const std::string& kind, const std::filesystem::path& capture, Sink&& sink) {
  if (kind == "lines") {
    std::ifstream file(capture);
    for (std::string line; std::getline(file, line);) sink(Seed(line.begin(), line.end()));
    return;
  }
  if (kind == "files") {
    std::ifstream file(capture, std::ios::binary);
    const std::vector<char> content(std::istreambuf_iterator<char>(file), {});
    sink(Seed(content.begin(), content.end()));
    return;
  }
  dataplane::CaptureReader reader({capture.string()});
  if (kind == "segments") return each_seed_of_segments(reader, sink);
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    for (const wire::Frame& frame : burst) {
      if (kind == "frames") {
        sink(frame_seed(frame));
        continue;
      }
      wire::Packet packet;
      if (wire::decode(frame, packet) != wire::Verdict::kDns) continue;
      sink(Seed(packet.payload.begin(), packet.payload.end()));
    }
  }
}

inline bool gives_seeds(const std::string& kind, const std::filesystem::directory_entry& entry) {
  const std::string extension = entry.path().extension().string();
  if (kind == "lines") return entry.is_regular_file() && extension == ".log";
  return entry.is_regular_file() && (extension == ".pcap" || extension == ".pcapng");
}

}  // namespace tests

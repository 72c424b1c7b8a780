// Frames that outlive their burst, to compare what two readers saw.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <span>
#include <vector>

#include "dataplane/capture_file.h"
#include "wire/frame.h"

namespace tests {

struct FrameCopy {
  std::int64_t time_ns = 0;
  std::uint32_t wire_length = 0;
  wire::LinkType link = wire::LinkType::kEthernet;
  std::vector<std::uint8_t> bytes;

  friend bool operator==(const FrameCopy&, const FrameCopy&) = default;
  friend std::ostream& operator<<(std::ostream& out, const FrameCopy& frame) {
    return out << "frame of " << frame.bytes.size() << " bytes at " << frame.time_ns << " ns";
  }
};

inline FrameCopy copy_of(const wire::Frame& frame) {
  return {frame.time_ns, frame.wire_length, frame.link, {frame.bytes, frame.bytes + frame.length}};
}

// All that a reader gives; `orders` as the frames had them.
struct FramesRead {
  std::vector<FrameCopy> frames;
  std::vector<std::uint64_t> orders;

  void add(std::span<const wire::Frame> burst) {
    for (const wire::Frame& frame : burst) {
      frames.push_back(copy_of(frame));
      orders.push_back(frame.order);
    }
  }
};

struct FileRead : FramesRead {
  std::optional<dataplane::CaptureFault> fault;
};

inline FileRead read_capture(std::unique_ptr<dataplane::ByteSource> source) {
  dataplane::CaptureFile file(std::move(source));
  FileRead read;
  for (auto burst = file.receive(1); !burst.empty(); burst = file.receive(read.orders.size() + 1))
    read.add(burst);
  read.fault = file.fault();
  return read;
}

inline FileRead read_capture(std::span<const std::uint8_t> bytes) {
  return read_capture(std::make_unique<dataplane::MemorySource>(bytes));
}

}  // namespace tests

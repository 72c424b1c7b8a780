// Any bytes, read as a capture file, packed or not: every byte of every frame can be read.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "dataplane/capture_file.h"

namespace {

constexpr std::uint64_t kMaxFrames = 100'000;  // A few packed kilobytes can be gigabytes of frames.

void read_every_byte(dataplane::CaptureFile& file) {
  std::uint64_t order = 1;
  for (auto burst = file.receive(order); !burst.empty() && order < kMaxFrames; burst = file.receive(order)) {
    std::uint8_t sum = 0;
    for (const wire::Frame& frame : burst) {
      if (frame.order != order++ || frame.length > dataplane::kMaxFrameBytes) std::abort();
      for (const std::uint8_t byte : std::span(frame.bytes, frame.length)) sum ^= byte;
    }
    volatile std::uint8_t seen = sum;  // The reads must happen.
    static_cast<void>(seen);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  dataplane::CaptureFile file(std::make_unique<dataplane::MemorySource>(std::span(bytes, size)));
  read_every_byte(file);
  if (file.fault() && file.fault()->reason.empty()) std::abort();
  return 0;
}

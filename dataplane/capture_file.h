// One capture file, of whatever format: the frames in the order of the file.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "dataplane/burst.h"
#include "dataplane/capture_format.h"

namespace dataplane {

// Memory is bounded by kMaxContiguousBytes + kWindowBlockBytes and what decompressed() takes. Used by one
// thread; allocates only when it is made and when a pcapng section describes interfaces.
class CaptureFile {
 public:
  // Recognises compression and format by the first bytes, so it waits for these.
  explicit CaptureFile(std::unique_ptr<ByteSource> stored);

  // The next frames, at most kBurstFrames, numbered from `order` on; none: the end, or a fault. They and
  // their bytes stay until the next call. Their numbers are the caller's to change.
  std::span<wire::Frame> receive(std::uint64_t order);

  // What stopped the reading; known at the latest when receive() has answered with no frame.
  const std::optional<CaptureFault>& fault() const noexcept { return format_->fault(); }

 private:
  ByteWindow window_;
  std::unique_ptr<CaptureFormat> format_;
  std::array<wire::Frame, kBurstFrames> burst_;
};

}  // namespace dataplane

// What the formats of capture files have in common: frames by the burst, out of a window over the bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "dataplane/byte_window.h"
#include "wire/frame.h"

namespace dataplane {

// The longest frame that a capture may hold, as in libpcap (MAXIMUM_SNAPLEN). A longer one is a damaged file.
inline constexpr std::size_t kMaxFrameBytes = 262144;
static_assert(kMaxFrameBytes + 64 <= kMaxContiguousBytes, "a frame and its record header fit in the window");

// Why a capture could not be read further.
struct CaptureFault {
  std::uint64_t offset = 0;  // of the record at fault, in the uncompressed stream
  std::string reason;        // what follows "FILE: at byte OFFSET: "
};

class CaptureFormat {
 public:
  virtual ~CaptureFormat() = default;

  // Fills the front of `burst` with the next frames, numbered from `order` on. Answers how many; 0 is the end
  // or a fault, now and ever after. The frames' bytes are the window's, and stay until the next call.
  virtual std::size_t receive(ByteWindow& window, std::span<wire::Frame> burst, std::uint64_t order) = 0;

  const std::optional<CaptureFault>& fault() const noexcept { return fault_; }

 protected:
  // Answer false, for `return fail(...)`.
  bool fail(std::uint64_t offset, std::string reason);
  // For a window that has no more bytes, although `record_offset` begins something that is longer. No fault
  // if the stream ended rightly between two records.
  bool ended(const ByteWindow& window, std::uint64_t record_offset, std::string_view record);

 private:
  std::optional<CaptureFault> fault_;
};

}  // namespace dataplane

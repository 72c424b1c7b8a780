#include "dataplane/capture_format.h"

namespace dataplane {

bool CaptureFormat::fail(std::uint64_t offset, std::string reason) {
  fault_ = {offset, std::move(reason)};
  return false;
}

bool CaptureFormat::ended(const ByteWindow& window, std::uint64_t record_offset, std::string_view record) {
  const std::uint64_t stream_end = window.offset() + window.size();
  if (!window.fault().empty()) return fail(stream_end, window.fault());
  if (record_offset == stream_end) return false;
  return fail(record_offset, "the file ends inside this " + std::string(record) + ", " +
                                 std::to_string(stream_end - record_offset) + " bytes after its start");
}

}  // namespace dataplane

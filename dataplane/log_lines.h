// A stream of bytes, cut into lines.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "dataplane/byte_source.h"
#include "matchers/line_batch.h"

namespace dataplane {

// One thread; allocates in the constructor only.
class LogLines {
 public:
  explicit LogLines(std::unique_ptr<ByteSource> bytes);

  // The next lines, at most LineBatch::kMaxLines, without their ends (LF, or CR LF); none is the end. They
  // stay until the next call. Of a line longer than kMaxLineOctets one octet more than that is there, and the
  // rest is left out.
  std::span<const std::string_view> receive();

  const std::string& fault() const { return bytes_->fault(); }
  std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

  bool fill();
  bool take_line(std::string_view& line);

  std::unique_ptr<ByteSource> bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what is not yet handed out
  std::size_t end_ = 0;
  bool ended_ = false;
  bool skipping_ = false;  // what is left of a line that was too long
  std::uint64_t bytes_read_ = 0;
  std::array<std::string_view, matchers::LineBatch::kMaxLines> lines_;
};

}  // namespace dataplane

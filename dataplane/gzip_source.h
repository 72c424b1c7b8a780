// Unpacks gzip (RFC 1952).
#pragma once

#include <zlib.h>

#include "dataplane/packed_input.h"

namespace dataplane {

// Zero bytes after the last member are padding, as gzip(1) has it; anything else that is no member is a
// fault.
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> stored);
  ~GzipSource() override;

  std::size_t read(std::span<std::uint8_t> into) override;
  const std::string& fault() const override { return fault_; }

 private:
  bool begin_member();
  void end(const std::string& fault);

  PackedInput input_;
  z_stream stream_{};
  bool in_member_ = true;
  bool ended_ = false;
  std::string fault_;
};

}  // namespace dataplane

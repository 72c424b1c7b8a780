// What a decompressor has read of its stored bytes and not yet used.
#pragma once

#include <array>
#include <memory>

#include "dataplane/byte_source.h"

namespace dataplane {

class PackedInput {
 public:
  explicit PackedInput(std::unique_ptr<ByteSource> stored) : stored_(std::move(stored)) {}

  // Reads on if all bytes are used. False: there are no more.
  bool fill() {
    if (!rest_.empty()) return true;
    rest_ = std::span(buffer_).first(stored_->read(buffer_));
    return !rest_.empty();
  }

  std::span<std::uint8_t> rest() const noexcept { return rest_; }
  void use(std::size_t bytes) noexcept { rest_ = rest_.subspan(bytes); }
  const std::string& fault() const { return stored_->fault(); }

 private:
  std::unique_ptr<ByteSource> stored_;
  std::array<std::uint8_t, std::size_t{128} * 1024>
      buffer_;  // what zstd asks for at a time (ZSTD_DStreamInSize)
  std::span<std::uint8_t> rest_;
};

}  // namespace dataplane

// Unpacks zstd (RFC 8878).
#pragma once

#include <zstd.h>

#include "dataplane/packed_input.h"

namespace dataplane {

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> stored);
  ~ZstdSource() override;

  std::size_t read(std::span<std::uint8_t> into) override;
  const std::string& fault() const override { return fault_; }

 private:
  void end(const std::string& fault);

  PackedInput input_;
  ZSTD_DStream* stream_;
  bool between_frames_ = true;
  bool ended_ = false;
  std::string fault_;
};

}  // namespace dataplane

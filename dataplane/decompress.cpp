#include "dataplane/decompress.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "dataplane/byte_order.h"
#include "dataplane/gzip_source.h"
#include "dataplane/zstd_source.h"

namespace dataplane {
namespace {

using Head = std::array<std::uint8_t, 4>;

// Gives back the bytes that were looked at, then goes on with the rest.
class RewoundSource final : public ByteSource {
 public:
  RewoundSource(std::unique_ptr<ByteSource> rest, const Head& head, std::size_t head_bytes)
      : rest_(std::move(rest)), head_(head), head_end_(head_bytes) {}

  std::size_t read(std::span<std::uint8_t> into) override {
    if (head_begin_ == head_end_) return rest_->read(into);
    const std::size_t count = std::min(into.size(), head_end_ - head_begin_);
    std::memcpy(into.data(), head_.data() + head_begin_, count);
    head_begin_ += count;
    return count;
  }
  const std::string& fault() const override { return rest_->fault(); }

 private:
  std::unique_ptr<ByteSource> rest_;
  Head head_;
  std::size_t head_begin_ = 0;
  std::size_t head_end_;
};

std::size_t read_head(ByteSource& source, Head& head) {
  std::size_t have = 0;
  while (have < head.size()) {
    const std::size_t count = source.read(std::span(head).subspan(have));
    if (count == 0) break;
    have += count;
  }
  return have;
}

bool is_gzip(const Head& head) {
  return head[0] == 0x1F && head[1] == 0x8B;
}

bool is_zstd(const Head& head) {
  const std::uint32_t magic = ByteOrder{}.u32(head.data());
  return magic == 0xFD2FB528 || (magic & 0xFFFFFFF0) == 0x184D2A50;  // or a skippable frame
}

}  // namespace

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> stored) {
  Head head{};
  const std::size_t head_bytes = read_head(*stored, head);
  auto rewound = std::make_unique<RewoundSource>(std::move(stored), head, head_bytes);
  if (is_gzip(head)) return std::make_unique<GzipSource>(std::move(rewound));
  if (is_zstd(head)) return std::make_unique<ZstdSource>(std::move(rewound));
  return rewound;
}

}  // namespace dataplane

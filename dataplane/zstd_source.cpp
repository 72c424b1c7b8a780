#include "dataplane/zstd_source.h"

#include <new>

#include <zstd_errors.h>

namespace dataplane {

namespace {

constexpr int kMaxWindowLog = 27;

// `status` is an error of zstd.
std::string fault_of(std::size_t status) {
  if (::ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge) {
    return "the zstd data need a window larger than the " + std::to_string((1 << kMaxWindowLog) >> 20) +
           " MiB that tapline allows; repack them with: zstd -dc --long=31 FILE | zstd -o NEW";
  }
  return std::string("the zstd data are damaged: ") + ::ZSTD_getErrorName(status);
}

}  // namespace

ZstdSource::ZstdSource(std::unique_ptr<ByteSource> stored)
    : input_(std::move(stored)), stream_(::ZSTD_createDStream()) {
  if (stream_ == nullptr) throw std::bad_alloc();
  ::ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kMaxWindowLog);
}

ZstdSource::~ZstdSource() {
  ::ZSTD_freeDStream(stream_);
}

void ZstdSource::end(const std::string& fault) {
  ended_ = true;
  fault_ = input_.fault().empty() ? fault : input_.fault();
}

std::size_t ZstdSource::read(std::span<std::uint8_t> into) {
  ZSTD_outBuffer out{into.data(), into.size(), 0};
  while (!ended_ && out.pos == 0) {
    // What zstd still holds comes out without more input, so ask it before the stored bytes are at their end.
    const bool more = input_.fill();
    ZSTD_inBuffer in{input_.rest().data(), input_.rest().size(), 0};
    if (!more && between_frames_) {
      end("");
      break;
    }
    const std::size_t status = ::ZSTD_decompressStream(stream_, &out, &in);
    input_.use(in.pos);
    if (::ZSTD_isError(status)) {
      end(fault_of(status));
    } else {
      between_frames_ = status == 0;
      if (!more && !between_frames_ && out.pos == 0)
        end("the zstd data end too early; the file was cut, or not written to its end");
    }
  }
  return out.pos;
}

}  // namespace dataplane

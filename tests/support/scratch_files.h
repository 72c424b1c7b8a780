// Files, pipes and compression for tests of what reads them.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

namespace tests {

// A directory of its own, removed with all that is in it. Unless TMPDIR says where, it is in memory if there
// is some: a disk that others keep busy can let a file wait for half a minute.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (parent() / "tapline_test_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch directory");
    path_ = pattern;
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    for (int tries = 0; tries < 100; ++tries) {
      std::error_code busy;  // A browser's last processes may still write.
      std::filesystem::remove_all(path_, busy);
      if (!busy) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, std::span<const std::uint8_t> bytes) const {
    std::ofstream file(path(name), std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path(name);
  }

 private:
  static std::filesystem::path parent() {
    constexpr std::uintmax_t kEnough = 1 << 30;
    const char* const memory = "/dev/shm";
    std::error_code none;
    const std::filesystem::space_info space = std::filesystem::space(memory, none);
    const bool in_memory = !none && space.available >= kEnough && ::access(memory, W_OK | X_OK) == 0;
    const char* const said = std::getenv("TMPDIR");
    if (said != nullptr && *said != '\0') return said;
    return in_memory ? memory : "/tmp";
  }

  std::filesystem::path path_;
};

// One member (RFC 1952).
inline std::vector<std::uint8_t> gzip(std::span<const std::uint8_t> bytes) {
  z_stream stream{};
  if (::deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::vector<std::uint8_t> packed(::deflateBound(&stream, bytes.size()));
  std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  if (::deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("deflate");
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  return packed;
}

// One frame with a checksum (RFC 8878).
inline std::vector<std::uint8_t> zstd(std::span<const std::uint8_t> bytes, int window_log = 0) {
  ZSTD_CCtx* const context = ::ZSTD_createCCtx();
  ::ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ::ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  if (window_log != 0) ::ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  std::vector<std::uint8_t> packed(::ZSTD_compressBound(bytes.size()) + 64);
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  const std::size_t left = ::ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
  ::ZSTD_freeCCtx(context);
  if (left != 0) throw std::runtime_error("ZSTD_compressStream2");
  packed.resize(out.pos);
  return packed;
}

}  // namespace tests

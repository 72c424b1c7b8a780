// A stream of bytes, read once from front to back.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace dataplane {

// Used by one thread. A stream that cannot be read, or not to its end, is one that ends with a fault.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  // Fills the front of `into`, which must not be empty, with what is there now, and waits if that is nothing.
  // Answers how many bytes; 0 is the end, now and ever after.
  virtual std::size_t read(std::span<std::uint8_t> into) = 0;

  // Why the stream ended too early, as what follows "FILE: "; empty if it did not.
  virtual const std::string& fault() const = 0;
};

// A file, a pipe, or with the path "-" standard input. Adds the bytes it reads to `progress`, which any
// thread may load and which must outlive the source.
class FileSource final : public ByteSource {
 public:
  FileSource(const std::string& path, std::atomic<std::uint64_t>& progress);
  ~FileSource() override;

  std::size_t read(std::span<std::uint8_t> into) override;
  const std::string& fault() const override { return fault_; }

  bool can_be_read_again() const noexcept { return owned_ && size_.has_value(); }
  std::optional<std::uint64_t> size() const noexcept {
    return size_;
  }                                                          // bytes on the disk; nothing for a pipe
  std::uint64_t position() const noexcept { return read_; }  // bytes read so far

 private:
  void inspect();
  void fail(const char* what, int error);
  bool wait_if_nothing_is_there() const noexcept;  // after a read failed: whether to try again

  int descriptor_ = -1;
  bool owned_ = false;
  std::optional<std::uint64_t> size_ = 0;
  std::uint64_t read_ = 0;
  std::atomic<std::uint64_t>& progress_;
  std::string fault_;
};

// Bytes that the caller keeps alive.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  std::size_t read(std::span<std::uint8_t> into) override;
  const std::string& fault() const override { return fault_; }

 private:
  std::span<const std::uint8_t> rest_;
  std::string fault_;
};

}  // namespace dataplane

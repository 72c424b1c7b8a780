// One of the files that a reader merges, open only while its frames are wanted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "dataplane/capture_file.h"

namespace dataplane {

// Adds the bytes that it reads to `consumed`, which must outlive it. Used by one thread.
class CaptureInput {
 public:
  // `place` is the file's place on the command line.
  CaptureInput(std::string path, std::size_t place, std::atomic<std::uint64_t>& consumed)
      : path_(std::move(path)), place_(place), consumed_(&consumed) {}

  void open();

  // Reads the next frames, numbered from `order` on; opens the file if it is parked. Takes back those given
  // out before. False: there are none; fault() may say why.
  bool read_on(std::uint64_t order);

  // The frames read and not taken. They stay until read_on(), park() or close().
  std::span<wire::Frame> frames() const noexcept { return frames_; }
  std::span<wire::Frame> take(std::size_t count) noexcept;

  // Closes a file of which no frame was taken, until read_on() reads it again from its start; the time of its
  // next frame stays known. Does nothing to what can be read only once.
  void park();
  bool parked() const noexcept { return file_ == nullptr; }
  void close();

  // Whether its next frame goes before that of `other`.
  bool precedes(const CaptureInput& other) const noexcept {
    return next_ns_ != other.next_ns_ ? next_ns_ < other.next_ns_ : place_ < other.place_;
  }

  const std::string& path() const noexcept { return path_; }
  // These two only while it is open. The size is in bytes on disk; nothing for a pipe.
  const std::optional<CaptureFault>& fault() const noexcept { return file_->fault(); }
  std::optional<std::uint64_t> stored_bytes() const noexcept { return stored_->size(); }

 private:
  std::string path_;
  std::size_t place_;
  std::atomic<std::uint64_t>* consumed_;
  std::unique_ptr<CaptureFile> file_;
  FileSource* stored_ = nullptr;  // owned by file_
  std::span<wire::Frame> frames_;
  std::int64_t next_ns_ = 0;  // of the next frame
};

}  // namespace dataplane

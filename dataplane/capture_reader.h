// Capture files as the source of a worker: all of them as one stream, in time order.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dataplane/burst.h"
#include "dataplane/capture_file.h"
#include "dataplane/capture_input.h"
#include "wire/frame.h"

namespace dataplane {

// What could not be read of one file. All frames before it were delivered.
struct CaptureError {
  std::string path;
  std::uint64_t offset = 0;  // of the record at fault, in the uncompressed stream
  std::string reason;        // what follows "PATH: at byte OFFSET: "
};

// Reads pcap and pcapng, plain or packed with gzip or zstd. Each file's frames stay in the file's order; of
// several files, the one whose next frame is oldest goes first, and of equally old ones the one named first.
// Memory does not grow with a file's length; a file is kept open, and holds its buffer, only while it is
// being read. receive() belongs to one thread; it allocates only where one file ends and another begins.
class CaptureReader {
 public:
  // "-" is standard input. Opens each file and reads up to its first frame.
  explicit CaptureReader(std::vector<std::string> paths);

  // The next frames, at most kBurstFrames, their `order` counting from 1; none is the end. They and their
  // bytes stay until the next call; the caller may change them.
  std::span<wire::Frame> receive();

  // In the order found; complete at the end.
  const std::vector<CaptureError>& errors() const noexcept { return errors_; }

  // How far the reading is, in bytes as the files are stored on disk. Any thread.
  std::uint64_t bytes_consumed() const noexcept { return consumed_.load(std::memory_order_relaxed); }
  // How far it will go; 0 if unknown, because one of the files is a pipe.
  std::uint64_t bytes_total() const noexcept { return total_; }

 private:
  void open_all(std::vector<std::string>&& paths);
  void read_on(CaptureInput& input);
  std::span<wire::Frame> receive_alone();
  std::span<wire::Frame> receive_merged();
  std::size_t take_run(CaptureInput& input, std::span<wire::Frame> into);
  void push(CaptureInput& input);
  CaptureInput& pop();

  std::atomic<std::uint64_t> consumed_ = 0;
  std::uint64_t total_ = 0;
  std::vector<CaptureInput> inputs_;
  std::vector<CaptureInput*> queue_;  // a heap: in front the input that goes first
  CaptureInput* used_up_ = nullptr;   // not in the queue: its last frame is in the burst that the caller has
  std::uint64_t next_order_ = 1;
  std::vector<CaptureError> errors_;
  std::array<wire::Frame, kBurstFrames> merged_;
};

}  // namespace dataplane

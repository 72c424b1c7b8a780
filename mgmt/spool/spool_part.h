// A file of the spool while it is written: the capture and, beside it, its index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mgmt/spool/host_filter.h"
#include "mgmt/spool/spool_files.h"
#include "mgmt/spool/spool_index.h"

namespace mgmt {

// Frames on their way to a file, as it will store them.
struct SpoolChunk {
  std::string records;
  std::uint64_t frames = 0;
  std::int64_t first_ns = INT64_MAX;
  std::int64_t last_ns = INT64_MIN;
  HostFilter hosts;

  void add(const wire::Frame& frame);
  void clear() noexcept;
};

// One thread. It is a ".part" until finish() gives it its name; one that is not finished, as after a kill, is
// by finish_part().
class SpoolPart {
 public:
  // Makes the files. Throws SpoolError, as all else here: what follows "spool FOLDER: ".
  SpoolPart(const std::string& base, wire::LinkType link);
  // Goes on with those that there are, behind the last whole record.
  explicit SpoolPart(const std::string& base);
  ~SpoolPart();
  SpoolPart(const SpoolPart&) = delete;
  SpoolPart& operator=(const SpoolPart&) = delete;

  // All of the chunk is in the file, or nothing of it, if it throws.
  void write(const SpoolChunk& chunk);

  void finish();

  // False: somebody has removed it, or put another in its place.
  bool is_there() const noexcept;

  bool empty() const noexcept;
  std::uint64_t capture_bytes() const noexcept { return bytes_; }
  std::uint64_t bytes() const noexcept { return bytes_ + index_->bytes(); }  // of all three

 private:
  void open(int flags);
  void add(const SpoolChunk& chunk) noexcept;
  void take_up();
  void end_block();

  const SpoolEntry entry_;
  int file_ = -1;
  std::uint64_t bytes_ = 0;
  SpoolBlock block_;  // the last one, not yet in the index
  HostFilter hosts_;  // of it
  std::optional<SpoolIndexWriter> index_;
};

// Closes what a program that died left: cuts the record that is not whole, completes the index, gives it its
// name. Without a frame it is removed. Throws SpoolError.
void finish_part(const SpoolEntry& entry);

// All three files; what is not there is none the worse.
void remove_spool_files(const SpoolEntry& entry) noexcept;

}  // namespace mgmt

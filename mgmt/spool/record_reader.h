// The frames of a stretch of a capture file, one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mgmt/spool/spool_files.h"
#include "wire/frame.h"

namespace mgmt {

// Reads by pieces of at most 256 KiB, or a frame that is longer. One thread; borrows the file.
class RecordReader {
 public:
  // From the record at `begin` up to `end`. `read` is raised by the octets read.
  RecordReader(const SpoolFile& file, wire::LinkType link, std::uint64_t begin, std::uint64_t end,
               std::uint64_t& read)
      : file_(file), link_(link), read_(read), offset_(begin), end_(end) {}

  // The next frame, whose octets stay until the next call. None: here the stretch ends, or what follows is no
  // whole record, as damaged() says. Throws SpoolError.
  std::optional<wire::Frame> next();

  // Where the whole records read so far end.
  std::uint64_t offset() const noexcept { return offset_; }
  // A record that nobody wrote so. What is only cut off at the end of the stretch is none.
  bool damaged() const noexcept { return damaged_; }

 private:
  bool fill(std::size_t bytes);

  const SpoolFile& file_;
  const wire::LinkType link_;
  std::uint64_t& read_;
  std::uint64_t offset_;
  const std::uint64_t end_;
  std::vector<std::uint8_t> piece_;
  std::size_t at_ = 0;  // in it
  bool damaged_ = false;
};

// Of the file's header. Throws SpoolError: "is no capture of tapline's".
wire::LinkType link_of(const SpoolFile& file);

}  // namespace mgmt

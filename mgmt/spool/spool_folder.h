// The folder of a spool: one tapline's, and never larger than it may be.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "mgmt/spool/spool_files.h"

namespace mgmt {

// One thread. Holds a lock on the folder while it lives.
class SpoolFolder {
 public:
  // Makes the folder if only its last part is missing, and closes what a program that died left open; what
  // cannot be closed stays as it is, and is told to `say`. Throws SpoolError, in a sentence.
  SpoolFolder(std::string folder, std::uint64_t max_bytes,
              const std::function<void(const std::string&)>& say);
  ~SpoolFolder();
  SpoolFolder(const SpoolFolder&) = delete;
  SpoolFolder& operator=(const SpoolFolder&) = delete;

  const std::string& path() const noexcept { return path_; }

  // A file that has its name now, of `bytes` with its index.
  void closed(const SpoolEntry& entry, std::uint64_t bytes);

  // Removes the oldest closed files until there is room for `more` octets beside `open`, those being written.
  void make_room(std::uint64_t open, std::uint64_t more);

  std::uint64_t files() const noexcept { return files_.size(); }  // closed ones
  std::uint64_t bytes() const noexcept { return bytes_; }         // of these

 private:
  struct Closed {
    SpoolEntry entry;
    std::uint64_t bytes;
  };

  void lock();
  void finish_parts(const std::function<void(const std::string&)>& say);
  void find_closed();

  const std::string path_;
  const std::uint64_t max_bytes_;
  int lock_ = -1;
  std::deque<Closed> files_;  // oldest first
  std::uint64_t bytes_ = 0;
};

}  // namespace mgmt

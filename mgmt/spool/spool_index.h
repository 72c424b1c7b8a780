// The time index beside a file of the spool, and which hosts its blocks may be of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mgmt/spool/host_filter.h"

namespace mgmt {

// Whole records of so many octets at least, but for a file's last block. 40 octets of times say where it is,
// and 4096 of a filter whose it may be.
inline constexpr std::uint64_t kSpoolBlockBytes = 256 << 10;

struct SpoolBlock {
  std::uint64_t offset = 0;  // in the capture file
  std::uint64_t bytes = 0;
  std::int64_t first_ns = INT64_MAX;  // the earliest and the latest frame's time
  std::int64_t last_ns = INT64_MIN;

  std::uint64_t end() const noexcept { return offset + bytes; }
  bool overlaps(std::int64_t from_ns, std::int64_t to_ns) const noexcept {
    return first_ns < to_ns && last_ns >= from_ns;
  }
};

// The blocks of a file as its ".times" has them: each follows the one before. Octets behind the last are in
// none. Throws SpoolError, in the half of a sentence that follows the file's name, if that is not what it
// says; it is read as far as `file_bytes` of the capture can need. `read` is raised by the octets read.
std::vector<SpoolBlock> read_spool_blocks(const std::string& path, std::uint64_t file_bytes,
                                          std::uint64_t& read);

// The time that the first 40 octets of it say the blocks lie in: without a look at the others. None if they
// are damaged.
struct SpoolSpan {
  std::int64_t first_ns;
  std::int64_t last_ns;
};
std::optional<SpoolSpan> read_spool_span(const std::string& path, std::uint64_t& read);

// Of the block `number`, from ".hosts". None if it is not there or is damaged.
std::optional<HostFilter> read_host_filter(const std::string& path, std::size_t number, std::uint64_t& read);

// Writes both while a file grows. Owns the descriptors.
class SpoolIndexWriter {
 public:
  // Opens or makes both, of which the first `blocks` stay. Throws SpoolError.
  SpoolIndexWriter(const std::string& times, const std::string& hosts, const std::vector<SpoolBlock>& blocks);
  ~SpoolIndexWriter();
  SpoolIndexWriter(const SpoolIndexWriter&) = delete;
  SpoolIndexWriter& operator=(const SpoolIndexWriter&) = delete;

  // Throws SpoolError; then it can be tried again.
  void add(const SpoolBlock& block, const HostFilter& hosts);

  std::uint64_t bytes() const noexcept;

 private:
  void open(const std::string& times, const std::string& hosts);
  void close() noexcept;

  int times_ = -1;
  int hosts_ = -1;
  std::size_t blocks_;
  SpoolSpan span_{INT64_MAX, INT64_MIN};
};

}  // namespace mgmt

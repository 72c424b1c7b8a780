#include "mgmt/spool/spool_index.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/spool/pcap_record.h"
#include "mgmt/spool/spool_error.h"
#include "mgmt/spool/spool_files.h"

namespace mgmt {
namespace {

constexpr std::array<char, 16> kMagic = {'t', 'a', 'p', 'l', 'i', 'n', 'e', ' ',
                                         's', 'p', 'o', 'o', 'l', ' ', '1', '\n'};

// The first entry of ".times"; the blocks follow, of the same size.
struct StoredSpan {
  std::array<char, 16> magic;
  std::int64_t first_ns;
  std::int64_t last_ns;
  std::uint64_t check;  // of all before
};
struct StoredBlock {
  std::uint64_t offset;
  std::uint64_t bytes;
  std::int64_t first_ns;
  std::int64_t last_ns;
  std::uint64_t check;  // of all before
};
// Of ".hosts".
struct StoredFilter {
  std::array<std::uint8_t, HostFilter::kBytes> bits;
  std::uint64_t check;
};
constexpr std::size_t kEntryBytes = 40;
static_assert(sizeof(StoredSpan) == kEntryBytes && sizeof(StoredBlock) == kEntryBytes);

template <class Stored>
std::uint64_t check_of(const Stored& entry) {
  return wire::hash_bytes(reinterpret_cast<const std::uint8_t*>(&entry), offsetof(Stored, check));
}

bool is_sound(const StoredSpan& span) {
  return span.magic == kMagic && span.check == check_of(span);
}

// An upper bound: only the last block of a file may be shorter than the others.
std::size_t most_blocks(std::uint64_t file_bytes) {
  return file_bytes / kSpoolBlockBytes + 1;
}

void write_at(int file, const void* from, std::size_t size, std::size_t offset) {
  const ssize_t written = pwrite(file, from, size, static_cast<off_t>(offset));
  if (written == static_cast<ssize_t>(size)) return;
  throw SpoolError(
      fmt::format("its index cannot be written: {}", std::strerror(written < 0 ? errno : ENOSPC)));
}

int open_index(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (file < 0) throw SpoolError(fmt::format("its index cannot be opened: {}", std::strerror(errno)));
  return file;
}

// What the octets of ".times" say, if it is consistent in itself and with a capture of `file_bytes`.
std::vector<SpoolBlock> blocks_in(const std::vector<std::uint8_t>& octets, std::uint64_t file_bytes) {
  StoredSpan span;
  if (octets.size() < kEntryBytes) throw SpoolError("is too short for a time index");
  std::memcpy(&span, octets.data(), sizeof span);
  if (!is_sound(span)) throw SpoolError("is no time index of tapline, or its first 40 octets are damaged");
  std::vector<SpoolBlock> blocks;
  std::uint64_t end = kPcapHeaderBytes;
  for (std::size_t at = kEntryBytes; at + kEntryBytes <= octets.size(); at += kEntryBytes) {
    StoredBlock stored;
    std::memcpy(&stored, octets.data() + at, sizeof stored);
    const bool fits = stored.check == check_of(stored) && stored.offset == end && stored.bytes > 0 &&
                      stored.bytes <= file_bytes - std::min(file_bytes, end) &&
                      stored.first_ns <= stored.last_ns;
    if (!fits) throw SpoolError(fmt::format("is damaged in its block {}", blocks.size()));
    blocks.push_back({stored.offset, stored.bytes, stored.first_ns, stored.last_ns});
    end += stored.bytes;
  }
  return blocks;
}

}  // namespace

std::vector<SpoolBlock> read_spool_blocks(const std::string& path, std::uint64_t file_bytes,
                                          std::uint64_t& read) {
  const SpoolFile file(path);
  // One entry that is only begun is no damage.
  const std::size_t most = kEntryBytes * (1 + most_blocks(file_bytes)) + kEntryBytes - 1;
  if (file.size() > most) throw SpoolError("has more blocks than its capture can have");
  std::vector<std::uint8_t> octets(file.size());
  octets.resize(file.read(octets.data(), octets.size(), 0));
  read += octets.size();
  return blocks_in(octets, file_bytes);
}

std::optional<SpoolSpan> read_spool_span(const std::string& path, std::uint64_t& read) {
  try {
    StoredSpan span;
    const std::size_t got = SpoolFile(path).read(&span, sizeof span, 0);
    read += got;
    if (got == sizeof span && is_sound(span)) return SpoolSpan{span.first_ns, span.last_ns};
  } catch (const SpoolError&) {
    // Then nothing is known of it.
  }
  return std::nullopt;
}

std::optional<HostFilter> read_host_filter(const std::string& path, std::size_t number, std::uint64_t& read) {
  try {
    StoredFilter stored;
    HostFilter filter;
    const std::size_t got = SpoolFile(path).read(&stored, sizeof stored, number * sizeof stored);
    read += got;
    filter.bytes() = stored.bits;
    if (got == sizeof stored && stored.check == filter.check()) return filter;
  } catch (const SpoolError&) {
    // Then any host may be there.
  }
  return std::nullopt;
}

SpoolIndexWriter::SpoolIndexWriter(const std::string& times, const std::string& hosts,
                                   const std::vector<SpoolBlock>& blocks)
    : blocks_(blocks.size()) {
  for (const SpoolBlock& block : blocks) {
    span_.first_ns = std::min(span_.first_ns, block.first_ns);
    span_.last_ns = std::max(span_.last_ns, block.last_ns);
  }
  try {
    open(times, hosts);
  } catch (const SpoolError&) {
    close();
    throw;
  }
}

SpoolIndexWriter::~SpoolIndexWriter() {
  close();
}

void SpoolIndexWriter::open(const std::string& times, const std::string& hosts) {
  times_ = open_index(times);
  hosts_ = open_index(hosts);
  const auto times_end = static_cast<off_t>((1 + blocks_) * kEntryBytes);
  const auto hosts_end = static_cast<off_t>(blocks_ * sizeof(StoredFilter));
  if (blocks_ > 0 ? ftruncate(times_, times_end) == 0 : ftruncate(times_, 0) == 0) {
    if (ftruncate(hosts_, hosts_end) == 0) return;
  }
  throw SpoolError(fmt::format("its index cannot be cut: {}", std::strerror(errno)));
}

void SpoolIndexWriter::close() noexcept {
  if (times_ >= 0) ::close(std::exchange(times_, -1));
  if (hosts_ >= 0) ::close(std::exchange(hosts_, -1));
}

// The block's entry comes last: whoever finds it finds all.
void SpoolIndexWriter::add(const SpoolBlock& block, const HostFilter& hosts) {
  const StoredFilter filter = {hosts.bytes(), hosts.check()};
  write_at(hosts_, &filter, sizeof filter, blocks_ * sizeof filter);
  StoredSpan span = {kMagic, std::min(span_.first_ns, block.first_ns), std::max(span_.last_ns, block.last_ns),
                     0};
  span.check = check_of(span);
  write_at(times_, &span, sizeof span, 0);
  StoredBlock stored = {block.offset, block.bytes, block.first_ns, block.last_ns, 0};
  stored.check = check_of(stored);
  write_at(times_, &stored, sizeof stored, (1 + blocks_) * sizeof stored);
  span_ = {span.first_ns, span.last_ns};
  ++blocks_;
}

std::uint64_t SpoolIndexWriter::bytes() const noexcept {
  return blocks_ == 0 ? 0 : kEntryBytes + blocks_ * (kEntryBytes + sizeof(StoredFilter));
}

}  // namespace mgmt

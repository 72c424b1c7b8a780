#include "mgmt/spool/spool_part.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mgmt/spool/pcap_record.h"
#include "mgmt/spool/record_reader.h"
#include "mgmt/spool/spool_error.h"

namespace mgmt {
namespace {

[[noreturn]] void fail(const char* doing, int reason) {
  throw SpoolError(fmt::format("{}: {}", doing, std::strerror(reason)));
}

}  // namespace

void SpoolChunk::add(const wire::Frame& frame) {
  append_pcap_record(records, frame);
  ++frames;
  first_ns = std::min(first_ns, pcap_time_ns(frame.time_ns));
  last_ns = std::max(last_ns, pcap_time_ns(frame.time_ns));
  hosts.add(hosts_of(frame));
}

void SpoolChunk::clear() noexcept {
  records.clear();
  frames = 0;
  first_ns = INT64_MAX;
  last_ns = INT64_MIN;
  hosts.clear();
}

SpoolPart::SpoolPart(const std::string& base, wire::LinkType link) : entry_{base, true} {
  open(O_WRONLY | O_CREAT | O_EXCL);
  try {
    index_.emplace(entry_.times(), entry_.hosts(), std::vector<SpoolBlock>());
    const auto header = pcap_header(link);
    if (::write(file_, header.data(), header.size()) != static_cast<ssize_t>(header.size()))
      fail("cannot be written", errno == 0 ? ENOSPC : errno);
  } catch (const SpoolError&) {
    close(file_);
    remove_spool_files(entry_);
    throw;
  }
  bytes_ = kPcapHeaderBytes;
  block_.offset = bytes_;
}

SpoolPart::SpoolPart(const std::string& base) : entry_{base, true} {
  open(O_WRONLY);
  try {
    take_up();
  } catch (const SpoolError&) {
    close(file_);
    throw;
  }
}

SpoolPart::~SpoolPart() {
  if (file_ >= 0) close(file_);
}

bool SpoolPart::is_there() const noexcept {
  struct stat named {
  }, ours{};
  return stat(entry_.capture().c_str(), &named) == 0 && fstat(file_, &ours) == 0 &&
         named.st_dev == ours.st_dev && named.st_ino == ours.st_ino;
}

void SpoolPart::open(int flags) {
  file_ = ::open(entry_.capture().c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0640);
  if (file_ < 0) fail("a file cannot be opened", errno);
}

// The blocks that its index knows are believed; what is behind them is read.
void SpoolPart::take_up() {
  const SpoolFile file(entry_.capture());
  const wire::LinkType link = link_of(file);
  std::uint64_t read = 0;
  std::vector<SpoolBlock> blocks;
  try {
    blocks = read_spool_blocks(entry_.times(), file.size(), read);
  } catch (const SpoolError&) {
    // It is made anew.
  }
  index_.emplace(entry_.times(), entry_.hosts(), blocks);
  bytes_ = blocks.empty() ? kPcapHeaderBytes : blocks.back().end();
  block_.offset = bytes_;
  RecordReader reader(file, link, bytes_, file.size(), read);
  SpoolChunk chunk;
  while (const auto frame = reader.next()) {
    chunk.add(*frame);
    if (chunk.records.size() < kSpoolBlockBytes) continue;
    add(chunk);
    end_block();
    chunk.clear();
  }
  add(chunk);
  if (ftruncate(file_, static_cast<off_t>(bytes_)) != 0) fail("a torn record cannot be cut off", errno);
}

void SpoolPart::add(const SpoolChunk& chunk) noexcept {
  bytes_ += chunk.records.size();
  block_.bytes += chunk.records.size();
  block_.first_ns = std::min(block_.first_ns, chunk.first_ns);
  block_.last_ns = std::max(block_.last_ns, chunk.last_ns);
  hosts_.add_all(chunk.hosts);
}

// What a full disk took of a chunk is cut off again.
void SpoolPart::write(const SpoolChunk& chunk) {
  const ssize_t written =
      pwrite(file_, chunk.records.data(), chunk.records.size(), static_cast<off_t>(bytes_));
  if (written != static_cast<ssize_t>(chunk.records.size())) {
    const int reason = written < 0 ? errno : ENOSPC;
    if (ftruncate(file_, static_cast<off_t>(bytes_)) != 0) fail("cannot be cut", errno);
    fail("cannot be written", reason);
  }
  add(chunk);
  // Where there is no room for the index, the block grows until there is; unindexed frames are found all the
  // same.
  try {
    if (block_.bytes >= kSpoolBlockBytes) end_block();
  } catch (const SpoolError&) {
  }
}

void SpoolPart::end_block() {
  index_->add(block_, hosts_);
  block_ = SpoolBlock();
  block_.offset = bytes_;
  hosts_.clear();
}

bool SpoolPart::empty() const noexcept {
  return bytes_ == kPcapHeaderBytes;
}

void SpoolPart::finish() {
  if (block_.bytes > 0) end_block();
  const std::string name = SpoolEntry{entry_.base, false}.capture();
  if (std::rename(entry_.capture().c_str(), name.c_str()) != 0) fail("a file cannot be renamed", errno);
  close(std::exchange(file_, -1));
}

void finish_part(const SpoolEntry& entry) {
  const auto size = [&] { return SpoolFile(entry.capture()).size(); };
  bool nothing = size() < kPcapHeaderBytes;
  if (!nothing) {
    SpoolPart part(entry.base);
    nothing = part.empty();
    if (!nothing) part.finish();
  }
  if (nothing) remove_spool_files(entry);
}

void remove_spool_files(const SpoolEntry& entry) noexcept {
  for (const std::string& file : {entry.capture(), entry.times(), entry.hosts()}) unlink(file.c_str());
}

}  // namespace mgmt

#include "mgmt/spool/record_reader.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "mgmt/spool/pcap_record.h"
#include "mgmt/spool/spool_error.h"

namespace mgmt {

std::optional<wire::Frame> RecordReader::next() {
  if (damaged_ || !fill(kPcapRecordBytes)) return std::nullopt;
  PcapRecord record;
  std::memcpy(&record, piece_.data() + at_, sizeof record);
  damaged_ = !record.sane();
  if (damaged_ || !fill(kPcapRecordBytes + record.length)) return std::nullopt;
  const std::uint8_t* const octets = piece_.data() + at_ + kPcapRecordBytes;
  at_ += kPcapRecordBytes + record.length;
  offset_ += kPcapRecordBytes + record.length;
  return wire::Frame{octets, record.length, record.wire_length, record.time_ns(), 0, link_};
}

// Brings `bytes` from offset_ on side by side, if there are so many.
bool RecordReader::fill(std::size_t bytes) {
  constexpr std::size_t kPiece = 256 << 10;
  if (piece_.size() - at_ >= bytes) return true;
  if (end_ - std::min(end_, offset_) < bytes) return false;
  piece_.erase(piece_.begin(), piece_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
  const std::size_t held = piece_.size();
  const std::uint64_t left = end_ - offset_ - held;
  const std::size_t wanted = std::min<std::uint64_t>(std::max(kPiece, bytes) - std::min(held, kPiece), left);
  piece_.resize(held + wanted);
  const std::size_t got = file_.read(piece_.data() + held, wanted, offset_ + held);
  read_ += got;
  piece_.resize(held + got);
  return piece_.size() >= bytes;
}

wire::LinkType link_of(const SpoolFile& file) {
  std::array<char, kPcapHeaderBytes> header{};
  if (file.read(header.data(), header.size(), 0) == header.size()) {
    if (const auto link = link_of_pcap(header)) return *link;
  }
  throw SpoolError("is no capture of the spool");
}

}  // namespace mgmt

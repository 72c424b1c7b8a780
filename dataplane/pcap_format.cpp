#include "dataplane/pcap_format.h"

#include <utility>

namespace dataplane {
namespace {

constexpr std::size_t kFileHeaderBytes = 24;
constexpr std::uint32_t kRecordHeaderBytes = 16;
constexpr std::uint32_t kKuznetzovRecordHeaderBytes = 24;  // adds interface, protocol and packet type
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

}  // namespace

std::optional<PcapVariant> pcap_variant(const std::uint8_t* magic) noexcept {
  for (const bool swapped : {false, true}) {
    const ByteOrder order{swapped};
    switch (order.u32(magic)) {
      case 0xA1B2C3D4:
        return PcapVariant{order, 1000, kRecordHeaderBytes};
      case 0xA1B23C4D:
        return PcapVariant{order, 1, kRecordHeaderBytes};
      case 0xA1B2CD34:
        return PcapVariant{order, 1000, kKuznetzovRecordHeaderBytes};
      default:
        break;
    }
  }
  return std::nullopt;
}

PcapFormat::PcapFormat(ByteWindow& window, const PcapVariant& variant) : variant_(variant) {
  read_file_header(window);
}

bool PcapFormat::read_file_header(ByteWindow& window) {
  if (!window.fill(kFileHeaderBytes)) return ended(window, window.offset(), "file header");
  const std::uint8_t* const header = window.begin();
  const ByteOrder in = variant_.byte_order;
  if (!read_version(in.u16(header + 4), in.u16(header + 6))) return false;
  link_ = static_cast<wire::LinkType>(in.u32(header + 20) & 0xFFFF);  // Above it: the length of the FCS.
  window.advance_to(header + kFileHeaderBytes);
  return true;
}

// As libpcap's sf-pcap.c has it: the lengths changed places with version 2.3, but not all who wrote 2.3 did
// it; DG/UX wrote 543.0 for the old way.
bool PcapFormat::read_version(std::uint16_t major, std::uint16_t minor) {
  if ((major == 2 && minor < 3) || (major == 543 && minor == 0)) {
    lengths_ = Lengths::kWireFirst;
  } else if (major == 2 && minor == 3) {
    lengths_ = Lengths::kEither;
  } else if (major != 2 || minor != 4) {
    return fail(4, "the capture is of version " + std::to_string(major) + "." + std::to_string(minor) +
                       ", which nobody knows; versions up to 2.4 can be read");
  }
  return true;
}

std::size_t PcapFormat::receive(ByteWindow& window, std::span<wire::Frame> burst, std::uint64_t order) {
  if (fault()) return 0;
  std::size_t count = take_whole_records(window, burst, order);
  if (count == 0 && bring_record(window)) count = take_whole_records(window, burst, order);
  return count;
}

// The loop that a replay's speed hangs on: it stops at what is not whole or not sane, and asks no more.
std::size_t PcapFormat::take_whole_records(ByteWindow& window, std::span<wire::Frame> burst,
                                           std::uint64_t order) {
  const PcapVariant variant = variant_;
  const ByteOrder in = variant.byte_order;
  const std::uint8_t* at = window.begin();
  const std::uint8_t* const end = window.end();
  std::size_t count = 0;
  for (; count < burst.size(); ++count) {
    if (end - at < std::ptrdiff_t{variant.record_header_bytes}) break;
    fetch_ahead_of(at);
    std::uint32_t captured = in.u32(at + 8);
    std::uint32_t on_wire = in.u32(at + 12);
    if (wire_length_first(captured, on_wire)) [[unlikely]]
      std::swap(captured, on_wire);
    const std::uint8_t* const bytes = at + variant.record_header_bytes;
    if (captured > kMaxFrameBytes || end - bytes < std::ptrdiff_t{captured}) break;
    const std::int64_t time_ns =
        in.u32(at) * kNsPerSecond + std::int64_t{in.u32(at + 4)} * variant.ns_per_tick;
    burst[count] = {bytes, captured, on_wire, time_ns, order + count, link_};
    at = bytes + captured;
  }
  window.advance_to(at);
  return count;
}

// The slow side: makes the next record whole in the window, or finds out why there is none.
bool PcapFormat::bring_record(ByteWindow& window) {
  const std::uint64_t offset = window.offset();
  if (!window.fill(variant_.record_header_bytes)) return ended(window, offset, "record header");
  std::uint32_t captured = variant_.byte_order.u32(window.begin() + 8);
  const std::uint32_t other = variant_.byte_order.u32(window.begin() + 12);
  if (wire_length_first(captured, other)) captured = other;
  if (captured > kMaxFrameBytes)
    return fail(offset, "the record claims " + std::to_string(captured) +
                            " captured bytes; no frame has more than " + std::to_string(kMaxFrameBytes) +
                            ", so the file is damaged here");
  return window.fill(variant_.record_header_bytes + captured) || ended(window, offset, "record");
}

}  // namespace dataplane

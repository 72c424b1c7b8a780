#include "dataplane/pcapng_format.h"

#include <algorithm>

namespace dataplane {
namespace {

enum BlockType : std::uint32_t {
  kInterfaceDescription = 1,
  kPacket = 2,  // obsolete, appendix A of the draft
  kSimplePacket = 3,
  kEnhancedPacket = 6,
  kSectionHeader = kPcapngMagic,
};

constexpr std::size_t kBlockHeaderBytes = 8;   // type, total length
constexpr std::size_t kBlockTrailerBytes = 4;  // total length again
constexpr std::size_t kMinBlockBytes = kBlockHeaderBytes + kBlockTrailerBytes;
constexpr std::size_t kSectionHeaderBytes = 16;  // of the bodies, without options
constexpr std::size_t kInterfaceHeaderBytes = 8;
constexpr std::size_t kPacketHeaderBytes = 20;
constexpr std::size_t kSimplePacketHeaderBytes = 4;

constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::size_t kMaxInterfaces = 65536;  // as many as an obsolete packet block can tell apart

constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kTimeResolution = 9;  // if_tsresol
constexpr std::uint16_t kTimeOffset = 14;     // if_tsoffset

bool is_read(std::uint32_t type) {
  return type == kInterfaceDescription || type == kPacket || type == kSimplePacket ||
         type == kEnhancedPacket || type == kSectionHeader;
}

}  // namespace

std::size_t PcapngFormat::receive(ByteWindow& window, std::span<wire::Frame> burst, std::uint64_t order) {
  while (!fault()) {
    const std::size_t count = take_whole_blocks(window, burst, order);
    if (count > 0) return count;
    if (fault() || !bring_block(window)) break;
  }
  return 0;
}

std::size_t PcapngFormat::take_whole_blocks(ByteWindow& window, std::span<wire::Frame> burst,
                                            std::uint64_t order) {
  std::size_t count = 0;
  while (count < burst.size() && window.size() >= kMinBlockBytes) {
    const std::uint8_t* const at = window.begin();
    fetch_ahead_of(at);
    const std::uint64_t offset = window.offset();
    const std::uint32_t type = byte_order_.u32(at);
    if (type == kSectionHeader && !find_byte_order(offset, at)) break;
    const std::uint32_t total = byte_order_.u32(at + 4);
    if (!check_total_length(offset, total) || total > window.size()) break;
    if (!check_trailer(offset, total, at + total - kBlockTrailerBytes)) break;
    wire::Frame& frame = burst[count];
    frame.bytes = nullptr;
    if (!read_block({type, offset, at + kBlockHeaderBytes, total - kMinBlockBytes}, frame)) break;
    window.advance_to(at + total);
    if (frame.bytes == nullptr) continue;
    frame.order = order + count;
    ++count;
  }
  return count;
}

// The slow side: makes the next block whole in the window, passes it, or finds out why there is none.
bool PcapngFormat::bring_block(ByteWindow& window) {
  const std::uint64_t offset = window.offset();
  if (!window.fill(kMinBlockBytes)) return ended(window, offset, "block header");
  const std::uint32_t type = byte_order_.u32(window.begin());
  if (type == kSectionHeader && !find_byte_order(offset, window.begin())) return false;
  const std::uint32_t total = byte_order_.u32(window.begin() + 4);
  if (!check_total_length(offset, total)) return false;
  if (total <= kMaxContiguousBytes) return window.fill(total) || ended(window, offset, "block");
  if (!is_read(type)) return skip_block(window, offset, total);
  return fail(offset, "the block claims " + std::to_string(total) +
                          " bytes; no packet or interface needs more than " +
                          std::to_string(kMaxContiguousBytes) + ", so the file is damaged here");
}

bool PcapngFormat::skip_block(ByteWindow& window, std::uint64_t offset, std::uint32_t total_bytes) {
  if (!window.skip(total_bytes - kBlockTrailerBytes) || !window.fill(kBlockTrailerBytes))
    return ended(window, offset, "block");
  if (!check_trailer(offset, total_bytes, window.begin())) return false;
  window.advance_to(window.begin() + kBlockTrailerBytes);
  return true;
}

bool PcapngFormat::find_byte_order(std::uint64_t offset, const std::uint8_t* section) {
  for (const bool swapped : {false, true}) {
    byte_order_.swapped = swapped;
    if (byte_order_.u32(section + kBlockHeaderBytes) == kByteOrderMagic) return true;
  }
  return fail(offset, "the section header has no byte-order magic");
}

bool PcapngFormat::check_total_length(std::uint64_t offset, std::uint32_t total_bytes) {
  if (total_bytes >= kMinBlockBytes && total_bytes % 4 == 0) return true;
  return fail(offset, "the block's total length is " + std::to_string(total_bytes) +
                          "; it must be a multiple of 4 and at least " + std::to_string(kMinBlockBytes));
}

bool PcapngFormat::check_trailer(std::uint64_t offset, std::uint32_t total_bytes,
                                 const std::uint8_t* trailer) {
  const std::uint32_t again = byte_order_.u32(trailer);
  if (again == total_bytes) return true;
  return fail(offset, "the block's total length is " + std::to_string(total_bytes) + " at its start and " +
                          std::to_string(again) + " at its end");
}

bool PcapngFormat::read_block(const Block& block, wire::Frame& frame) {
  switch (block.type) {
    case kEnhancedPacket:
    case kPacket:
      return read_packet(block, frame);
    case kSimplePacket:
      return read_simple_packet(block, frame);
    case kInterfaceDescription:
      return add_interface(block);
    case kSectionHeader:
      return begin_section(block);
    default:
      return true;
  }
}

bool PcapngFormat::has_header(const Block& block, std::size_t header_bytes) {
  if (block.body_bytes >= header_bytes) return true;
  return fail(block.offset, "the block of type " + std::to_string(block.type) + " has " +
                                std::to_string(block.body_bytes) + " bytes; it needs at least " +
                                std::to_string(header_bytes));
}

bool PcapngFormat::begin_section(const Block& block) {
  if (!has_header(block, kSectionHeaderBytes)) return false;
  interfaces_.clear();
  const std::uint16_t major = byte_order_.u16(block.body + 4);
  const std::uint16_t minor = byte_order_.u16(block.body + 6);
  if (major == 1 && (minor == 0 || minor == 2)) return true;  // 1.2 is 1.0 by another name
  return fail(block.offset, "the section is of pcapng version " + std::to_string(major) + "." +
                                std::to_string(minor) + "; only 1.0 and 1.2 can be read");
}

bool PcapngFormat::add_interface(const Block& block) {
  if (!has_header(block, kInterfaceHeaderBytes)) return false;
  if (interfaces_.size() == kMaxInterfaces)
    return fail(block.offset, "the section has more than " + std::to_string(kMaxInterfaces) + " interfaces");
  Interface& interface = interfaces_.emplace_back();
  interface.link = static_cast<wire::LinkType>(byte_order_.u16(block.body));
  interface.snap_length = byte_order_.u32(block.body + 4);
  return read_clock(block, interface.clock);
}

// Of an interface's options only those matter that say what its times mean.
bool PcapngFormat::read_clock(const Block& block, PacketClock& clock) {
  std::uint8_t resolution = 6;
  std::int64_t offset_seconds = 0;
  std::size_t at = kInterfaceHeaderBytes;
  while (block.body_bytes - at >= 4) {
    const std::uint16_t code = byte_order_.u16(block.body + at);
    const std::size_t length = byte_order_.u16(block.body + at + 2);
    const std::uint8_t* const value = block.body + at + 4;
    if (code == kEndOfOptions) break;
    at += 4 + (length + 3) / 4 * 4;
    if (at > block.body_bytes) return fail(block.offset, "an option of the interface ends after its block");
    if ((code == kTimeResolution && length != 1) || (code == kTimeOffset && length != 8))
      return fail(block.offset, "option " + std::to_string(code) + " of the interface has a length of " +
                                    std::to_string(length));
    if (code == kTimeResolution) resolution = value[0];
    if (code == kTimeOffset) offset_seconds = static_cast<std::int64_t>(byte_order_.u64(value));
  }
  clock = PacketClock(resolution, offset_seconds);
  return true;
}

bool PcapngFormat::has_interface(const Block& block, std::uint32_t interface) {
  if (interface < interfaces_.size()) return true;
  return fail(block.offset, "the packet is of interface " + std::to_string(interface) +
                                ", but the section has described only " + std::to_string(interfaces_.size()));
}

bool PcapngFormat::read_packet(const Block& block, wire::Frame& frame) {
  if (!has_header(block, kPacketHeaderBytes)) return false;
  const bool obsolete = block.type == kPacket;  // Two bytes of the interface count drops there.
  const std::uint32_t index = obsolete ? byte_order_.u16(block.body) : byte_order_.u32(block.body);
  if (!has_interface(block, index)) return false;
  const Interface& interface = interfaces_[index];
  const std::uint64_t ticks =
      std::uint64_t{byte_order_.u32(block.body + 4)} << 32 | byte_order_.u32(block.body + 8);
  frame.link = interface.link;
  frame.time_ns = interface.clock.to_ns(ticks);
  frame.wire_length = byte_order_.u32(block.body + 16);
  return take_bytes(block, kPacketHeaderBytes, byte_order_.u32(block.body + 12), frame);
}

bool PcapngFormat::read_simple_packet(const Block& block, wire::Frame& frame) {
  if (!has_header(block, kSimplePacketHeaderBytes) || !has_interface(block, 0)) return false;
  const Interface& interface = interfaces_[0];
  frame.link = interface.link;
  frame.time_ns = 0;  // The block has no time, and libpcap says 1970 too.
  frame.wire_length = byte_order_.u32(block.body);
  const std::uint32_t limit = interface.snap_length == 0 ? kMaxFrameBytes : interface.snap_length;
  return take_bytes(block, kSimplePacketHeaderBytes, std::min(frame.wire_length, limit), frame);
}

bool PcapngFormat::take_bytes(const Block& block, std::size_t header_bytes, std::uint32_t captured,
                              wire::Frame& frame) {
  const std::size_t room = block.body_bytes - header_bytes;
  if (captured > room)
    return fail(block.offset, "the packet claims " + std::to_string(captured) +
                                  " captured bytes; its block has room for " + std::to_string(room));
  if (captured > kMaxFrameBytes)
    return fail(block.offset, "the packet claims " + std::to_string(captured) +
                                  " captured bytes; no frame has more than " +
                                  std::to_string(kMaxFrameBytes));
  frame.bytes = block.body + header_bytes;
  frame.length = captured;
  return true;
}

}  // namespace dataplane

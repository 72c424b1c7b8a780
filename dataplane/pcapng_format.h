// The pcapng format (draft-ietf-opsawg-pcapng): sections, interfaces, packets.
#pragma once

#include <vector>

#include "dataplane/byte_order.h"
#include "dataplane/capture_format.h"
#include "dataplane/packet_clock.h"

namespace dataplane {

inline constexpr std::uint32_t kPcapngMagic = 0x0A0D0D0A;  // a section header's block type, either way round

// libpcap reads pcapng too, but refuses a file whose interfaces differ in link type or snap length, or whose
// sections differ in byte order. This reads them all.
class PcapngFormat final : public CaptureFormat {
 public:
  std::size_t receive(ByteWindow& window, std::span<wire::Frame> burst, std::uint64_t order) override;

 private:
  struct Interface {
    wire::LinkType link;
    std::uint32_t snap_length;  // 0: no limit
    PacketClock clock;
  };

  // A block that is whole in the window.
  struct Block {
    std::uint32_t type;
    std::uint64_t offset;  // in the stream
    const std::uint8_t* body;
    std::size_t body_bytes;
  };

  std::size_t take_whole_blocks(ByteWindow& window, std::span<wire::Frame> burst, std::uint64_t order);
  bool bring_block(ByteWindow& window);
  bool skip_block(ByteWindow& window, std::uint64_t offset, std::uint32_t total_bytes);

  // All that follow answer false if the block is at fault.
  bool find_byte_order(std::uint64_t offset, const std::uint8_t* section);
  bool check_total_length(std::uint64_t offset, std::uint32_t total_bytes);
  bool check_trailer(std::uint64_t offset, std::uint32_t total_bytes, const std::uint8_t* trailer);
  bool has_header(const Block& block, std::size_t header_bytes);
  bool has_interface(const Block& block, std::uint32_t interface);
  bool read_block(const Block& block, wire::Frame& frame);  // frame.bytes stays null if it holds no packet
  bool begin_section(const Block& block);
  bool add_interface(const Block& block);
  bool read_clock(const Block& block, PacketClock& clock);
  bool read_packet(const Block& block, wire::Frame& frame);
  bool read_simple_packet(const Block& block, wire::Frame& frame);
  bool take_bytes(const Block& block, std::size_t header_bytes, std::uint32_t captured, wire::Frame& frame);

  ByteOrder byte_order_;
  std::vector<Interface> interfaces_;  // of the current section
};

}  // namespace dataplane

// The classic capture format of libpcap (draft-ietf-opsawg-pcap), in all variants that libpcap reads.
#pragma once

#include "dataplane/byte_order.h"
#include "dataplane/capture_format.h"

namespace dataplane {

// What the first four bytes of a classic capture say.
struct PcapVariant {
  ByteOrder byte_order;
  std::uint32_t ns_per_tick;  // of the part of a time that is less than a second
  std::uint32_t record_header_bytes;
};

// `magic` as the file stores it. Nothing: this is no classic capture.
std::optional<PcapVariant> pcap_variant(const std::uint8_t* magic) noexcept;

class PcapFormat final : public CaptureFormat {
 public:
  // Reads the file header, at which `window` must be.
  PcapFormat(ByteWindow& window, const PcapVariant& variant);

  std::size_t receive(ByteWindow& window, std::span<wire::Frame> burst, std::uint64_t order) override;

 private:
  // How old versions order the two lengths of a record.
  enum class Lengths : std::uint8_t {
    kCapturedFirst,
    kWireFirst,
    kEither,  // the captured length is the smaller one
  };

  bool read_file_header(ByteWindow& window);
  bool read_version(std::uint16_t major, std::uint16_t minor);
  std::size_t take_whole_records(ByteWindow& window, std::span<wire::Frame> burst, std::uint64_t order);
  bool bring_record(ByteWindow& window);
  bool wire_length_first(std::uint32_t first, std::uint32_t second) const noexcept {
    return lengths_ == Lengths::kWireFirst || (lengths_ == Lengths::kEither && first > second);
  }

  PcapVariant variant_;
  Lengths lengths_ = Lengths::kCapturedFirst;
  wire::LinkType link_ = wire::LinkType::kEthernet;
};

}  // namespace dataplane

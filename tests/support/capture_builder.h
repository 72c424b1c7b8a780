// Capture files in words, right ones and wrong ones:
//   Pcap().frame(1, 500, payload("hello")).bytes()
//   Pcapng().section().interface(1).packet(0, 1'000'000, payload("hello")).bytes()
// Records are written in the order of the calls; lengths follow from the payload unless given.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

using FileBytes = std::vector<std::uint8_t>;

inline FileBytes payload(std::string_view text) {
  return {text.begin(), text.end()};
}

inline FileBytes joined(FileBytes front, const FileBytes& back) {
  for (const std::uint8_t byte : back) front.push_back(byte);  // insert() earns a false warning of g++ 12
  return front;
}

inline FileBytes without_end(const FileBytes& bytes, std::size_t count) {
  return {bytes.data(), bytes.data() + bytes.size() - count};
}

enum class Endian : std::uint8_t {
  kLittle,
  kBig,
};

// Integers as a machine of either kind stores them.
class StoredIntegers {
 public:
  explicit StoredIntegers(Endian endian) : endian_(endian) {}

  template <class Integer>
  StoredIntegers& put(Integer value) {
    for (std::size_t i = 0; i < sizeof value; ++i) {
      const std::size_t byte = endian_ == Endian::kBig ? sizeof value - 1 - i : i;
      bytes_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * byte)));
    }
    return *this;
  }
  StoredIntegers& put_bytes(const FileBytes& bytes) {
    bytes_ = joined(std::move(bytes_), bytes);
    return *this;
  }
  StoredIntegers& pad_to_words() {
    while (bytes_.size() % 4 != 0) bytes_.push_back(0);
    return *this;
  }
  const FileBytes& bytes() const { return bytes_; }
  Endian endian() const { return endian_; }

 private:
  Endian endian_;
  FileBytes bytes_;
};

struct PcapHeader {
  std::uint32_t magic = 0xA1B2C3D4;
  Endian endian = Endian::kLittle;
  std::uint16_t major = 2;
  std::uint16_t minor = 4;
  std::uint32_t snap_length = 65535;
  std::uint32_t link = 1;
};

class Pcap {
 public:
  explicit Pcap(const PcapHeader& header = {}) : out_(header.endian), magic_(header.magic) {
    out_.put(header.magic).put(header.major).put(header.minor).put(std::uint32_t{0}).put(std::uint32_t{0});
    out_.put(header.snap_length).put(header.link);
  }

  Pcap& frame(std::uint32_t seconds, std::uint32_t ticks, const FileBytes& bytes) {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    return record(seconds, ticks, length, length, bytes);
  }
  // The two lengths as they are stored, whatever `bytes` has.
  Pcap& record(std::uint32_t seconds, std::uint32_t ticks, std::uint32_t first_length,
               std::uint32_t second_length, const FileBytes& bytes) {
    out_.put(seconds).put(ticks).put(first_length).put(second_length);
    if (magic_ == 0xA1B2CD34) out_.put(std::uint64_t{0x0807060504030201});
    out_.put_bytes(bytes);
    return *this;
  }
  const FileBytes& bytes() const { return out_.bytes(); }

 private:
  StoredIntegers out_;
  std::uint32_t magic_;
};

class Pcapng {
 public:
  explicit Pcapng(Endian endian = Endian::kLittle) : out_(endian) {}

  Pcapng& section(std::uint16_t major = 1, std::uint16_t minor = 0) {
    StoredIntegers body = body_of();
    body.put(std::uint32_t{0x1A2B3C4D}).put(major).put(minor).put(~std::uint64_t{0});
    return block(0x0A0D0D0A, body.bytes());
  }
  Pcapng& interface(std::uint16_t link, std::uint32_t snap_length = 0, const FileBytes& options = {}) {
    StoredIntegers body = body_of();
    body.put(link).put(std::uint16_t{0}).put(snap_length).put_bytes(options);
    return block(1, body.bytes());
  }
  Pcapng& packet(std::uint32_t interface, std::uint64_t ticks, const FileBytes& bytes,
                 std::optional<std::uint32_t> captured = {}, const FileBytes& options = {}) {
    StoredIntegers body = body_of();
    body.put(interface);
    return stamped(6, body, ticks, bytes, captured, options);
  }
  Pcapng& obsolete_packet(std::uint16_t interface, std::uint64_t ticks, const FileBytes& bytes) {
    StoredIntegers body = body_of();
    body.put(interface).put(std::uint16_t{0xFFFF});  // drops: unknown
    return stamped(2, body, ticks, bytes, {}, {});
  }
  Pcapng& simple_packet(std::uint32_t wire_length, const FileBytes& bytes) {
    StoredIntegers body = body_of();
    body.put(wire_length).put_bytes(bytes).pad_to_words();
    return block(3, body.bytes());
  }
  Pcapng& block(std::uint32_t type, const FileBytes& body) {
    const auto total = static_cast<std::uint32_t>(body.size() + 12);
    return block_claiming(type, total, body, total);
  }
  Pcapng& block_claiming(std::uint32_t type, std::uint32_t total, const FileBytes& body,
                         std::uint32_t total_again) {
    out_.put(type).put(total).put_bytes(body).put(total_again);
    return *this;
  }

  FileBytes option(std::uint16_t code, const FileBytes& value) const {
    StoredIntegers option = body_of();
    option.put(code).put(static_cast<std::uint16_t>(value.size())).put_bytes(value).pad_to_words();
    return option.bytes();
  }
  FileBytes resolution(std::uint8_t value) const { return option(9, {value}); }  // if_tsresol
  FileBytes offset_seconds(std::int64_t value) const {                           // if_tsoffset
    return option(14, body_of().put(value).bytes());
  }
  const FileBytes& bytes() const { return out_.bytes(); }

 private:
  StoredIntegers body_of() const { return StoredIntegers(out_.endian()); }

  Pcapng& stamped(std::uint32_t type, StoredIntegers& body, std::uint64_t ticks, const FileBytes& bytes,
                  std::optional<std::uint32_t> captured, const FileBytes& options) {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    body.put(static_cast<std::uint32_t>(ticks >> 32)).put(static_cast<std::uint32_t>(ticks));
    body.put(captured.value_or(length)).put(length).put_bytes(bytes).pad_to_words().put_bytes(options);
    return block(type, body.bytes());
  }

  StoredIntegers out_;
};

}  // namespace tests

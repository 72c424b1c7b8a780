// Appends numbers in network byte order, and what else protocols are made of, to a buffer of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "wire/address.h"

namespace dataplane::traffic {

// The caller stays within kMaxOctets.
template <std::uint32_t kMaxOctets>
class OctetWriter {
 public:
  void clear() noexcept { size_ = 0; }
  std::uint32_t size() const noexcept { return size_; }
  std::span<const std::uint8_t> written() const noexcept { return written_from(0); }
  std::span<const std::uint8_t> written_from(std::uint32_t at) const noexcept {
    return {octets_.data() + at, size_ - at};
  }

  void u8(std::uint32_t value) noexcept { octets_[size_++] = static_cast<std::uint8_t>(value); }
  void u16(std::uint32_t value) noexcept {
    u8(value >> 8);
    u8(value);
  }
  void u32(std::uint32_t value) noexcept {
    u16(value >> 16);
    u16(value);
  }
  void octets(std::span<const std::uint8_t> from) noexcept {
    std::copy(from.begin(), from.end(), octets_.begin() + size_);
    size_ += static_cast<std::uint32_t>(from.size());
  }
  void text(std::string_view text) noexcept {
    octets({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  void zeros_up_to(std::uint32_t size) noexcept {
    while (size_ < size) u8(0);
  }
  // Four octets or sixteen, by its family.
  void address(const wire::Address& address) noexcept {
    std::array<std::uint8_t, sizeof address> mapped;
    std::memcpy(mapped.data(), &address, mapped.size());
    octets(std::span<const std::uint8_t>(mapped).subspan(address.is_v4() ? 12 : 0));
  }

  void overwrite_u16(std::uint32_t at, std::uint32_t value) noexcept {
    octets_[at] = static_cast<std::uint8_t>(value >> 8);
    octets_[at + 1] = static_cast<std::uint8_t>(value);
  }

 private:
  std::array<std::uint8_t, kMaxOctets> octets_{};
  std::uint32_t size_ = 0;
};

}  // namespace dataplane::traffic

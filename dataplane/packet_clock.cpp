#include "dataplane/packet_clock.h"

namespace dataplane {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr unsigned kNsDigits = 9;
constexpr unsigned kMaxDigits = 19;  // of a power of ten in 64 bits

std::uint64_t power_of_ten(unsigned exponent) noexcept {
  std::uint64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

}  // namespace

PacketClock::PacketClock(std::uint8_t resolution, std::int64_t offset_seconds) noexcept
    : offset_ns_(static_cast<Int128>(offset_seconds) * static_cast<Int128>(kNsPerSecond)) {
  const unsigned exponent = resolution & 0x7F;
  if ((resolution & 0x80) != 0) {
    multiplier_ = kNsPerSecond;
    shift_ = static_cast<std::uint8_t>(exponent);
  } else if (exponent <= kNsDigits) {
    multiplier_ = power_of_ten(kNsDigits - exponent);
  } else if (exponent <= kNsDigits + kMaxDigits) {
    multiplier_ = 1;
    divisor_ = power_of_ten(exponent - kNsDigits);
  } else {
    multiplier_ = 0;  // All of 2^64 ticks are less than a nanosecond.
  }
}

}  // namespace dataplane

// The names that a generated trace asks for, by rank, and what stands behind each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace dataplane::traffic {

inline constexpr std::uint32_t kNames = 100'000;

// What a name's records hold is a function of its rank alone, so that the same question always has the same
// answer.
class Zone {
 public:
  Zone();

  // host.domain.tld in wire form, without the root label.
  std::span<const std::uint8_t> name(std::uint32_t rank) const noexcept;

  static std::uint32_t aliases(std::uint32_t rank) noexcept;    // CNAME records before the addresses: 0 to 3
  static std::uint32_t addresses(std::uint32_t rank) noexcept;  // 1 to 4
  static std::uint32_t server(std::uint32_t rank, std::uint32_t nth) noexcept;  // behind the nth address
  static bool has_ipv6(std::uint32_t rank) noexcept;
  static std::uint32_t ttl(std::uint32_t rank) noexcept;  // seconds

 private:
  std::vector<std::uint8_t> octets_;
  std::vector<std::uint32_t> starts_;  // of each name, and the end of the last
};

}  // namespace dataplane::traffic

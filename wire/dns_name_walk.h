// Walking a name in a message: labels and compression pointers (RFC 1035 section 4.1.4, RFC 9267 section 2).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/ascii_lower.h"
#include "wire/big_endian.h"
#include "wire/dns_message.h"
#include "wire/dns_name.h"
#include "wire/short_name.h"

namespace wire {

inline constexpr std::uint8_t kMaxLabelOctets = 63;
inline constexpr std::uint8_t kPointerBits = 0xC0;
inline constexpr std::uint32_t kPointerOffsetBits = 0x3FFF;

// A name of 255 octets has at most 127 labels. More pointers than that lead only to each other.
inline constexpr int kMaxPointers = (kMaxNameOctets - 1) / 2;

struct NameWalk {
  DnsFault fault = DnsFault::kNone;
  std::uint32_t end = 0;  // offset of the first octet after the name where it stands
  int pointers = 0;
  std::uint32_t cost = 2 * kMaxNameOctets;  // octets stepped over; at most this
};

// Calls on_part(offset, octets) for each unbroken run of labels, the root's octet not included. A pointer
// must lead to before the start of the run that it ends, so runs start ever earlier and the walk ends: after
// at most 127 labels and 127 pointers.
template <class OnPart>
inline NameWalk walk_name(std::span<const std::uint8_t> message, std::uint32_t at,
                          OnPart&& on_part) noexcept {
  const auto size = static_cast<std::uint32_t>(message.size());
  std::uint32_t end = 0;
  std::uint32_t octets_left = kMaxNameOctets;
  for (int pointers = 0; pointers <= kMaxPointers; ++pointers) {
    const std::uint32_t part = at;
    const std::uint32_t limit = std::min(size, part + octets_left);
    while (at < limit && message[at] - 1u < kMaxLabelOctets) at += message[at] + 1u;
    if (at >= limit) return {at >= size ? DnsFault::kEndsEarly : DnsFault::kLongName};
    on_part(part, at - part);
    octets_left -= at - part;
    if (message[at] == 0) {
      const std::uint32_t cost = kMaxNameOctets - octets_left + 2u * static_cast<std::uint32_t>(pointers);
      return {DnsFault::kNone, pointers != 0 ? end : at + 1, pointers, cost};
    }
    if (message[at] < kPointerBits) return {DnsFault::kBadLabel};
    if (at + 1 >= size) return {DnsFault::kEndsEarly};
    if (pointers == 0) end = at + 2;
    at = load_be16(&message[at]) & kPointerOffsetBits;
    if (at >= part) break;
  }
  return {DnsFault::kBadPointer};
}

// Where the name that stands at `at` ends, be what it says right or wrong; 0 if that cannot be told. A
// pointer out of the message is no part of a name, so nothing after it is known for what it is.
[[gnu::cold]] inline std::uint32_t end_in_place(std::span<const std::uint8_t> message,
                                                std::uint32_t at) noexcept {
  while (at < message.size() && message[at] - 1u < kMaxLabelOctets) at += message[at] + 1u;
  if (at >= message.size()) return 0;
  if (message[at] == 0) return at + 1;
  if (message[at] < kPointerBits || at + 1 >= message.size()) return 0;
  const std::uint32_t target = load_be16(&message[at]) & kPointerOffsetBits;
  return target < message.size() ? at + 2 : 0;
}

inline NameWalk skip_name(std::span<const std::uint8_t> message, std::uint32_t at) noexcept {
  return walk_name(message, at, [](std::uint32_t, std::uint32_t) {});
}

// After a fault the length of `name` is 0. The root's octet comes with the last labels if no pointer does.
inline NameWalk read_name(std::span<const std::uint8_t> message, std::uint32_t at, DnsName& name) noexcept {
  static_assert(std::tuple_size_v<decltype(name.octets)> >= kMaxNameOctets + kBlockOctets);
#ifdef TAPLINE_SHORT_NAMES
  if (const std::uint32_t octets = read_short_name(message, at, name); octets != 0) [[likely]] {
    name.length = static_cast<std::uint8_t>(octets);
    return {DnsFault::kNone, at + octets, 0, octets - 1};
  }
#endif
  std::size_t length = 0;
  const NameWalk walk = walk_name(message, at, [&](std::uint32_t offset, std::uint32_t octets) {
    copy_lower(message, offset, octets + 1, &name.octets[length]);
    length += octets;
  });
  if (walk.fault != DnsFault::kNone) {
    name.length = 0;
    return walk;
  }
  if (walk.pointers != 0) name.octets[length] = 0;
  name.length = static_cast<std::uint8_t>(length + 1);
  return walk;
}

}  // namespace wire

// How much room a frame has in the ring that AF_PACKET shares with the kernel.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace dataplane {

inline constexpr std::uint64_t kLargestAfPacketSlot = 1 << 15;  // DPDK's buffers end at 64 KiB

// By the interface's MTU: a slot holds a frame with its link layer and some 80 octets of the kernel's.
inline std::uint64_t af_packet_slot_bytes(const std::string& interface) {
  constexpr std::uint64_t kBesidesPayload = 148;
  std::uint64_t mtu = 1500;
  std::ifstream(std::filesystem::path("/sys/class/net") / interface / "mtu") >> mtu;
  std::uint64_t slot = 1 << 11;
  while (slot < mtu + kBesidesPayload && slot < kLargestAfPacketSlot) slot *= 2;
  return slot;
}

}  // namespace dataplane

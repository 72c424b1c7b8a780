// A frame as a source hands it out, and the link types it may have.
#pragma once

#include <cstdint>

namespace wire {

// LINKTYPE_ values of the tcpdump.org registry, as capture files store them.
enum class LinkType : std::uint16_t {
  kNull = 0,
  kEthernet = 1,
  kPpp = 9,
  kRawBsd = 12,  // DLT_RAW as some systems write it into files
  kRawOpenBsd = 14,
  kPppSerial = 50,
  kPppEthernet = 51,
  kRaw = 101,
  kCiscoHdlc = 104,
  kLoop = 108,
  kLinuxSll = 113,
  kPppPppd = 166,
  kPppWithDirection = 204,
  kIpv4 = 228,
  kIpv6 = 229,
  kNflog = 239,
  kLinuxSll2 = 276,
};

// Borrowed for one burst: the bytes belong to the source.
struct Frame {
  const std::uint8_t* bytes = nullptr;
  std::uint32_t length = 0;       // bytes captured, all readable
  std::uint32_t wire_length = 0;  // bytes on the wire; more than `length` if the capture cut the frame
  std::int64_t time_ns = 0;       // since 1970, of the packet, never of our clock
  std::uint64_t order = 0;        // place in capture order, from 1
  LinkType link = LinkType::kEthernet;
};

}  // namespace wire

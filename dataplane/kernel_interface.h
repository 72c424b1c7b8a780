// What the kernel says of one of its network interfaces.
#pragma once

#include <cstdint>
#include <string>

namespace dataplane {

struct KernelInterface {
  bool exists = false;
  bool ethernet = false;   // or like it, as the loopback is
  bool up = false;         // and with a carrier, as far as there is one
  std::uint32_t mbps = 0;  // 0: unknown
};

// Through /sys/class/net. `name` may be any text.
KernelInterface kernel_interface(const std::string& name);

}  // namespace dataplane

#include "mgmt/kernel_offloads.h"

#include <cstring>

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mgmt {
namespace {

class ControlSocket {
 public:
  ControlSocket() : descriptor_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~ControlSocket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  std::optional<std::uint32_t> ask(const std::string& interface, std::uint32_t command) const {
    ethtool_value value{command, 0};
    ifreq request{};
    std::memcpy(request.ifr_name, interface.data(), interface.size());
    request.ifr_data = reinterpret_cast<char*>(&value);
    if (ioctl(descriptor_, SIOCETHTOOL, &request) != 0) return std::nullopt;
    return value.data;
  }

 private:
  int descriptor_;
};

}  // namespace

std::optional<KernelOffloads> read_kernel_offloads(const std::string& interface) {
  if (interface.size() >= IFNAMSIZ) return std::nullopt;
  const ControlSocket control;
  const auto gro = control.ask(interface, ETHTOOL_GGRO);
  const auto flags = control.ask(interface, ETHTOOL_GFLAGS);
  if (!gro || !flags) return std::nullopt;
  return KernelOffloads{*gro != 0, (*flags & ETH_FLAG_LRO) != 0, (*flags & ETH_FLAG_RXVLAN) != 0};
}

}  // namespace mgmt

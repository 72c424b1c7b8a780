#include "mgmt/interface_lock.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace mgmt {

// An abstract socket address: the kernel knows it in this network namespace only, and forgets it with its
// owner.
InterfaceLock::InterfaceLock(const std::string& interface) {
  const std::string name = "tapline/af_xdp/" + interface;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::min(name.size(), sizeof address.sun_path - 1);
  std::memcpy(address.sun_path + 1, name.data(), length);
  descriptor_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  if (descriptor_ >= 0 && bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0) return;
  if (descriptor_ >= 0) close(descriptor_);
  throw std::runtime_error(
      "port '" + interface +
      "': another tapline has this interface by AF_XDP, or the configuration names it twice. "
      "Two would take it from each other.");
}

InterfaceLock::InterfaceLock(InterfaceLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

InterfaceLock::~InterfaceLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::vector<InterfaceLock> lock_interfaces(const LivePlan& plan) {
  std::vector<InterfaceLock> locks;
  for (const LivePlan::Port& port : plan.ports) {
    if (port.settings.driver == dataplane::PortDriver::kAfXdp) locks.emplace_back(port.settings.name);
  }
  return locks;
}

}  // namespace mgmt

// One tapline on an interface where two would take it from each other.
#pragma once

#include <string>
#include <vector>

#include "mgmt/live_plan.h"

namespace mgmt {

// Held until destroyed, or until the process ends however that may be. In the network namespace of the
// caller. AF_XDP needs it: who ends takes the interface's program away, and the other would hear nothing
// more, for ever.
class InterfaceLock {
 public:
  explicit InterfaceLock(const std::string& interface);  // throws std::runtime_error, in a sentence
  ~InterfaceLock();
  InterfaceLock(InterfaceLock&& other) noexcept;
  InterfaceLock& operator=(InterfaceLock&&) = delete;

 private:
  int descriptor_ = -1;
};

// Of those ports of the plan that need it.
std::vector<InterfaceLock> lock_interfaces(const LivePlan& plan);

}  // namespace mgmt

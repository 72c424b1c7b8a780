// One tapline at a time keeps what waits for the fleet in a folder.
#pragma once

#include <string>

namespace mgmt {

// Held while it lives; the kernel lets go of it with the process, however that ends.
class FleetLock {
 public:
  // Makes the folder, and the one that it is in. Throws HistoryError if another process has it or it cannot
  // be written to.
  explicit FleetLock(const std::string& folder);
  ~FleetLock();
  FleetLock(const FleetLock&) = delete;
  FleetLock& operator=(const FleetLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace mgmt

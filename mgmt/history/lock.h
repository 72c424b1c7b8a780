// One tapline at a time writes the history of a folder.
#pragma once

#include <string>

namespace mgmt {

// Held while it lives; the kernel lets go of it with the process, however that ends.
class HistoryLock {
 public:
  // Throws HistoryError if another process has it, or the folder cannot be written to.
  explicit HistoryLock(const std::string& folder);
  ~HistoryLock();
  HistoryLock(HistoryLock&& other) noexcept;
  HistoryLock(const HistoryLock&) = delete;
  HistoryLock& operator=(const HistoryLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace mgmt

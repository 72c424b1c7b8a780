#include "mgmt/history/lock.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mgmt/history/record.h"
#include "mgmt/text_style.h"

namespace mgmt {

HistoryLock::HistoryLock(const std::string& folder) {
  const std::string shown = printable(folder, kPathColumns, TextStyle{});
  mkdir(folder.c_str(), 0750);  // its parent is there, or opening says what is wrong
  descriptor_ = open((folder + "/history.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor_ < 0) {
    const char* reason = std::strerror(errno);
    throw HistoryError(
        fmt::format("the state folder {} cannot be written to: {}. Make it yours (install -d -o USER -m 0750 "
                    "{}), name another "
                    "one as folder in [state], or leave [history] out of the configuration",
                    shown, reason, shown));
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  close(std::exchange(descriptor_, -1));
  throw HistoryError(fmt::format(
      "another tapline writes the history in {}. Stop it, or give this one another folder in [state]",
      shown));
}

HistoryLock::HistoryLock(HistoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

HistoryLock::~HistoryLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace mgmt

#include "mgmt/fleet/lock.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mgmt/history/record.h"
#include "mgmt/text_style.h"

namespace mgmt {

FleetLock::FleetLock(const std::string& folder) {
  const std::string shown = printable(folder, kPathColumns, TextStyle{});
  mkdir(std::filesystem::path(folder).parent_path().c_str(), 0750);  // or opening says what is wrong
  mkdir(folder.c_str(), 0750);
  descriptor_ = open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor_ < 0) {
    const char* reason = std::strerror(errno);
    throw HistoryError(fmt::format(
        "the folder {}, where minutes wait for the fleet, cannot be written to: {}. Make the state "
        "folder yours (install -d -o USER -m 0750), name another one as folder in [state], or leave "
        "[fleet] out of the configuration",
        shown, reason));
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  close(std::exchange(descriptor_, -1));
  throw HistoryError(
      fmt::format("another tapline keeps what waits for the fleet in {}. Stop it, or give this one another "
                  "folder in [state]",
                  shown));
}

FleetLock::~FleetLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace mgmt

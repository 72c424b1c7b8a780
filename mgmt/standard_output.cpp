#include "mgmt/standard_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <unistd.h>

namespace mgmt {

bool write_standard_output(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return true;
    } else if (errno != EINTR) {
      std::fprintf(stderr, "tapline: cannot write to standard output: %s\n", std::strerror(errno));
      return false;
    }
  }
  return true;
}

}  // namespace mgmt

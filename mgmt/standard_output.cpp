#include "mgmt/standard_output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <poll.h>
#include <unistd.h>

namespace mgmt {

namespace {

// A pipe may have been made non-blocking by whoever shares it: a slow reader is no error then.
bool wait_if_full() noexcept {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

bool write_standard_output(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return true;
    } else if (!wait_if_full()) {
      std::fprintf(stderr, "tapline: cannot write to standard output: %s\n", std::strerror(errno));
      return false;
    }
  }
  return true;
}

}  // namespace mgmt

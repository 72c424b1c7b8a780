#include "mgmt/standard_error.h"

#include <poll.h>
#include <unistd.h>

namespace mgmt {

void tell(std::string_view lines) noexcept {
  pollfd look = {.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (poll(&look, 1, 0) != 1 || (look.revents & POLLOUT) == 0) return;
  if (write(STDERR_FILENO, lines.data(), lines.size()) < 0) {
    // Nobody to tell.
  }
}

}  // namespace mgmt

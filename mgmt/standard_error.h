// Telling whoever reads standard error, without depending on them.
#pragma once

#include <string_view>

namespace mgmt {

// One or more lines, each with its newline. What cannot be written at once is lost: a terminal that was
// stopped, a reader that went away or a full disk must not stop the capture.
void tell(std::string_view lines) noexcept;

}  // namespace mgmt

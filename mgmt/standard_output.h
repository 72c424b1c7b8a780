// Writing a whole text to standard output.
#pragma once

#include <string_view>

namespace mgmt {

// True if `text` was written, or if the reader of the pipe went away, which is its good right. Else says why
// in one line on standard error. SIGPIPE and SIGXFSZ must be ignored.
bool write_standard_output(std::string_view text) noexcept;

}  // namespace mgmt

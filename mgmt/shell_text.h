// Commands that an operator can copy into a root shell as they are.
#pragma once

#include <string>
#include <string_view>

namespace mgmt {

// A word as the shell reads it: in quotes where it has to be.
std::string shell_word(std::string_view word);

// Adds arguments to the kernel command line, for the next start (Debian's way).
std::string kernel_arguments_fix(std::string_view arguments);

}  // namespace mgmt

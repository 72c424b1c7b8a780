// What `tapline replay` was asked to do.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mgmt/config.h"

namespace mgmt {

struct ReplayOptions {
  Config config;                   // the file's, with the command line's over it
  std::vector<std::string> files;  // at least one; "-" at most once: standard input
  bool json = false;
  std::size_t top = 10;  // rows of each ranking in the text report
  bool progress = true;  // where standard error is a terminal
  bool color = true;     // where standard output is a terminal
};

}  // namespace mgmt

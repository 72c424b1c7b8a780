// What `tapline run` was asked to do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "mgmt/config.h"

namespace mgmt {

struct RunOptions {
  Config config;
  std::string config_file;                // read again on SIGHUP
  std::optional<std::int64_t> length_ns;  // ends by itself after it
  bool json = false;
  std::size_t top = 10;  // rows of each ranking in the text report
  bool stay = false;     // answer on when all ports are capture files at their ends
  bool lines = true;     // one a second, where standard error is a terminal
  bool color = true;     // where standard output is a terminal
};

}  // namespace mgmt

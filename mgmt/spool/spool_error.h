// Why frames could not be kept, or what was kept not be read.
#pragma once

#include <stdexcept>

namespace mgmt {

// A sentence without its final dot, or the half of one that follows "FILE: ".
class SpoolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace mgmt

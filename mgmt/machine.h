// The processors and the memory that this process may use.
#pragma once

#include <cstdint>
#include <vector>

namespace mgmt {

struct Machine {
  std::vector<std::uint64_t> cores;     // allowed, ascending
  std::vector<std::uint64_t> isolated;  // of these, kept free of other work by the kernel
  std::uint64_t free_hugepage_bytes = 0;
};

Machine this_machine();

}  // namespace mgmt

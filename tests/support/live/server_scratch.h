// Where the servers of a test have their directories.
#pragma once

#include <filesystem>

#include "tests/support/scratch_files.h"

namespace tests {

// They are others than root, and get to what is in it.
struct ServerScratch : ScratchDirectory {
  ServerScratch() {
    std::filesystem::permissions(path(""), std::filesystem::perms::others_exec,
                                 std::filesystem::perm_options::add);
  }
};

}  // namespace tests

// A server in a cage, with a directory of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/live/namespace.h"
#include "tests/support/program.h"

namespace tests {

// Ended, with its directory gone, when destroyed.
class CagedServer {
 public:
  // As of caged().
  CagedServer(const std::string& host, const std::string& directory, const std::string& mounts,
              std::vector<std::string> words)
      : directory_(directory),
        process_(caged(host, mounts, std::move(words)), directory + "/out", directory + "/err") {}
  CagedServer(const CagedServer&) = delete;
  CagedServer& operator=(const CagedServer&) = delete;
  ~CagedServer() {
    process_.signal(SIGKILL);
    process_.wait();
    eventually([&] {  // its last processes may still write
      std::error_code busy;
      std::filesystem::remove_all(directory_, busy);
      return !std::filesystem::exists(directory_);
    });
  }

  // Its log, the file "log", and what it complained of.
  std::string said() const { return contents_of(directory_ + "/log") + contents_of(directory_ + "/err"); }
  const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
  Process process_;
};

}  // namespace tests

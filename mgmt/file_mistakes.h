// What is wrong with a file of the user's, all at once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mgmt {

// Keeps the first sentences and counts the rest.
class FileMistakes {
 public:
  FileMistakes(std::string_view file, std::size_t most);

  void add(std::size_t line, std::string_view sentence);

  // Throws ConfigError if there are any: "FILE:LINE: sentence", a line each.
  void complain() const;

 private:
  std::string file_;  // safe to print
  std::size_t most_;
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace mgmt

// A whole text file, within bounds.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace matchers {

// "FILE: cannot be read: reason".
class TextFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws TextFileError, also if the file has more than `most` octets; no more than these are read.
std::string text_of_file(const std::string& file, std::size_t most);

}  // namespace matchers

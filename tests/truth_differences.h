// Where tapline and tshark count differently and tapline is right, one by one, each with its frame and its
// reason.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

struct Difference {
  std::string file;
  std::string column;
  std::int64_t more;  // what tapline counts above tshark
  std::string why;    // the frame, and the paragraph
};

const std::vector<Difference>& differences();

// What tapline is to count where tshark counts `tshark`.
inline std::uint64_t expected(const std::string& file, const std::string& column, std::uint64_t tshark) {
  for (const Difference& difference : differences()) {
    if (difference.file == file && difference.column == column) {
      return tshark + static_cast<std::uint64_t>(difference.more);
    }
  }
  return tshark;
}

}  // namespace tests

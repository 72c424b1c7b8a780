#include "tests/truth_differences.h"

namespace tests {

const std::vector<Difference>& differences() {
  static const std::vector<Difference> all = {};
  return all;
}

}  // namespace tests

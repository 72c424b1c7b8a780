// Runs a fuzz target over real captures or logs, as an ordinary test:
//   replay_TARGET KIND LEAST_SEEDS DIRECTORY
// Fails if the target does, or if there were fewer seeds.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "tests/fuzz/seeds.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

// In a block of exactly the seed's size, so that a sanitizer sees the first byte read beyond it.
void replay(const tests::Seed& seed) {
  const auto bytes = std::make_unique<std::uint8_t[]>(seed.size());
  std::copy(seed.begin(), seed.end(), bytes.get());
  LLVMFuzzerTestOneInput(bytes.get(), seed.size());
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 4) {
    std::fprintf(stderr, "usage: %s KIND LEAST_SEEDS DIRECTORY\n", arguments[0]);
    return 2;
  }
  const unsigned long least = std::strtoul(arguments[2], nullptr, 10);
  unsigned long seeds = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[3])) {
    if (!tests::gives_seeds(arguments[1], entry)) continue;
    tests::each_seed(arguments[1], entry.path(), [&seeds](const tests::Seed& seed) {
      replay(seed);
      ++seeds;
    });
  }
  std::printf("%lu seeds replayed; at least %lu must be there.\n", seeds, least);
  return seeds >= least ? 0 : 1;
}

// Writes the seeds of a fuzz target into a folder, each once:
//   write_seeds KIND MOST_SEEDS_A_FILE FOLDER DIRECTORY...
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "tests/fuzz/seeds.h"
#include "wire/hash.h"

int main(int argument_count, char** arguments) {
  if (argument_count < 5) {
    fmt::print(stderr, "usage: {} KIND MOST_SEEDS_A_FILE FOLDER DIRECTORY...\n", arguments[0]);
    return 2;
  }
  const std::string kind = arguments[1];
  const unsigned long most = std::strtoul(arguments[2], nullptr, 10);
  const std::filesystem::path folder = arguments[3];
  std::filesystem::create_directories(folder);
  for (int i = 4; i < argument_count; ++i) {
    if (!std::filesystem::is_directory(arguments[i])) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[i])) {
      if (!tests::gives_seeds(kind, entry)) continue;
      unsigned long written = 0;
      tests::each_seed(kind, entry.path(), [&](const tests::Seed& seed) {
        if (++written > most || seed.size() > tests::kMostSeedOctets) return;
        const std::string name = fmt::format("{:016x}", wire::hash_bytes(seed.data(), seed.size()));
        std::ofstream(folder / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
      });
    }
  }
  return 0;
}

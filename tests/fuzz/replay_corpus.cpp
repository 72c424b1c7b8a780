// Runs a fuzz target over the files of a corpus, as an ordinary test:
//   replay_TARGET LEAST_FILES DIRECTORY
// Fails if the target does, or if there are fewer files; is skipped if there is no such directory.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

constexpr int kSkipped = 77;  // as Meson has it

// In a block of exactly the file's size, so that a sanitizer sees the first byte read beyond it.
void replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> content(std::istreambuf_iterator<char>(file), {});
  const auto bytes = std::make_unique<std::uint8_t[]>(content.size());
  std::copy(content.begin(), content.end(), bytes.get());
  LLVMFuzzerTestOneInput(bytes.get(), content.size());
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 3) {
    std::fprintf(stderr, "usage: %s LEAST_FILES DIRECTORY\n", arguments[0]);
    return 2;
  }
  const unsigned long least = std::strtoul(arguments[1], nullptr, 10);
  if (!std::filesystem::is_directory(arguments[2])) {
    std::printf("%s is not there: nothing to replay.\n", arguments[2]);
    return kSkipped;
  }
  unsigned long files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[2])) {
    if (!entry.is_regular_file()) continue;
    replay(entry.path());
    ++files;
  }
  std::printf("%lu files replayed; at least %lu must be there.\n", files, least);
  return files >= least ? 0 : 1;
}

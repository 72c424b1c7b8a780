#include "matchers/text_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace matchers {
namespace {

constexpr std::size_t kBlock = 1 << 16;

}  // namespace

std::string text_of_file(const std::string& file, std::size_t most) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text;
  while (in && text.size() <= most) {
    const std::size_t before = text.size();
    text.resize(before + kBlock);
    in.read(text.data() + before, kBlock);
    text.resize(before + static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) throw TextFileError(file + ": cannot be read: " + std::strerror(errno));
  if (text.size() > most) {
    throw TextFileError(file + ": is longer than " + std::to_string(most) + " octets, which no such file is");
  }
  return text;
}

}  // namespace matchers

#include "mgmt/history/whole_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/history/record.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

[[noreturn]] void cannot(const std::string& file, const char* what, int reason) {
  throw HistoryError(fmt::format("{}: cannot be {}: {}", state_file_text(file), what, std::strerror(reason)));
}

void write_through(const std::string& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (descriptor < 0) cannot(file, "written", errno);
  int reason = 0;
  for (std::size_t at = 0; at < text.size() && reason == 0;) {
    const ssize_t written = ::write(descriptor, text.data() + at, text.size() - at);
    if (written < 0 && errno != EINTR) reason = errno;
    if (written > 0) at += static_cast<std::size_t>(written);
  }
  if (reason == 0 && ::fsync(descriptor) != 0) reason = errno;
  if (::close(descriptor) != 0 && reason == 0) reason = errno;
  if (reason == 0) return;
  ::unlink(file.c_str());
  cannot(file, "written", reason);
}

}  // namespace

std::string state_file_text(const std::string& file) {
  return printable(file, kPathColumns, TextStyle{});
}

void write_whole(const std::string& file, const std::string& text) {
  const std::string part = file + ".part";
  write_through(part, text);
  if (std::rename(part.c_str(), file.c_str()) != 0) cannot(file, "replaced", errno);
}

std::optional<std::string> read_whole(const std::string& file, std::uintmax_t most) {
  if (std::error_code none;
      std::filesystem::exists(file, none) && !std::filesystem::is_regular_file(file, none))
    throw HistoryError(fmt::format("{}: is no regular file", state_file_text(file)));  // nobody is waited for
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) {
    if (errno == ENOENT) return std::nullopt;
    cannot(file, "read", errno);
  }
  if (static_cast<std::uintmax_t>(in.tellg()) > most)
    throw HistoryError(fmt::format("{}: is too long for what tapline writes", state_file_text(file)));
  in.seekg(0);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace mgmt

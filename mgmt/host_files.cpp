#include "mgmt/host_files.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "mgmt/core_list.h"

namespace mgmt {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 4 << 20;  // /proc/cpuinfo of 1,024 processors is half of it
constexpr std::uint64_t kMaxProcessor = 1 << 16;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

}  // namespace

fs::path HostFiles::below_root(std::string_view path) const {
  return root_ / path.substr(std::min(path.find_first_not_of('/'), path.size()));
}

bool HostFiles::exists(std::string_view path) const {
  std::error_code ignored;
  return fs::exists(below_root(path), ignored);
}

std::optional<std::string> HostFiles::text(std::string_view path) const {
  std::error_code ignored;
  std::ifstream in(below_root(path), std::ios::binary);
  if (!in || fs::is_directory(below_root(path), ignored)) return std::nullopt;
  std::string text(kMaxFileBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string HostFiles::line(std::string_view path) const {
  const std::string text = this->text(path).value_or("");
  return std::string(trimmed(text.substr(0, text.find('\n'))));
}

std::optional<std::int64_t> HostFiles::number(std::string_view path) const {
  const std::string line = this->line(path);
  const bool hexadecimal = line.starts_with("0x");
  const char* first = line.data() + (hexadecimal ? 2 : 0);
  const char* end = line.data() + line.size();
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(first, end, number, hexadecimal ? 16 : 10);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

std::vector<std::uint64_t> HostFiles::list(std::string_view path) const {
  return parse_core_list(line(path), kMaxProcessor).value_or(std::vector<std::uint64_t>{});
}

std::vector<std::string> HostFiles::entries(std::string_view directory) const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(below_root(directory), error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::string HostFiles::link_target(std::string_view path) const {
  std::error_code error;
  const fs::path target = fs::read_symlink(below_root(path), error);
  return error ? "" : target.filename().string();
}

std::string value_after(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && trimmed(line.substr(0, colon)) == key)
      return std::string(trimmed(line.substr(colon + 1)));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return "";
}

}  // namespace mgmt

// What the kernel says of the machine in /sys and /proc, read only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mgmt {

// Paths are absolute, and are looked up below a root of the tests' choice.
class HostFiles {
 public:
  explicit HostFiles(std::filesystem::path root = "/") : root_(std::move(root)) {}

  bool exists(std::string_view path) const;

  // Nothing if the file is absent or cannot be read, as the carrier of an interface that is down.
  std::optional<std::string> text(std::string_view path) const;
  std::string line(std::string_view path) const;                    // the first one; "" if there is none
  std::optional<std::int64_t> number(std::string_view path) const;  // decimal, or hexadecimal after 0x
  std::vector<std::uint64_t> list(std::string_view path) const;     // "0-3,8"; empty if there is none

  std::vector<std::string> entries(std::string_view directory) const;  // in order; without . and ..
  std::string link_target(std::string_view path) const;                // its last part; "" if no link

 private:
  std::filesystem::path below_root(std::string_view path) const;

  std::filesystem::path root_;
};

// What follows "key:" on its line of a text such as /proc/meminfo; "" without such a line.
std::string value_after(std::string_view text, std::string_view key);

}  // namespace mgmt

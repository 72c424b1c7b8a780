#include "mgmt/shell_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace mgmt {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kPunctuation = "_-.,:/@%+=";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kPunctuation.find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string kernel_arguments_fix(std::string_view arguments) {
  return fmt::format(
      "sed -i 's/^GRUB_CMDLINE_LINUX=\"/&{} /' /etc/default/grub && update-grub && systemctl reboot",
      arguments);
}

}  // namespace mgmt

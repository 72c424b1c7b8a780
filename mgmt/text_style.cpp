#include "mgmt/text_style.h"

#include <algorithm>

namespace mgmt {
namespace {

std::string colored(std::string_view sequence, std::string_view text, const TextStyle& style) {
  if (!style.color || text.empty()) return std::string(text);
  return std::string(sequence).append(text).append("\x1b[0m");
}

}  // namespace

std::string strong(std::string_view text, const TextStyle& style) {
  return colored("\x1b[1m", text, style);
}
std::string faint(std::string_view text, const TextStyle& style) {
  return colored("\x1b[2m", text, style);
}
std::string bar_color(std::string_view text, const TextStyle& style) {
  return colored("\x1b[36m", text, style);
}
std::string curve_color(std::string_view text, const TextStyle& style) {
  return colored("\x1b[33m", text, style);
}
std::string ok_color(std::string_view text, const TextStyle& style) {
  return colored("\x1b[32m", text, style);
}
std::string warning_color(std::string_view text, const TextStyle& style) {
  return colored("\x1b[1;33m", text, style);
}
std::string failure_color(std::string_view text, const TextStyle& style) {
  return colored("\x1b[1;31m", text, style);
}

std::string heading(std::string_view title, const TextStyle& style) {
  std::string rule;
  for (std::size_t c = columns_of(title) + 1; c < kTextColumns; ++c) rule += style.utf8 ? "─" : "-";
  return strong(title, style) + " " + faint(rule, style);
}

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  bool in_sequence = false;
  for (const char c : text) {
    if (c == '\x1b') in_sequence = true;
    const bool continues_code_point = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (!in_sequence && !continues_code_point) ++columns;
    if (c == 'm') in_sequence = false;
  }
  return columns;
}

std::string printable(std::string_view text, std::size_t columns, const TextStyle& style) {
  std::string safe(text);
  std::replace_if(
      safe.begin(), safe.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  if (safe.size() <= columns) return safe;
  const std::string_view ellipsis = style.utf8 ? "…" : "..";
  const std::size_t kept = columns - columns_of(ellipsis);
  const std::size_t tail = kept * 2 / 3;
  return safe.substr(0, kept - tail).append(ellipsis).append(safe.substr(safe.size() - tail));
}

}  // namespace mgmt

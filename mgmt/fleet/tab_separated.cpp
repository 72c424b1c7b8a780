#include "mgmt/fleet/tab_separated.h"

#include <algorithm>
#include <charconv>

#include "mgmt/fleet/clickhouse.h"

namespace mgmt {
namespace {

constexpr std::string_view kNull = "\\N";
constexpr std::size_t kMostWord = 255;

[[noreturn]] void refuse() {
  throw ClickHouseError(
      "ClickHouse answers with rows that were not asked for. Is it ClickHouse, and are its tables those of "
      "'tapline fleet init'?");
}

template <class Number>
Number number_in(std::string_view cell) {
  Number number{};
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc() || end != cell.data() + cell.size()) refuse();
  return number;
}

char unescaped(char c) {
  constexpr std::string_view kEscapes = "bfrnt0";
  constexpr std::string_view kMeanings("\b\f\r\n\t\0", 6);
  const std::size_t found = kEscapes.find(c);
  return found == std::string_view::npos ? c : kMeanings[found];
}

bool is_word_character(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '.' || c == ':' ||
         c == '-' || c == '_';
}

}  // namespace

bool TabSeparated::next() {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) refuse();
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  cells_.clear();
  while (cells_.size() < columns_) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    cells_.push_back(line.substr(0, tab));
    if (tab == line.size()) {
      if (cells_.size() != columns_) refuse();
      return true;
    }
    line.remove_prefix(tab + 1);
  }
  refuse();
}

std::uint64_t TabSeparated::count(std::size_t column) const {
  return number_in<std::uint64_t>(cells_[column]);
}

std::int64_t TabSeparated::integer(std::size_t column) const {
  return number_in<std::int64_t>(cells_[column]);
}

std::optional<std::int64_t> TabSeparated::integer_if_any(std::size_t column) const {
  if (cells_[column] == kNull) return std::nullopt;
  return integer(column);
}

double TabSeparated::real(std::size_t column) const {
  return number_in<double>(cells_[column]);
}

std::string TabSeparated::text(std::size_t column) const {
  std::string text;
  const std::string_view cell = cells_[column];
  for (std::size_t i = 0; i < cell.size(); ++i)
    text += cell[i] == '\\' && i + 1 < cell.size() ? unescaped(cell[++i]) : cell[i];
  return text;
}

std::string TabSeparated::word(std::size_t column) const {
  const std::string_view cell = cells_[column];
  if (cell.size() > kMostWord || !std::ranges::all_of(cell, is_word_character)) refuse();
  return std::string(cell);
}

}  // namespace mgmt

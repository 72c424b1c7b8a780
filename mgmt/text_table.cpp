#include "mgmt/text_table.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace mgmt {
namespace {

constexpr std::size_t kColumnGap = 2;
constexpr std::size_t kTableGap = 4;

std::string padded(std::string_view text, std::size_t width, Align align) {
  const std::string blanks(width - std::min(width, columns_of(text)), ' ');
  return align == Align::kRight ? blanks + std::string(text) : std::string(text) + blanks;
}

std::size_t widest(const Lines& lines) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, columns_of(line));
  return width;
}

}  // namespace

std::vector<std::size_t> TextTable::column_widths(std::size_t width) const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    widths.push_back(columns_of(columns_[c].title));
    for (const auto& row : rows_) widths[c] = std::max(widths[c], columns_of(row[c]));
  }
  const std::size_t rest =
      std::accumulate(widths.begin() + 1, widths.end(), kColumnGap * (columns_.size() - 1));
  const std::size_t room = width > rest ? width - rest : 0;
  widths[0] = std::max(std::min(widths[0], room), columns_of(columns_[0].title));
  return widths;
}

std::string TextTable::line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const {
  std::string text;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (c > 0) text.append(kColumnGap, ' ');
    text += padded(cells[c], widths[c], columns_[c].align);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

Lines TextTable::lines(const TextStyle& style, std::size_t width) const {
  const std::vector<std::size_t> widths = column_widths(width);
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  Lines result = {faint(line(titles, widths), style)};
  for (std::vector<std::string> cells : rows_) {
    if (columns_of(cells[0]) > widths[0]) result.push_back(std::exchange(cells[0], ""));
    result.push_back(line(cells, widths));
  }
  return result;
}

Lines wrapped(std::string_view text, std::size_t width) {
  Lines lines;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word.empty()) continue;
    if (lines.empty() || columns_of(lines.back()) + 1 + columns_of(word) > width)
      lines.emplace_back(word);
    else
      lines.back().append(" ").append(word);
  }
  return lines;
}

void append(Lines& to, Lines lines) {
  to.insert(to.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

void indent(Lines& lines, std::size_t columns) {
  for (std::string& line : lines) {
    if (!line.empty()) line.insert(0, columns, ' ');
  }
}

Lines beside(Lines left, Lines right, std::size_t width) {
  const std::size_t right_from = widest(left) + kTableGap;
  if (right_from + widest(right) > width) {
    left.emplace_back();
    append(left, std::move(right));
    return left;
  }
  left.resize(std::max(left.size(), right.size()));
  for (std::size_t i = 0; i < right.size(); ++i)
    left[i] = padded(left[i], right_from, Align::kLeft) + right[i];
  return left;
}

}  // namespace mgmt

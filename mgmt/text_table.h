// Columns that line up, and lines laid beside each other.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "mgmt/text_style.h"

namespace mgmt {

using Lines = std::vector<std::string>;

enum class Align {
  kLeft,
  kRight
};

struct Column {
  std::string title;
  Align align = Align::kLeft;
};

class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns, none with a colour sequence.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // Titles and rows without trailing blanks. A first cell that would make its row wider than `width` gets a
  // line to itself.
  Lines lines(const TextStyle& style, std::size_t width) const;

 private:
  std::vector<std::size_t> column_widths(std::size_t width) const;
  std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// The words of `text` in lines of at most `width` columns; a longer word gets a line to itself.
Lines wrapped(std::string_view text, std::size_t width);

void append(Lines& to, Lines lines);
void indent(Lines& lines, std::size_t columns);

// `left` and `right` side by side if that fits `width`, else one below the other.
Lines beside(Lines left, Lines right, std::size_t width);

}  // namespace mgmt

#include "mgmt/csv_table.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "matchers/text_file.h"
#include "mgmt/config.h"
#include "mgmt/file_mistakes.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, FileMistakes& mistakes) : text_(text), mistakes_(mistakes) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  bool skip_to_row() {
    while (take_line_end()) {
    }
    return !text_.empty();
  }

  CsvRow row() {
    CsvRow row{line_, {}};
    do {
      row.fields.push_back(text_.starts_with('"') ? quoted() : bare());
    } while (row.fields.size() < kMostCsvColumns && take(","));
    if (!text_.empty() && !take_line_end()) {
      mistakes_.add(row.line, fmt::format("a row has at most {} fields; leave out columns", kMostCsvColumns));
      skip_line();
    }
    return row;
  }

 private:
  bool take(std::string_view what) {
    if (!text_.starts_with(what)) return false;
    text_.remove_prefix(what.size());
    return true;
  }
  bool take_line_end() {
    if (!take("\r\n") && !take("\n")) return false;
    ++line_;
    return true;
  }
  void skip_line() {
    text_.remove_prefix(std::min(text_.find('\n'), text_.size()));
    take_line_end();
  }

  std::string bare() {
    std::size_t end = std::min(text_.find_first_of(",\n"), text_.size());
    if (end > 0 && end < text_.size() && text_[end] == '\n' && text_[end - 1] == '\r') --end;
    const std::string field(text_.substr(0, end));
    text_.remove_prefix(end);
    if (field.find('"') != std::string::npos) {
      mistakes_.add(line_, fmt::format("there is a quote within {}; put quotes around the whole field and "
                                       "double the one in it",
                                       in_quotes(field)));
    }
    return field;
  }

  std::string quoted() {
    const std::size_t first_line = line_;
    std::string field;
    text_.remove_prefix(1);
    for (;;) {
      const std::size_t end = text_.find('"');
      if (end == std::string_view::npos) {
        mistakes_.add(first_line, "a quoted field does not end; close its quotes");
        text_ = {};
        return field;
      }
      line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(0, end), '\n'));
      field += text_.substr(0, end);
      text_.remove_prefix(end + 1);
      if (!take("\"")) break;
      field += '"';
    }
    if (const std::string rest = bare(); !rest.empty()) {
      mistakes_.add(line_, fmt::format("{} follows the closing quote of a field; put a comma before it, or "
                                       "double the quotes within the field",
                                       in_quotes(rest)));
    }
    return field;
  }

  std::string_view text_;  // what is still to be read
  FileMistakes& mistakes_;
  std::size_t line_ = 1;
};

void check_names(const CsvRow& header, FileMistakes& mistakes) {
  std::map<std::string_view, std::size_t> columns;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const std::string& name = header.fields[i];
    if (name.empty()) {
      mistakes.add(header.line, fmt::format("column {} has no name; give it one", i + 1));
    } else if (const auto [first, added] = columns.emplace(name, i + 1); !added) {
      mistakes.add(header.line, fmt::format("columns {} and {} are both named {}; rename one", first->second,
                                            i + 1, in_quotes(name)));
    }
  }
}

}  // namespace

CsvTable parse_csv(std::string_view text, std::string_view file) {
  FileMistakes mistakes(file, kMostCsvMistakes);
  CsvReader reader(text, mistakes);
  CsvTable table;
  if (!reader.skip_to_row()) {
    mistakes.add(1, "there is no header; the first line must name the columns");
    mistakes.complain();
  }
  CsvRow header = reader.row();
  check_names(header, mistakes);
  table.names = std::move(header.fields);
  while (reader.skip_to_row()) {
    CsvRow row = reader.row();
    if (row.fields.size() != table.names.size()) {
      mistakes.add(row.line, fmt::format("{} {} where the header has {}; a comma is missing or too many",
                                         row.fields.size(), row.fields.size() == 1 ? "field" : "fields",
                                         table.names.size()));
    }
    table.rows.push_back(std::move(row));
  }
  mistakes.complain();
  return table;
}

CsvTable read_csv(const std::string& file) {
  try {
    const bool standard_input = file == "-";
    const std::string text = matchers::text_of_file(standard_input ? "/dev/stdin" : file, kMostCsvBytes);
    return parse_csv(text, standard_input ? "standard input" : file);
  } catch (const matchers::TextFileError& error) {
    throw ConfigError(error.what());
  }
}

}  // namespace mgmt

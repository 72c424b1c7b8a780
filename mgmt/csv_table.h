// Comma-separated values (RFC 4180) with a header line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mgmt {

inline constexpr std::size_t kMostCsvBytes = 64 << 20;
inline constexpr std::size_t kMostCsvColumns = 1'000;
inline constexpr std::size_t kMostCsvMistakes = 10;  // told at once

struct CsvRow {
  std::size_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
};

struct CsvTable {
  std::vector<std::string> names;  // of the columns, each once
  std::vector<CsvRow> rows;        // each with as many fields
};

// Lines end with LF or CRLF; a quoted field may hold commas, line ends and doubled quotes. Blank lines and a
// byte order mark are passed over. Throws ConfigError with a sentence for each of the first ten mistakes:
// "FILE:LINE: what, and how to mend it". `file` names the text in these.
CsvTable parse_csv(std::string_view text, std::string_view file);

// The same of a file, or of standard input for "-". Throws ConfigError also if it cannot be read, or is
// longer than kMostCsvBytes.
CsvTable read_csv(const std::string& file);

}  // namespace mgmt

// Rows as ClickHouse writes them in the format TabSeparated.
// https://clickhouse.com/docs/en/interfaces/formats/TabSeparated
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mgmt {

// Borrows its text, which may be anything. Throws ClickHouseError where that is not what it should be.
class TabSeparated {
 public:
  TabSeparated(std::string_view text, std::size_t columns) : rest_(text), columns_(columns) {}

  // The next row; false behind the last one.
  bool next();

  // Of the row, by column from 0.
  std::uint64_t count(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  std::optional<std::int64_t> integer_if_any(std::size_t column) const;
  double real(std::size_t column) const;
  std::string text(std::size_t column) const;
  // Letters, digits and what stands in addresses and names of machines: safe to show as it is. Or nothing.
  std::string word(std::size_t column) const;

 private:
  std::string_view rest_;
  std::size_t columns_;
  std::vector<std::string_view> cells_;
};

}  // namespace mgmt

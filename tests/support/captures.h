// The real captures and what tshark says of them: all of them if they are beside the source, else the
// fixtures.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace tests {

inline std::filesystem::path source_root() {
  const char* root = std::getenv("TAPLINE_SOURCE_ROOT");
  return root == nullptr ? std::filesystem::current_path() : std::filesystem::path(root);
}

inline std::filesystem::path captures() {
  const std::filesystem::path all = source_root() / ".." / "shared" / "data" / "pcap";
  return std::filesystem::exists(all / "truth.tsv") ? all : source_root() / "tests" / "fixtures";
}

using Row = std::map<std::string, std::string>;

// Tab-separated, the first line names the columns.
inline std::vector<Row> read_tsv(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  const auto split = [](const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
    return cells;
  };
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> names = split(line);
  std::vector<Row> rows;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = split(line);
    Row row;
    for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace tests

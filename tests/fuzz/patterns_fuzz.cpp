// Octets as a pattern file; and each short line as an expression, with which names must match the same
// together and alone.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "matchers/domain_text.h"
#include "matchers/name_pattern.h"
#include "matchers/name_scanner.h"
#include "matchers/pattern_compiler.h"

namespace {

constexpr std::size_t kMostExpressionOctets = 12;  // so that compiling takes no time
constexpr std::size_t kMostExpressions = 3;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_as_file(std::string_view text) {
  const matchers::PatternFile file = matchers::parse_patterns(text, "patterns");
  for (const matchers::Pattern& pattern : file.patterns) {
    require(pattern.id > 0 && !pattern.label.empty() && !pattern.expression.empty());
  }
  for (const matchers::PatternMistake& mistake : file.mistakes) {
    require(mistake.line > 0 && !mistake.reason.empty());
  }
}

std::vector<matchers::WireName> names_with(std::string_view text) {
  std::vector<matchers::WireName> names;
  for (const char* name : {"a.b", "mx.example.com", "b", "aa", "a1-b.c", "x"}) {
    names.push_back(matchers::wire_name(name));
  }
  const auto octets = std::min<std::size_t>(text.size(), matchers::kMaxLabelOctets);
  if (octets == 0) return names;
  matchers::WireName label = {static_cast<std::uint8_t>(octets)};
  label.insert(label.end(), text.begin(), text.begin() + static_cast<std::ptrdiff_t>(octets));
  label.push_back(0);
  names.push_back(label);
  return names;
}

void compare(const matchers::PatternDatabase& database, const std::vector<matchers::WireName>& names) {
  const matchers::NameScanner scanner(database);
  matchers::NameBatch batch(names.size());
  for (const matchers::WireName& name : names) batch.add(name);
  std::vector<matchers::MatchSet> together(names.size());
  scanner.scan(batch, together);
  for (std::size_t i = 0; i < names.size(); ++i) {
    matchers::MatchSet alone;
    batch.clear();
    batch.add(names[i]);
    scanner.scan(batch, {&alone, 1});
    require(alone == together[i]);
  }
}

void scan_with_lines(std::string_view text) {
  std::string file;
  for (std::size_t id = 1; id <= kMostExpressions && !text.empty(); ++id) {
    const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find('{') != line.npos) continue;
    file += std::to_string(id) + " p - " + std::string(line.substr(0, kMostExpressionOctets)) + "\n";
  }
  try {
    compare(*matchers::compile_patterns(matchers::parse_patterns(file, "patterns")), names_with(text));
  } catch (const matchers::PatternError& error) {
    require(!error.mistakes().empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  read_as_file(text);
  scan_with_lines(text);
  return 0;
}

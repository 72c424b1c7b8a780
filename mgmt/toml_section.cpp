#include "mgmt/toml_section.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "mgmt/core_list.h"
#include "mgmt/duration_text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/number_text.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::size_t kShownColumns = 40;  // of a wrong value or key

std::string safe(std::string_view text) {
  return printable(text, kShownColumns, TextStyle{});
}

std::string value_text(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "an array";
  std::ostringstream text;
  text << toml::node_view<const toml::node>(node);
  return safe(text.str());
}

std::optional<std::int64_t> duration_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return parse_duration(*text);
  const auto seconds = node.value<double>();
  if (!node.is_number() || !seconds || !(*seconds >= 0) || *seconds > 1e9) return std::nullopt;
  return std::llround(*seconds * 1e9);
}

std::optional<std::vector<std::uint64_t>> listed_cores(const toml::array& array) {
  std::vector<std::uint64_t> cores;
  for (const toml::node& element : array) {
    const auto core = element.value_exact<std::int64_t>();
    if (!core || *core < 0) return std::nullopt;
    cores.push_back(static_cast<std::uint64_t>(*core));
  }
  return cores;
}

std::optional<std::vector<std::uint64_t>> cores_of(const toml::node& node, Range<std::uint64_t> range) {
  std::optional<std::vector<std::uint64_t>> cores;
  if (const auto text = node.value_exact<std::string>()) cores = parse_core_list(*text, range.most);
  if (const toml::array* array = node.as_array()) cores = listed_cores(*array);
  if (!cores || cores->empty()) return std::nullopt;
  std::vector<std::uint64_t> sorted = *cores;
  std::ranges::sort(sorted);
  const bool once = std::ranges::adjacent_find(sorted) == sorted.end();
  return once && range.contains(sorted.front()) && range.contains(sorted.back()) ? cores : std::nullopt;
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

std::string range_text(Range<std::int64_t> range_ns) {
  return fmt::format("a time from {} to {}, such as \"500ms\" or \"1s\"", duration_text(range_ns.least),
                     duration_text(range_ns.most));
}

}  // namespace

void TomlSection::boolean(std::string_view key, bool& value) {
  const toml::node* node = find(key);
  if (!node) return;
  if (const auto read = node->value_exact<bool>()) {
    value = *read;
  } else {
    expected(key, *node, "true or false");
  }
}

void TomlSection::count(std::string_view key, std::uint64_t& value, Range<std::uint64_t> range) {
  const toml::node* node = find(key);
  if (!node) return;
  const auto read = node->value_exact<std::int64_t>();
  if (read && *read >= 0 && range.contains(static_cast<std::uint64_t>(*read))) {
    value = static_cast<std::uint64_t>(*read);
  } else {
    expected(key, *node,
             fmt::format("a whole number from {} to {}", grouped(range.least), grouped(range.most)));
  }
}

void TomlSection::number(std::string_view key, double& value, Range<double> range) {
  const toml::node* node = find(key);
  if (!node) return;
  const auto read = node->value<double>();
  if (node->is_number() && read && range.contains(*read)) {
    value = *read;
  } else {
    expected(key, *node, fmt::format("a number from {} to {}", range.least, range.most));
  }
}

void TomlSection::power_of_two(std::string_view key, std::uint64_t& value, Range<std::uint64_t> range) {
  const toml::node* node = find(key);
  if (!node) return;
  const auto read = node->value_exact<std::int64_t>();
  const auto count = static_cast<std::uint64_t>(read.value_or(0));
  if (std::has_single_bit(count) && range.contains(count)) {
    value = count;
  } else {
    expected(key, *node,
             fmt::format("a power of two from {} to {}", grouped(range.least), grouped(range.most)));
  }
}

void TomlSection::duration(std::string_view key, std::int64_t& value_ns, Range<std::int64_t> range_ns) {
  const toml::node* node = find(key);
  if (!node) return;
  const auto read = duration_of(*node);
  if (read && range_ns.contains(*read)) {
    value_ns = *read;
  } else {
    expected(key, *node, range_text(range_ns));
  }
}

void TomlSection::duration_or_off(std::string_view key, std::int64_t& value_ns,
                                  Range<std::int64_t> range_ns) {
  const toml::node* node = find(key);
  if (!node) return;
  if (node->value_exact<std::string>() == "off") {
    value_ns = 0;
    return;
  }
  const auto read = duration_of(*node);
  if (read && range_ns.contains(*read)) {
    value_ns = *read;
  } else {
    expected(key, *node, "\"off\" or " + range_text(range_ns));
  }
}

void TomlSection::text(std::string_view key, std::string& value) {
  const toml::node* node = find(key);
  if (!node) return;
  if (const auto read = node->value_exact<std::string>()) {
    value = *read;
  } else {
    expected(key, *node, "a text in quotes");
  }
}

void TomlSection::required_text(std::string_view key, std::string& value) {
  text(key, value);
  const toml::node* node = table_.get(key);
  if (!node) {
    mistakes_.push_back({table_.source().begin, fmt::format("{} has no '{}'", name_, key)});
  } else if (node->is_string() && (value.empty() || has_control_characters(value))) {
    expected(key, *node, "a text that is not empty and has no control characters");
  }
}

void TomlSection::cores(std::string_view key, std::vector<std::uint64_t>& value, Range<std::uint64_t> range) {
  const toml::node* node = find(key);
  if (!node) return;
  const auto read = cores_of(*node, range);
  if (read) {
    value = *read;
  } else {
    expected(key, *node,
             fmt::format("processors from {} to {}, each once, such as [2, 3] or \"2-5,8\"", range.least,
                         range.most));
  }
}

void TomlSection::counts(std::string_view key, std::vector<std::uint64_t>& values,
                         Range<std::uint64_t> range) {
  const toml::node* node = find(key);
  if (!node) return;
  std::vector<std::uint64_t> read;
  for (const toml::node* element : elements(*node)) {
    const auto number = element->value_exact<std::int64_t>();
    if (!number || *number < 0 || !range.contains(static_cast<std::uint64_t>(*number))) {
      return expected(key, *element,
                      fmt::format("whole numbers from {} to {}", grouped(range.least), grouped(range.most)));
    }
    read.push_back(static_cast<std::uint64_t>(*number));
  }
  values = std::move(read);
}

void TomlSection::require(std::string_view key) {
  const toml::node* node = table_.get(key);
  const bool empty = node && node->is_array() && node->as_array()->empty();
  if (!node || empty) {
    mistakes_.push_back(
        {node ? node->source().begin : table_.source().begin, fmt::format("{} has no '{}'", name_, key)});
  }
}

void TomlSection::refuse_if(bool wrong, std::string_view key, std::string_view what) {
  if (!wrong) return;
  if (const toml::node* node = table_.get(key)) return expected(key, *node, what);
  mistakes_.push_back({table_.source().begin, fmt::format("'{}' is expected to be {}", shown(key), what)});
}

std::vector<const toml::node*> TomlSection::elements(const toml::node& node) {
  const toml::array* array = node.as_array();
  if (!array) return {&node};
  std::vector<const toml::node*> elements;
  for (const toml::node& element : *array) elements.push_back(&element);
  return elements;
}

void TomlSection::choose(std::string_view key, std::size_t& index, std::span<const std::string_view> names) {
  const toml::node* node = find(key);
  if (!node) return;
  const auto read = node->value_exact<std::string>();
  const auto found = read ? std::ranges::find(names, std::string_view(*read)) : names.end();
  if (found != names.end()) {
    index = static_cast<std::size_t>(found - names.begin());
  } else {
    expected(key, *node, fmt::format("\"{}\"", fmt::join(names, "\" or \"")));
  }
}

std::vector<const toml::table*> TomlSection::subtables(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  std::vector<const toml::table*> tables;
  if (const toml::array* array = node->as_array()) {
    for (const toml::node& element : *array) tables.push_back(element.as_table());
  }
  if (tables.empty() || std::ranges::count(tables, nullptr) > 0) {
    expected(key, *node, fmt::format("sections [[{}]]", key));
    return {};
  }
  return tables;
}

void TomlSection::refuse_other_keys() {
  for (const auto& [key, node] : table_) {
    if (std::ranges::find(known_, key.str()) != known_.end()) continue;
    const std::string_view meant = nearest_name(key.str(), known_);
    const std::string_view kind = name_.empty() && node.is_table() ? "section" : "key";
    const std::string hint = meant.empty() ? fmt::format("expected one of {}", fmt::join(known_, ", "))
                                           : fmt::format("did you mean '{}'?", meant);
    mistakes_.push_back(
        {key.source().begin, fmt::format("unknown {} '{}', {}", kind, shown(key.str()), hint)});
  }
}

const toml::node* TomlSection::find(std::string_view key) {
  known_.push_back(key);
  return table_.get(key);
}

const toml::table* TomlSection::subtable(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return nullptr;
  if (!node->is_table()) expected(key, *node, fmt::format("a section [{}]", shown(key)));
  return node->as_table();
}

std::string TomlSection::shown(std::string_view key) const {
  return name_.empty() ? safe(key) : name_ + "." + safe(key);
}

void TomlSection::expected(std::string_view key, const toml::node& found, std::string_view what) {
  mistakes_.push_back(
      {found.source().begin, fmt::format("'{}' is {}, expected {}", shown(key), value_text(found), what)});
}

}  // namespace mgmt

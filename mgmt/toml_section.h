// Reads one table of a TOML file key by key and remembers what is wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "mgmt/config.h"

namespace mgmt {

struct TomlMistake {
  toml::source_position where;
  std::string sentence;
};
using TomlMistakes = std::vector<TomlMistake>;

// Each reader leaves its value as it was if the key is absent or wrong, so that one look finds all mistakes.
class TomlSection {
 public:
  // `name` is "" for the file itself. Both are borrowed.
  TomlSection(std::string name, const toml::table& table, TomlMistakes& mistakes)
      : name_(std::move(name)), table_(table), mistakes_(mistakes) {}

  void boolean(std::string_view key, bool& value);
  void count(std::string_view key, std::uint64_t& value, Range<std::uint64_t> range);
  void number(std::string_view key, double& value, Range<double> range);  // whole ones too
  void power_of_two(std::string_view key, std::uint64_t& value, Range<std::uint64_t> range);
  void duration(std::string_view key, std::int64_t& value_ns, Range<std::int64_t> range_ns);
  void duration_or_off(std::string_view key, std::int64_t& value_ns, Range<std::int64_t> range_ns);  // off: 0

  void text(std::string_view key, std::string& value);
  void required_text(std::string_view key, std::string& value);  // absent or empty is a mistake

  // A text of which parse(text) makes an optional value.
  template <class Value, class Parse>
  void parsed_text(std::string_view key, Value& value, std::string_view what, Parse&& parse) {
    const toml::node* node = find(key);
    if (!node) return;
    const auto text = node->value_exact<std::string>();
    auto read = text ? parse(*text) : std::nullopt;
    if (!read) return expected(key, *node, what);
    value = std::move(*read);
  }

  // Processors, each once: an array such as [2, 3], or a list as the kernel writes them, "2-5,8".
  void cores(std::string_view key, std::vector<std::uint64_t>& value, Range<std::uint64_t> range);

  // A text, or an array of texts, each of which parse(std::string_view) makes an optional value of.
  template <class Value, class Parse>
  void list(std::string_view key, std::vector<Value>& values, std::string_view what, Parse&& parse) {
    const toml::node* node = find(key);
    if (!node) return;
    std::vector<Value> read;
    for (const toml::node* element : elements(*node)) {
      const auto text = element->value_exact<std::string>();
      auto value = text ? parse(std::string_view(*text)) : std::nullopt;
      if (!value) return expected(key, *element, what);
      read.push_back(std::move(*value));
    }
    values = std::move(read);
  }

  // Whole numbers, in an array or a single one.
  void counts(std::string_view key, std::vector<std::uint64_t>& values, Range<std::uint64_t> range);

  // It must be there and hold something.
  void require(std::string_view key);

  // What was read is wrong beside other keys.
  void refuse_if(bool wrong, std::string_view key, std::string_view what);

  // `names` are in the order of the enumerators, which count from 0.
  template <class Enum>
  void choice(std::string_view key, Enum& value, std::span<const std::string_view> names) {
    std::size_t index = static_cast<std::size_t>(value);
    choose(key, index, names);
    value = static_cast<Enum>(index);
  }

  // Calls read(TomlSection&) on the table under `key`, if there is one, and refuses the keys it did not ask
  // for.
  template <class Read>
  void section(std::string_view key, Read&& read) {
    if (const toml::table* table = subtable(key)) {
      TomlSection section(name_.empty() ? std::string(key) : name_ + "." + std::string(key), *table,
                          mistakes_);
      read(section);
      section.refuse_other_keys();
    }
  }

  // Likewise for each of the tables [[key]].
  template <class Read>
  void sections(std::string_view key, Read&& read) {
    for (const toml::table* table : subtables(key)) {
      TomlSection section(std::string(key), *table, mistakes_);
      read(section);
      section.refuse_other_keys();
    }
  }

  void refuse_other_keys();

 private:
  const toml::node* find(std::string_view key);
  const toml::table* subtable(std::string_view key);
  std::vector<const toml::table*> subtables(std::string_view key);
  static std::vector<const toml::node*> elements(const toml::node& node);
  void choose(std::string_view key, std::size_t& index, std::span<const std::string_view> names);
  std::string shown(std::string_view key) const;
  void expected(std::string_view key, const toml::node& found, std::string_view what);

  std::string name_;
  const toml::table& table_;
  TomlMistakes& mistakes_;
  std::vector<std::string_view> known_;
};

}  // namespace mgmt

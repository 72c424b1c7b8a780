#include "mgmt/patterns_text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/number_text.h"
#include "mgmt/text_table.h"

namespace mgmt {
namespace {

using Json = nlohmann::ordered_json;

std::string shown(const std::string& file) {
  return printable(file, kPathColumns, TextStyle{});
}

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::string> row(bool with_formed, const std::string& name, const std::string& formed,
                             const std::string& id, const std::string& label) {
  if (with_formed) return {name, formed, id, label};
  return {name, id, label};
}

void add(TextTable& table, const NameVerdict& verdict) {
  const bool with_formed = verdict.formed.has_value();
  std::string name = verdict.name;
  std::string formed = verdict.formed.value_or(false) ? "yes" : "no";
  const auto add_row = [&](const std::string& id, const std::string& label) {
    table.add(row(with_formed, name, formed, id, label));
    name.clear();
    formed.clear();
  };
  for (const matchers::Pattern* pattern : verdict.patterns) {
    add_row(std::to_string(pattern->id), pattern->label);
  }
  if (verdict.patterns.empty()) add_row("-", "");
  if (verdict.more) add_row("", "and more");
}

}  // namespace

std::string check_text(const PatternCheck& check) {
  return fmt::format("{}: OK, {} {}, compiled in {} to {}\n", shown(check.file), grouped(check.patterns),
                     check.patterns == 1 ? "pattern" : "patterns", seconds_text(check.seconds),
                     bytes_text(static_cast<double>(check.octets)));
}

std::string check_json(const PatternCheck& check) {
  Json json = {{"file", check.file}, {"mistakes", Json::array()}};
  for (const matchers::PatternMistake& mistake : check.mistakes) {
    json["mistakes"].push_back(
        {{"line", mistake.line > 0 ? Json(mistake.line) : Json()}, {"reason", mistake.reason}});
  }
  if (check.mistakes.empty()) {
    json["patterns"] = check.patterns;
    json["compile_s"] = check.seconds;
    json["bytes"] = check.octets;
  }
  return dumped(json);
}

std::string mistakes_text(const PatternCheck& check) {
  std::string text;
  for (const matchers::PatternMistake& mistake : check.mistakes) {
    const std::string line = mistake.line > 0 ? fmt::format(":{}", mistake.line) : "";
    text += fmt::format("{}{}{}: {}", text.empty() ? "" : "\n", shown(check.file), line, mistake.reason);
  }
  return text;
}

std::string verdicts_text(const NameVerdicts& verdicts) {
  if (verdicts.empty()) return "";
  const bool with_formed = verdicts.front().formed.has_value();
  std::vector<Column> columns = {{"name"}};
  if (with_formed) columns.push_back({"unresolved FQDN"});
  columns.push_back({"id", Align::kRight});
  columns.push_back({"pattern"});
  TextTable table(columns);
  for (const NameVerdict& verdict : verdicts) add(table, verdict);
  std::string text;
  for (const std::string& line : table.lines(TextStyle{}, kTextColumns)) text.append(line).append("\n");
  return text;
}

std::string verdicts_json(const NameVerdicts& verdicts) {
  Json json = Json::array();
  for (const NameVerdict& verdict : verdicts) {
    Json name = {{"name", verdict.name}, {"patterns", Json::array()}, {"more", verdict.more}};
    if (verdict.formed) name["unresolved_fqdn"] = *verdict.formed;
    for (const matchers::Pattern* pattern : verdict.patterns) {
      name["patterns"].push_back({{"id", pattern->id}, {"label", pattern->label}});
    }
    json.push_back(name);
  }
  return dumped(json);
}

}  // namespace mgmt

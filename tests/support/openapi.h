// What an OpenAPI document says of a path, and whether an answer keeps to it: by valijson, a second opinion.
#pragma once

#include <cctype>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace tests {

inline std::set<std::string> operations(const nlohmann::json& document) {
  std::set<std::string> all;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items())
      all.insert(std::string(method).append(" ").append(path));
  }
  return all;
}

inline const nlohmann::json& operation(const nlohmann::json& document, std::string_view method,
                                       std::string_view path) {
  return document.at("paths").at(std::string(path)).at(method == "GET" ? "get" : "post");
}

inline std::set<std::string> query_parameters(const nlohmann::json& document, std::string_view method,
                                              std::string_view path) {
  std::set<std::string> names;
  for (const auto& parameter : operation(document, method, path)["parameters"]) {
    if (!parameter.contains("$ref")) continue;  // of the path
    const std::string name = parameter["$ref"];
    names.insert(document["components"]["parameters"][name.substr(name.rfind('/') + 1)]["name"]);
  }
  return names;
}

// OpenAPI 3.0 writes "nullable" where JSON Schema has a type more, and keeps its parts elsewhere.
inline nlohmann::json as_json_schema(const nlohmann::json& part) {
  if (part.is_array()) {
    nlohmann::json all = nlohmann::json::array();
    for (const auto& one : part) all.push_back(as_json_schema(one));
    return all;
  }
  if (!part.is_object()) return part;
  nlohmann::json schema = nlohmann::json::object();
  for (const auto& [key, value] : part.items()) {
    if (key == "$ref") {
      const std::string name = value;
      schema[key] = "#/definitions/" + name.substr(name.rfind('/') + 1);
    } else if (key != "nullable") {
      schema[key] = as_json_schema(value);
    }
  }
  if (!part.contains("nullable") || !part["nullable"].is_boolean()) return schema;
  return {{"anyOf", {{{"type", "null"}}, schema}}};
}

inline std::string departures_from(const nlohmann::json& document, const std::string& name,
                                   const nlohmann::json& answer) {
  nlohmann::json root = {{"$ref", "#/definitions/" + name},
                         {"definitions", as_json_schema(document["components"]["schemas"])}};
  valijson::Schema schema;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(root), schema);
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(answer), &results)) return "";
  std::string text;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& step : error.context) text += step;
    text += ": " + error.description + "\n";
  }
  return text;
}

// Of a good answer; "" if there are none.
inline std::string departures(const nlohmann::json& document, std::string_view method, std::string_view path,
                              const nlohmann::json& answer) {
  const std::string name =
      operation(document, method, path)["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
  return departures_from(document, name.substr(name.rfind('/') + 1), answer);
}

inline std::string departures_from_error(const nlohmann::json& document, const nlohmann::json& answer) {
  return departures_from(document, "Error", answer);
}

}  // namespace tests

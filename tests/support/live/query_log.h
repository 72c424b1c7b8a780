// What BIND's query log says of one client.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>
#include <string>

namespace tests {

struct Asked {
  std::size_t queries = 0;
  std::size_t formed = 0;       // for a name outside with the campus's domain appended
  std::size_t about_desks = 0;  // for the name of a desk's address, or an address of its name
};

inline bool is_formed(const std::string& name) {
  const std::string local = ".campus.example";
  if (!name.ends_with(local)) return false;
  const std::string outside = name.substr(0, name.size() - local.size());
  return std::ranges::any_of(std::array{".com", ".net", ".org", ".edu", ".co.jp"},
                             [&](const char* top) { return outside.ends_with(top); });
}

inline bool is_about_desk(const std::string& name) {
  return name.ends_with(".1.10.in-addr.arpa") ||
         (name.starts_with("desk") && name.ends_with(".campus.example"));
}

// A line is "TIME client @0x7f1e 10.1.0.25#41234 (NAME): query: NAME IN A + (10.1.0.53)".
inline Asked asked_by(const std::string& client, const std::string& query_log) {
  const std::string before_name = ": query: ";
  Asked asked;
  std::istringstream lines(query_log);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t found = line.find(before_name);
    if (found == line.npos || line.find(" " + client + "#") == line.npos) continue;
    const std::size_t begin = found + before_name.size();
    const std::string name = line.substr(begin, line.find(' ', begin) - begin);
    ++asked.queries;
    asked.formed += is_formed(name);
    asked.about_desks += is_about_desk(name);
  }
  return asked;
}

}  // namespace tests

// Patterns as an operator would have them.
#pragma once

#include <cstddef>
#include <string>

namespace bench {

// The text of a pattern file.
struct Patterns {
  std::string text;
  std::size_t count = 0;

  Patterns& add(const std::string& expression) {
    text += std::to_string(++count) + " p - " + expression + "\n";
    return *this;
  }
};

// Domains of a blocklist, shapes of generated names, and hosts by their first label, 14:4:2.
inline Patterns usual_patterns(std::size_t count) {
  Patterns patterns;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    const std::size_t kind = i % 20;
    if (kind < 14) {
      patterns.add("(^|\\.)n" + number + "\\.com$");
    } else if (kind < 18) {
      patterns.add("^[a-z]{3}" + number + "[0-9a-f]{8,}\\.(net|org)$");
    } else {
      patterns.add("^mx" + number + "\\.");
    }
  }
  return patterns;
}

}  // namespace bench

// Random patterns and names in which they are found often.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tests {

class PatternDraw {
 public:
  explicit PatternDraw(std::uint32_t seed) : engine_(seed) {}

  std::size_t below(std::size_t bound) { return engine_() % bound; }

  std::string expression() {
    std::string text = alternative(2);
    if (below(4) == 0) text += "|" + alternative(1);
    if (below(12) == 0) text.insert(0, "(?s)");
    if (below(12) == 0) text.insert(0, "(?i)");
    return text;
  }

  // In wire form, of few different octets.
  std::vector<std::uint8_t> name() {
    static const std::string kOctets = "aaabbbc1-.\n \x80";
    std::vector<std::uint8_t> wire;
    for (std::size_t labels = below(5); labels > 0; --labels) {
      const std::size_t octets = 1 + below(6);
      wire.push_back(static_cast<std::uint8_t>(octets));
      for (std::size_t i = 0; i < octets; ++i) {
        const std::size_t unusual = below(10) == 0 ? kOctets.size() : 9;
        wire.push_back(static_cast<std::uint8_t>(kOctets[below(unusual)]));
      }
    }
    wire.push_back(0);
    return wire;
  }

 private:
  std::string alternative(int depth) {
    std::string text = below(4) == 0 ? "^" : "";
    for (std::size_t parts = 1 + below(4); parts > 0; --parts) text += part(depth);
    if (below(4) == 0) text += "$";
    return text;
  }

  std::string part(int depth) {
    static const std::vector<std::string> kAtoms = {
        "a",     "b",     "ab",    "c1",    "\\.",          ".",           "[ab]",         "[^a]",
        "[^b.]", "[^-a]", "[^]a]", "\\W",   "\\D",          "\\w",         "\\d",          "\\s",
        "\\S",   "\\n",   "\\x0a", "\\b",   "[\\s\\S]",     "[^\\w]",      "[\\W]",        "\\H",
        "$",     "^",     "[a-c]", "[!-~]", "[[:^alpha:]]", "[[:punct:]]", "[^[:alpha:]]", "\\\\",
        "-"};
    static const std::vector<std::string> kRepeats = {"", "", "", "", "?", "*", "+", "{2}", "{1,3}", "*?"};
    std::string atom = kAtoms[below(kAtoms.size())];
    if (depth > 0 && below(5) == 0) atom = (below(2) ? "(?:" : "(") + alternative(depth - 1) + ")";
    if (atom == "^" || atom == "$" || atom == "\\b") return atom;
    const std::string& repeat = kRepeats[below(kRepeats.size())];
    return atom.size() == 2 && atom[0] != '\\' && !repeat.empty() ? "(" + atom + ")" + repeat : atom + repeat;
  }

  std::mt19937 engine_;
};

}  // namespace tests

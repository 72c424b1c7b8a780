#include "matchers/pattern_file.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "matchers/shown_text.h"
#include "matchers/text_file.h"

namespace matchers {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kFlags = "ismuw";

// A sentence.
struct BadLine {
  std::string reason;
};

std::string_view take_line(std::string_view& text) {
  const std::size_t length = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return line;
}

void strip_blanks(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
}

std::string_view take_field(std::string_view& line) {
  const std::size_t length = std::min(line.find_first_of(kBlanks), line.size());
  const std::string_view field = line.substr(0, length);
  line.remove_prefix(length);
  strip_blanks(line);
  return field;
}

void check_octets(std::string_view line) {
  for (const char character : line) {
    if (character == '\0') throw BadLine{"has a NUL in it"};
    if (static_cast<unsigned char>(character) >= 0x80) {
      throw BadLine{
          "has a character beyond ASCII in it, which no name has; names in other letters are seen as "
          "A-labels, such as xn--bcher-kva"};
    }
    if ((character < ' ' && character != '\t') || character == '\x7f') {
      throw BadLine{"has a control character in it"};
    }
  }
}

std::uint32_t id_of(std::string_view field) {
  std::uint32_t id = 0;
  const auto [rest, error] = std::from_chars(field.data(), field.data() + field.size(), id);
  if (error != std::errc() || rest != field.data() + field.size() || id == 0 || id > kMaxPatternId) {
    throw BadLine{"begins with " + quoted(field) + ", not with an id from 1 to " +
                  std::to_string(kMaxPatternId)};
  }
  return id;
}

std::string label_of(std::string_view field) {
  if (field.empty()) throw BadLine{"has no label; a line is: id label flags expression"};
  if (field.size() > kMaxPatternLabelOctets) {
    throw BadLine{"has a label of more than " + std::to_string(kMaxPatternLabelOctets) + " characters"};
  }
  return std::string(field);
}

std::string flags_of(std::string_view field) {
  if (field.empty()) throw BadLine{"has no flags; write - for none"};
  if (field == "-") return "";
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (kFlags.find(field[i]) == kFlags.npos) {
      throw BadLine{"has the flags " + quoted(field) + ", of which " + quoted(field.substr(i, 1)) +
                    " is none; there are i, s, m, u and w, and - for none"};
    }
    if (field.find(field[i], i + 1) != field.npos) {
      throw BadLine{"has the flag " + quoted(field.substr(i, 1)) + " twice"};
    }
  }
  return std::string(field);
}

std::optional<Pattern> pattern_of(std::string_view line) {
  strip_blanks(line);
  if (line.empty() || line[0] == '#') return std::nullopt;
  check_octets(line);
  line.remove_suffix(line.size() - 1 - line.find_last_not_of(kBlanks));
  Pattern pattern;
  pattern.id = id_of(take_field(line));
  pattern.label = label_of(take_field(line));
  pattern.flags = flags_of(take_field(line));
  if (line.empty()) throw BadLine{"has no expression; a line is: id label flags expression"};
  pattern.expression = line;
  return pattern;
}

class Reader {
 public:
  explicit Reader(const std::string& name) { file_.name = name; }

  PatternFile read(std::string_view text) {
    if (const std::string reason = foreign_text(text); !reason.empty()) {
      file_.mistakes.push_back({.line = 1, .reason = reason});
      return std::move(file_);
    }
    for (std::size_t line = 1; !text.empty(); ++line) add(take_line(text), line);
    if (file_.patterns.size() > kMaxPatterns) {
      file_.mistakes.push_back({.line = file_.patterns[kMaxPatterns].line,
                                .reason = "is more than " + std::to_string(kMaxPatterns) + " patterns"});
    }
    return std::move(file_);
  }

 private:
  // What is the same in all lines is said once.
  static std::string foreign_text(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) return "begins with a byte order mark; save it as plain text";
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
      return "is UTF-16; save it as plain text";
    }
    if (text.substr(0, text.find('\n')).ends_with('\r')) {
      return "ends in CR LF; convert the file, as with sed -i 's/\\r$//'";
    }
    return "";
  }

  void add(std::string_view text, std::size_t line) {
    try {
      if (text.size() > kMaxPatternLineOctets) {
        throw BadLine{"is longer than " + std::to_string(kMaxPatternLineOctets) + " octets"};
      }
      std::optional<Pattern> pattern = pattern_of(text);
      if (!pattern) return;
      const auto [first, fresh] = lines_.try_emplace(pattern->id, line);
      if (!fresh) {
        throw BadLine{"has the id " + std::to_string(pattern->id) + " of line " +
                      std::to_string(first->second)};
      }
      pattern->line = line;
      file_.patterns.push_back(std::move(*pattern));
    } catch (const BadLine& bad) {
      file_.mistakes.push_back({.line = line, .reason = bad.reason});
    }
  }

  PatternFile file_;
  std::unordered_map<std::uint32_t, std::size_t> lines_;  // of ids
};

}  // namespace

PatternFile parse_patterns(std::string_view text, const std::string& name) {
  return Reader(name).read(text);
}

PatternFile read_patterns(const std::string& file) {
  std::string text;
  try {
    text = text_of_file(file, kMaxPatternFileOctets);
  } catch (const TextFileError& error) {
    const std::string sentence = error.what();
    throw PatternError(file, {{.line = 0, .reason = sentence.substr(file.size() + 2)}});
  }
  return parse_patterns(text, file);
}

}  // namespace matchers

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "matchers/pattern_compiler.h"
#include "matchers/pattern_file.h"

namespace matchers {
namespace {

using namespace std::string_literals;

// All sentences; "" if the patterns compile.
std::string mistakes(std::string_view text) {
  try {
    compile_patterns(parse_patterns(text, "names.patterns"));
  } catch (const PatternError& error) {
    return error.what();
  }
  return "";
}

// Of a single line.
std::string mistake(const std::string& line) {
  const std::string sentence = mistakes(line);
  EXPECT_TRUE(sentence.empty() || sentence.starts_with("names.patterns:1: ")) << sentence;
  return sentence.empty() ? "" : sentence.substr(18);
}

TEST(PatternFile, ALineIsIdLabelFlagsExpression) {
  const PatternFile file = parse_patterns(
      "# worms\n\n  17 frethem - ^mx\\.[^.]+ # no comment  \t\n\t4\tbig-one\tis\t[A-Z]{8}\n  # end", "f");
  EXPECT_TRUE(file.mistakes.empty());
  ASSERT_EQ(file.patterns.size(), 2U);
  EXPECT_EQ(file.patterns[0].id, 17U);
  EXPECT_EQ(file.patterns[0].label, "frethem");
  EXPECT_EQ(file.patterns[0].flags, "");
  EXPECT_EQ(file.patterns[0].expression, "^mx\\.[^.]+ # no comment");
  EXPECT_EQ(file.patterns[0].line, 3U);
  EXPECT_EQ(file.patterns[1].id, 4U);
  EXPECT_EQ(file.patterns[1].label, "big-one");
  EXPECT_EQ(file.patterns[1].flags, "is");
  EXPECT_EQ(file.patterns[1].expression, "[A-Z]{8}");
}

TEST(PatternFile, EachBadLineIsToldWhy) {
  EXPECT_EQ(mistake("1 a - x"), "");
  EXPECT_EQ(mistake("2147483647 a - x"), "");
  for (const char* id : {"0", "-1", "x", "2147483648", "99999999999999999999", "1x", "0x1", "+1"}) {
    EXPECT_EQ(mistake(std::string(id) + " a - x"),
              "begins with '" + std::string(id) + "', not with an id from 1 to 2147483647");
  }
  EXPECT_EQ(mistake("1"), "has no label; a line is: id label flags expression");
  EXPECT_EQ(mistake("1 " + std::string(65, 'a') + " - x"), "has a label of more than 64 characters");
  EXPECT_EQ(mistake("1 a"), "has no flags; write - for none");
  EXPECT_EQ(mistake("1 a -  "), "has no expression; a line is: id label flags expression");
  EXPECT_EQ(mistake("1 a ix x"),
            "has the flags 'ix', of which 'x' is none; there are i, s, m, u and w, and - for none");
  EXPECT_EQ(mistake("1 a ii x"), "has the flag 'i' twice");
  EXPECT_EQ(mistake("1 a - x\0y"s), "has a NUL in it");
  EXPECT_EQ(mistake("1 a - x\x01y"), "has a control character in it");
  EXPECT_EQ(mistake("1 a - bücher"),
            "has a character beyond ASCII in it, which no name has; names in other letters are seen as "
            "A-labels, such as xn--bcher-kva");
  EXPECT_EQ(mistake("1 a - " + std::string(4090, 'x')), "");
  EXPECT_EQ(mistake("1 a - " + std::string(4091, 'x')), "is longer than 4096 octets");
  EXPECT_EQ(mistake("# bücher"), "");
}

TEST(PatternFile, HyperscansReasonsAreGivenWithTheOperatorsPlaces) {
  EXPECT_EQ(mistake("7 dga - [^.]\\W[a"),
            "pattern 7 (dga) is not usable: Unterminated character class starting at index 6");
  EXPECT_EQ(mistake("7 dga - (a)\\1"), "pattern 7 (dga) is not usable: Back-references are unsupported");
  EXPECT_EQ(mistake("7 dga - a*"),
            "pattern 7 (dga) matches without a single character, which every name does");
  EXPECT_EQ(mistake("7 dga - ^"),
            "pattern 7 (dga) matches without a single character, which every name does");
  EXPECT_EQ(mistake("7 dga - \\Aa"), "pattern 7 (dga) has \\A in it; write ^ for the begin of a name");
  EXPECT_EQ(mistake("7 dga - a{1,40000}"), "pattern 7 (dga) is not usable: Bounded repeat is too large");
}

TEST(PatternFile, AllMistakesAreNamedAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(
      mistakes("1 good - a\n2 open - [a\nx\n4 empty - a|\n# fine\n1 again - b\n7 begin - \\Aa\n8 wide - "
               "(.[ab].){300}(c|.d){300}\n"),
      "names.patterns:2: pattern 2 (open) is not usable: Unterminated character class starting at index 0\n"
      "names.patterns:3: begins with 'x', not with an id from 1 to 2147483647\n"
      "names.patterns:4: pattern 4 (empty) matches without a single character, which every name does\n"
      "names.patterns:6: has the id 1 of line 1\n"
      "names.patterns:7: pattern 7 (begin) has \\A in it; write ^ for the begin of a name\n"
      "names.patterns:8: pattern 8 (wide) is not usable: Pattern is too large");
}

TEST(PatternFile, ThousandsOfMistakesAreBounded) {
  std::string text;
  for (int i = 0; i < 70'000; ++i) text += "x\n";
  const std::string sentences = mistakes(text);
  EXPECT_EQ(std::ranges::count(sentences, '\n'), 1000);
  EXPECT_TRUE(sentences.ends_with("\nnames.patterns: and 69000 mistakes more"))
      << sentences.substr(sentences.size() - 99);
}

TEST(PatternFile, OneMoreThanTheMostIsNamed) {
  std::string text;
  for (std::size_t i = 1; i <= kMaxPatterns + 1; ++i) text += std::to_string(i) + " a - b\n";
  const PatternFile file = parse_patterns(text, "f");
  ASSERT_EQ(file.mistakes.size(), 1U);
  EXPECT_EQ(file.mistakes[0].line, kMaxPatterns + 1);
  EXPECT_EQ(file.mistakes[0].reason, "is more than 65536 patterns");
}

TEST(PatternFile, ForeignTextIsNamedOnce) {
  EXPECT_EQ(mistakes("1 a - x\r\n2 b - y\r\n"),
            "names.patterns:1: ends in CR LF; convert the file, as with sed -i 's/\\r$//'");
  EXPECT_EQ(mistakes("\xEF\xBB\xBF"
                     "1 a - x\n"),
            "names.patterns:1: begins with a byte order mark; save it as plain text");
  EXPECT_EQ(mistakes("\xFF\xFE"
                     "1\0 \0"s),
            "names.patterns:1: is UTF-16; save it as plain text");
}

TEST(PatternFile, AFileThatCannotBeReadIsASentence) {
  const auto refusal = [](const std::string& file) -> std::string {
    try {
      read_patterns(file);
    } catch (const PatternError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("/nonexistent"), "/nonexistent: cannot be read: No such file or directory");
  EXPECT_EQ(refusal("/usr"), "/usr: cannot be read: Is a directory");
  EXPECT_EQ(refusal("/dev/zero"), "/dev/zero: is longer than 33554432 octets, which no such file is");
  const std::string sparse = testing::TempDir() + "pattern_file_test_sparse";
  std::ofstream(sparse).put('\n');
  std::filesystem::resize_file(sparse, std::uintmax_t{1} << 30);
  EXPECT_EQ(refusal(sparse), sparse + ": is longer than 33554432 octets, which no such file is");
  std::filesystem::remove(sparse);
}

}  // namespace
}  // namespace matchers

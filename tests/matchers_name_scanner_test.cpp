// Names that are scanned together match what each matches alone, as Hyperscan itself sees it.
#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <hs.h>

#include "dataplane/current.h"
#include "matchers/domain_text.h"
#include "matchers/name_pattern.h"
#include "matchers/name_scanner.h"
#include "matchers/pattern_compiler.h"
#include "tests/support/pattern_draw.h"
#include "wire/dns_name.h"

namespace matchers {
namespace {

using Places = std::vector<std::uint32_t>;

Places places(const MatchSet& set) {
  return {set.matched().begin(), set.matched().end()};
}

// One pattern a line, without id and label.
std::unique_ptr<const PatternDatabase> compiled(const std::vector<std::string>& expressions,
                                                const std::string& flags = "-") {
  std::string text;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    text += std::to_string(i + 1) + " p" + std::to_string(i + 1) + " " + flags + " " + expressions[i] + "\n";
  }
  return compile_patterns(parse_patterns(text, "patterns"));
}

std::vector<MatchSet> scanned(const PatternDatabase& database, const std::vector<WireName>& names) {
  NameBatch batch(names.size());
  for (const WireName& name : names) EXPECT_TRUE(batch.add(name));
  std::vector<MatchSet> found(names.size());
  NameScanner(database).scan(batch, found);
  return found;
}

std::vector<Places> matched(const std::vector<std::string>& expressions,
                            const std::vector<std::string>& names) {
  std::vector<WireName> wire;
  for (const std::string& name : names) wire.push_back(wire_name(name));
  std::vector<Places> matches;
  for (const MatchSet& set : scanned(*compiled(expressions), wire)) matches.push_back(places(set));
  return matches;
}

TEST(MatchSet, KeepsTheFirstPlacesInOrder) {
  MatchSet set;
  for (const std::uint32_t place : {7U, 3U, 7U, 9U, 3U}) set.add(place);
  EXPECT_EQ(places(set), (Places{3, 7, 9}));
  EXPECT_FALSE(set.more);
}

TEST(MatchSet, SaysThatMoreMatched) {
  MatchSet set;
  for (std::uint32_t place = 11; place > 0; --place) set.add(place);
  EXPECT_EQ(set.count, 11);
  set.add(5);
  EXPECT_FALSE(set.more);
  set.add(0);
  EXPECT_TRUE(set.more);
  EXPECT_EQ(places(set), (Places{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  MatchSet other;
  for (std::uint32_t place = 0; place < 12; ++place) other.add(place);
  EXPECT_EQ(set, other);
}

TEST(NameBatch, NamesAreAsInTheReport) {
  tests::PatternDraw draw(7);
  NameBatch batch(NameBatch::kMaxNames);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < NameBatch::kMaxNames; ++i) {
    const WireName name = draw.name();
    ASSERT_TRUE(batch.add(name));
    texts.push_back(wire::to_text(name));
  }
  EXPECT_FALSE(batch.add(wire_name("a")));
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(batch.name(i), texts[i]);
  EXPECT_EQ(std::ranges::count(batch.text(), '\n'), static_cast<std::ptrdiff_t>(batch.size() - 1));
}

TEST(NameBatch, HoldsTheLongestNames) {
  WireName longest;
  for (const std::size_t octets : {63, 63, 63, 61}) {
    longest.push_back(static_cast<std::uint8_t>(octets));
    longest.insert(longest.end(), octets, 0xFF);
  }
  longest.push_back(0);
  ASSERT_EQ(longest.size(), kMaxNameOctets);
  NameBatch batch(2);
  EXPECT_TRUE(batch.add(longest));
  longest.insert(longest.end() - 1, 100, 0xFF);  // no name at all
  EXPECT_TRUE(batch.add(longest));
  EXPECT_EQ(batch.name(0).size(), 4 * 250U + 3);
  EXPECT_LE(batch.name(1).size(), NameBatch::kMaxTextOctets);
  EXPECT_FALSE(batch.add(longest));
  batch.clear();
  EXPECT_TRUE(batch.add({}));
  EXPECT_TRUE(batch.add(WireName{7}));
  EXPECT_EQ(batch.name(0), "");
  EXPECT_EQ(batch.name(1), "") << "a length octet alone is not the root";
}

TEST(NameBatch, WhatIsNoNameIsReadAsInTheReport) {
  const std::vector<WireName> names = {{7},         {0, 1, 'e', 0},      {1, 'a', 0, 0},
                                       {3, 'a', 0}, {1, 'a', 2, 'b', 0}, {64, 0}};
  NameBatch batch(names.size());
  for (const WireName& name : names) batch.add(name);
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(batch.name(i), wire::to_text(names[i])) << i;
}

TEST(NameScanner, AnchorsAreBordersOfNames) {
  EXPECT_EQ(matched({"^mx", "com$", "^mx\\.example\\.com$", "example"},
                    {"mx.example.com", "amx.example.com.x", "mx", "com", "mx.example.com"}),
            (std::vector<Places>{{0, 1, 2, 3}, {3}, {0}, {1}, {0, 1, 2, 3}}));
}

TEST(NameScanner, NoMatchReachesOverTwoNames) {
  EXPECT_EQ(
      matched({"a.b", "a[^x]b", "a\\Wb", "a\\sb", "(?s)a.b", "a\\nb", "a[\\s\\S]b", "^b", "a\\Db", "a.?b"},
              {"xa", "b", "xa", "ba.b"}),
      (std::vector<Places>{{}, {7}, {}, {0, 1, 2, 4, 6, 7, 8, 9}}));
}

TEST(NameScanner, EmptyBatchesAndEmptyFilesMatchNothing) {
  EXPECT_TRUE(scanned(*compiled({"a"}), {}).empty());
  EXPECT_EQ(scanned(*compiled({}), {wire_name("a")}).at(0), MatchSet{});
  EXPECT_EQ(scanned(*compiled({"a"}), {{}, wire_name(".")}).at(1), MatchSet{});
  EXPECT_EQ(scanned(*compiled({"^\\.$"}), {{}, wire_name(".")}).at(1).count, 1);
}

TEST(NameScanner, WhatWasFoundBeforeIsForgotten) {
  NameBatch batch(1);
  batch.add(wire_name("a"));
  MatchSet found;
  found.add(17);
  NameScanner(*compiled({"b"})).scan(batch, {&found, 1});
  EXPECT_EQ(found, MatchSet{});
}

// Hyperscan on one pattern and one name, without any of our own doing.
class Alone {
 public:
  // Null if no name scanner takes the expression: Hyperscan is stricter about odd ones, such as ^^a, where ^
  // is the begin of a line.
  static std::unique_ptr<Alone> of(const std::string& expression, unsigned flags) {
    hs_database_t* lines = compiled_alone(name_pattern(expression).expression, flags | HS_FLAG_MULTILINE);
    hs_free_database(lines);
    if (!lines || least_width(expression, flags) == 0) return nullptr;
    hs_database_t* database = compiled_alone(expression, flags | HS_FLAG_SINGLEMATCH);
    return database ? std::unique_ptr<Alone>(new Alone(database)) : nullptr;
  }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;
  ~Alone() {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }

  bool matches(const std::string& name) const {
    bool found = false;
    const auto note = [](unsigned, unsigned long long, unsigned long long, unsigned, void* seen) {
      *static_cast<bool*>(seen) = true;
      return 1;
    };
    hs_scan(database_, name.data(), static_cast<unsigned>(name.size()), 0, scratch_, note, &found);
    return found;
  }

 private:
  static hs_database_t* compiled_alone(const std::string& expression, unsigned flags) {
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    hs_compile(expression.c_str(), flags, HS_MODE_BLOCK, nullptr, &database, &error);
    hs_free_compile_error(error);
    return database;
  }
  static unsigned least_width(const std::string& expression, unsigned flags) {
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    hs_expression_info(expression.c_str(), flags, &info, &error);
    hs_free_compile_error(error);
    const std::unique_ptr<hs_expr_info_t, decltype(&std::free)> owned(info, std::free);
    return info ? info->min_width : 0;
  }

  explicit Alone(hs_database_t* database) : database_(database) { hs_alloc_scratch(database_, &scratch_); }
  hs_database_t* database_;
  hs_scratch_t* scratch_ = nullptr;
};

struct Together {
  std::vector<std::string> expressions;
  std::vector<std::unique_ptr<Alone>> alone;
};

Together drawn_patterns(tests::PatternDraw& draw, std::size_t count, unsigned flags) {
  Together patterns;
  while (patterns.expressions.size() < count) {
    const std::string expression = draw.expression();
    auto alone = Alone::of(expression, flags);
    if (!alone) continue;
    patterns.expressions.push_back(expression);
    patterns.alone.push_back(std::move(alone));
  }
  return patterns;
}

TEST(NameScanner, TogetherAsAlone) {
  tests::PatternDraw draw(2004);
  std::size_t matches = 0;
  std::size_t overfull = 0;
  std::size_t crossing = 0;
  for (std::size_t round = 0; round < 40; ++round) {
    const bool singly = round % 2;  // or with enough patterns for more matches than a set holds
    const Together patterns = drawn_patterns(draw, singly ? 3 : 30, 0);
    const auto database = compiled(patterns.expressions);
    std::vector<WireName> names;
    for (std::size_t i = 0; i < 64; ++i) names.push_back(draw.name());
    const std::vector<MatchSet> found = scanned(*database, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string text = wire::to_text(names[i]);
      MatchSet expected;
      for (std::uint32_t place = 0; place < patterns.alone.size(); ++place) {
        if (patterns.alone[place]->matches(text)) expected.add(place);
      }
      matches += expected.count;
      overfull += expected.more;
      ASSERT_EQ(found[i], expected) << text << " matches " << testing::PrintToString(places(found[i]))
                                    << ", not " << testing::PrintToString(places(expected)) << " of "
                                    << testing::PrintToString(patterns.expressions);
    }
    for (std::size_t place = 0; place < patterns.alone.size(); ++place)
      crossing += database->may_cross(place);
  }
  EXPECT_GT(matches, 4'000U);
  EXPECT_GT(overfull, 100U);
  EXPECT_GT(crossing, 100U);
}

TEST(NameScanner, FlagsMeanTheSameTogether) {
  tests::PatternDraw draw(5);
  const std::vector<std::pair<std::string, unsigned>> kinds = {
      {"i", HS_FLAG_CASELESS},
      {"s", HS_FLAG_DOTALL},
      {"m", HS_FLAG_MULTILINE},
      {"u", HS_FLAG_UTF8},
      {"uw", HS_FLAG_UTF8 | HS_FLAG_UCP},
      {"ismu", HS_FLAG_CASELESS | HS_FLAG_DOTALL | HS_FLAG_MULTILINE | HS_FLAG_UTF8}};
  for (const auto& [letters, flags] : kinds) {
    for (int round = 0; round < 1; ++round) {
      const Together patterns = drawn_patterns(draw, 4, flags);
      std::vector<WireName> names;
      for (std::size_t i = 0; i < 64; ++i) names.push_back(draw.name());
      const std::vector<MatchSet> found = scanned(*compiled(patterns.expressions, letters), names);
      for (std::size_t i = 0; i < names.size(); ++i) {
        MatchSet expected;
        for (std::uint32_t place = 0; place < patterns.alone.size(); ++place) {
          if (patterns.alone[place]->matches(wire::to_text(names[i]))) expected.add(place);
        }
        ASSERT_EQ(found[i], expected) << letters << " " << wire::to_text(names[i]) << " of "
                                      << testing::PrintToString(patterns.expressions);
      }
    }
  }
}

// As workers hold patterns that are replaced while they scan: a database, and a scanner for each.
struct PatternsInUse {
  explicit PatternsInUse(const std::vector<std::string>& expressions) : database(compiled(expressions)) {
    scanners.emplace_back(*database);
  }
  std::unique_ptr<const PatternDatabase> database;
  std::vector<NameScanner> scanners;
};

TEST(NameScanner, ABurstSeesOneDatabaseWhileTheyAreReplaced) {
  const std::vector<std::vector<std::string>> kinds = {{"^a"}, {"^x", "^a"}};
  dataplane::Current<PatternsInUse> current(std::make_unique<PatternsInUse>(kinds[0]), 1);
  std::atomic<bool> stop{false};
  std::atomic<std::size_t> mixed{0};
  std::atomic<std::size_t> bursts{0};
  std::jthread worker([&] {
    NameBatch batch(64);
    while (batch.add(wire_name("a.b"))) continue;
    std::vector<MatchSet> found(batch.size());
    for (; !stop; ++bursts) {
      const PatternsInUse& patterns = current.read(0);
      patterns.scanners[0].scan(batch, found);
      const auto expected = static_cast<std::uint32_t>(patterns.database->patterns().size() - 1);
      for (const MatchSet& set : found) mixed += places(set) != Places{expected};
    }
    current.leave(0);
  });
  for (std::size_t i = 0; i < 200; ++i) current.replace(std::make_unique<PatternsInUse>(kinds[i % 2]));
  for (const std::size_t before = bursts; bursts < before + 2;) std::this_thread::yield();
  stop = true;
  worker.join();
  EXPECT_EQ(mixed, 0U);
}

TEST(NamePattern, UsualPatternsKeepToOneName) {
  const auto rewritten = [](std::string_view expression) {
    const NamePattern pattern = name_pattern(expression);
    return pattern.may_cross ? std::string("may cross") : pattern.expression;
  };
  EXPECT_EQ(rewritten("^(mx|mail)[0-9]*\\.[^.]{20,}\\.example\\.com$"),
            "^(mx|mail)[0-9]*\\.[^\\n.]{20,}\\.example\\.com$");
  EXPECT_EQ(rewritten("[^]a][^-b][]c][-d]"), "[^\\n\\]a][^\\n\\-b][\\]c][\\-d]");
  EXPECT_EQ(rewritten("\\W\\D\\w\\d\\b\\S"), "[^\\n\\w][^\\n\\d]\\w\\d\\b\\S");
  EXPECT_EQ(rewritten("(?i)a(?:b|c)(?i:d)\\\\[\\]x]"), "(?i)a(?:b|c)(?i:d)\\\\[\\]x]");
  for (const char* unusual : {"\\s", "\\x41", "(?s).", "(?x)a", "[[:alpha:]]", "[\\W]", "\\p{L}", "(?#a)b",
                              "\\1", "[a", "a\\", "[\\x00-\\x7f]", "\\H", "[a[b]"}) {
    EXPECT_EQ(rewritten(unusual), "may cross") << unusual;
    EXPECT_EQ(name_pattern(unusual).expression, unusual);
  }
}

TEST(NamePattern, WhatTellsNamesApartIsRefused) {
  const auto refusal = [](std::string_view expression) -> std::string {
    try {
      name_pattern(expression);
    } catch (const UnusablePattern& unusable) {
      return unusable.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("\\Aa"), "has \\A in it; write ^ for the begin of a name");
  EXPECT_EQ(refusal("a\\Z"), "has \\Z in it; write $ for the end of a name");
  EXPECT_EQ(refusal("a\\z"), "has \\z in it; write $ for the end of a name");
  EXPECT_EQ(refusal("(?x)a(?-m)^b"), "switches flags off in a group");
  EXPECT_EQ(refusal("(?i-m:^b)"), "switches flags off in a group");
  EXPECT_EQ(refusal("(*UTF8)a"), "begins with a verb (*...); write flags instead");
  EXPECT_EQ(refusal("\\c\\\\A"), "has \\c in it, a control character, which no name has");
  EXPECT_EQ(refusal("\\Q\\\\E\\A"), "has \\Q in it; write a backslash before each character instead");
  EXPECT_EQ(refusal("\\\\A(?:a)-\\\\z"), "");
}

}  // namespace
}  // namespace matchers

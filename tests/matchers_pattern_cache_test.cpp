#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "matchers/domain_text.h"
#include "matchers/name_scanner.h"
#include "matchers/pattern_cache.h"
#include "tests/support/program.h"

namespace matchers {
namespace {

namespace fs = std::filesystem;

class PatternCache : public testing::Test {
 protected:
  std::string folder() const { return scratch_.path("cache"); }

  LoadedPatterns load(std::string_view text = "3 mail - ^mx\n4 com i COM$\n") const {
    return load_patterns(parse_patterns(text, "patterns"), folder());
  }

  std::vector<fs::path> kept() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder())) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
  }

  static void expect_sound(const LoadedPatterns& loaded) {
    NameBatch batch(1);
    batch.add(wire_name("mx.example.com"));
    MatchSet found;
    NameScanner(*loaded.database).scan(batch, {&found, 1});
    EXPECT_EQ(found.count, 2);
  }

  // The patterns are compiled once more, and kept once more.
  void expect_compiled_again() const {
    const LoadedPatterns again = load();
    EXPECT_FALSE(again.from_cache);
    EXPECT_EQ(again.warning, "");
    expect_sound(again);
    EXPECT_TRUE(load().from_cache);
  }

  static std::string contents(const fs::path& file) { return tests::contents_of(file.string()); }
  static void write(const fs::path& file, const std::string& octets) {
    std::ofstream(file, std::ios::binary) << octets;
  }

  tests::ScratchDirectory scratch_;
};

TEST_F(PatternCache, TheSecondTimeNothingIsCompiled) {
  const LoadedPatterns first = load();
  EXPECT_FALSE(first.from_cache);
  EXPECT_EQ(first.warning, "");
  expect_sound(first);
  EXPECT_EQ(kept().size(), 1U);
  const LoadedPatterns second = load();
  EXPECT_TRUE(second.from_cache);
  expect_sound(second);
  EXPECT_EQ(second.database->patterns()[1].label, "com");
}

TEST_F(PatternCache, OnlyWhatIsCompiledCounts) {
  load();
  EXPECT_TRUE(load("# a comment\n5 other - ^mx\n6 names i COM$\n").from_cache);
  EXPECT_FALSE(load("3 mail - ^mx\n4 com - COM$\n").from_cache) << "other flags";
  EXPECT_FALSE(load("4 com i COM$\n3 mail - ^mx\n").from_cache) << "another order";
  EXPECT_EQ(kept().size(), 3U);
}

TEST_F(PatternCache, ADamagedFileIsCompiledAgain) {
  load();
  const fs::path file = kept().at(0);
  const std::string whole = contents(file);
  for (const std::size_t octets :
       {std::size_t{0}, std::size_t{7}, std::size_t{79}, std::size_t{80}, whole.size() - 1}) {
    write(file, whole.substr(0, octets));
    expect_compiled_again();
  }
  write(file, whole + "x");
  expect_compiled_again();
  for (std::size_t at = 0; at < whole.size(); at += at < 160 ? 1 : whole.size() / 50) {
    std::string damaged = whole;
    damaged[at] ^= 0x20;
    write(file, damaged);
    expect_compiled_again();
  }
  EXPECT_EQ(kept().size(), 1U) << "nothing half written stays";
}

TEST_F(PatternCache, AFileOfOtherPatternsIsNotTaken) {
  load();
  const fs::path ours = kept().at(0);
  load("1 other - ^www\n");
  for (const fs::path& file : kept()) {
    if (file != ours) fs::copy_file(file, ours, fs::copy_options::overwrite_existing);
  }
  expect_compiled_again();
}

TEST_F(PatternCache, AFileThatOthersMayWriteIsNotTaken) {
  load();
  const fs::path file = kept().at(0);
  for (const fs::perms perms : {fs::perms::others_write, fs::perms::group_write}) {
    fs::permissions(file, perms, fs::perm_options::add);
    expect_compiled_again();
  }
  if (::geteuid() != 0) return;
  ASSERT_EQ(::chown(file.c_str(), 65534, 65534), 0);
  ::setegid(0);
  EXPECT_FALSE(load().from_cache);
}

TEST_F(PatternCache, WhatIsNoFileIsNotTaken) {
  load();
  const fs::path file = kept().at(0);
  fs::rename(file, scratch_.path("elsewhere"));
  fs::create_symlink(scratch_.path("elsewhere"), file);
  expect_compiled_again();
  fs::remove(file);
  fs::create_directory(file);
  const LoadedPatterns blocked = load();
  EXPECT_FALSE(blocked.from_cache);
  EXPECT_EQ(blocked.warning, folder() + ": the compiled patterns are not kept there: Is a directory");
  expect_sound(blocked);
  EXPECT_EQ(kept().size(), 1U) << "nothing half written stays";
}

TEST_F(PatternCache, AFolderThatCannotBeWrittenCostsOnlyTime) {
  const LoadedPatterns loaded =
      load_patterns(parse_patterns("1 a - ^mx\n2 b - com$", "p"), "/proc/none/cache");
  EXPECT_EQ(loaded.warning,
            "/proc/none/cache: the compiled patterns are not kept there: No such file or directory");
  expect_sound(loaded);
}

TEST_F(PatternCache, NoPatternsNeedNoCache) {
  const LoadedPatterns loaded = load("# nothing\n");
  EXPECT_FALSE(loaded.from_cache);
  EXPECT_EQ(loaded.warning, "");
  EXPECT_EQ(loaded.database->patterns().size(), 0U);
  EXPECT_FALSE(fs::exists(folder()));
}

TEST_F(PatternCache, MistakesAreNotCached) {
  EXPECT_THROW(load("1 a - [\n"), PatternError);
  EXPECT_FALSE(fs::exists(folder()));
}

}  // namespace
}  // namespace matchers

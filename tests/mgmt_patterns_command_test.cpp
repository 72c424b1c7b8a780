// `tapline patterns`, as a user types it.
#include <cstdlib>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/command_line.h"
#include "mgmt/help_text.h"
#include "mgmt/pattern_cache_folder.h"
#include "tests/support/program.h"

namespace mgmt {
namespace {

constexpr const char* kGood = "# names\n3 mail - ^mx\n4 commercial i COM$\n";

class PatternsCommand : public testing::Test {
 protected:
  PatternsCommand() {
    write("good", kGood);
    write("bad", "1 open - [a\n1 same - x\nzz\n");
    write("local.toml", "[network]\nlocal_domains = [\"campus.example\"]\n[patterns]\ncache = \"" +
                            scratch_.path("cache") + "\"\n");
  }

  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
  std::string path(const std::string& name) const { return scratch_.path(name); }

  // Through the shell, in the scratch directory.
  int run(const std::string& words) {
    const int status = tests::shell("cd " + path("") + " && " + input_ + " XDG_CACHE_HOME=" + path("") +
                                    " '" + tests::tapline() + "' patterns " + words + " >output 2>errors");
    output_ = tests::contents_of(path("output"));
    errors_ = tests::contents_of(path("errors"));
    return status;
  }

  tests::ScratchDirectory scratch_;
  std::string input_;  // a command whose output is read
  std::string output_;
  std::string errors_;
};

TEST_F(PatternsCommand, ASoundFileIsOneLine) {
  EXPECT_EQ(run("check good"), kExitDone) << errors_;
  EXPECT_TRUE(output_.starts_with("good: OK, 2 patterns, compiled in ")) << output_;
  EXPECT_EQ(errors_, "");
  EXPECT_EQ(run("check --json good"), kExitDone);
  const auto json = nlohmann::json::parse(output_);
  EXPECT_EQ(json["patterns"], 2);
  EXPECT_GT(json["bytes"], 100);
  EXPECT_TRUE(json["mistakes"].empty());
}

TEST_F(PatternsCommand, EachMistakeIsALine) {
  EXPECT_EQ(run("check bad"), kExitUsage);
  EXPECT_EQ(output_, "");
  EXPECT_EQ(errors_,
            "bad:1: pattern 1 (open) is not usable: Unterminated character class starting at index 0\n"
            "bad:2: has the id 1 of line 1\n"
            "bad:3: begins with 'zz', not with an id from 1 to 2147483647\n");
  EXPECT_EQ(run("test bad a"), kExitUsage);
  EXPECT_TRUE(errors_.starts_with("bad:1: ")) << errors_;
  EXPECT_EQ(run("check --json bad"), kExitUsage);
  const auto json = nlohmann::json::parse(output_);
  EXPECT_EQ(json["mistakes"][1]["line"], 2);
  EXPECT_EQ(json["mistakes"][1]["reason"], "has the id 1 of line 1");
}

TEST_F(PatternsCommand, AFileThatIsNotThereIsASentence) {
  EXPECT_EQ(run("check missing"), kExitUsage);
  EXPECT_EQ(errors_, "missing: cannot be read: No such file or directory\n");
  EXPECT_EQ(run("check \"$(printf 'a\\033[31m\\nb')\""), kExitUsage);
  EXPECT_EQ(errors_, "a?[31m?b: cannot be read: No such file or directory\n");
}

TEST_F(PatternsCommand, NamesAreShownWithWhatTheyMatch) {
  EXPECT_EQ(run("test good MX.example.com. www.example.org 'a b'"), kExitDone);
  EXPECT_EQ(output_,
            "name             id  pattern\n"
            "mx.example.com    3  mail\n"
            "                  4  commercial\n"
            "www.example.org   -\n"
            "a\\032b            -\n");
  EXPECT_EQ(run("test --json good mx.de"), kExitDone);
  EXPECT_EQ(nlohmann::json::parse(output_), nlohmann::json::parse(R"([{"name": "mx.de", "more": false,
            "patterns": [{"id": 3, "label": "mail"}]}])"));
  EXPECT_TRUE(std::filesystem::exists(path("tapline"))) << "the usual folder for compiled patterns";
}

TEST_F(PatternsCommand, WithLocalDomainsItSaysWhichNamesWereFormed) {
  input_ = "printf 'mx.example.com.campus.example\\n\\nwww.campus.example\\n' |";
  EXPECT_EQ(run("test --config local.toml good - mx"), kExitDone) << errors_;
  EXPECT_EQ(output_,
            "name                           unresolved FQDN  id  pattern\n"
            "mx.example.com.campus.example  yes               3  mail\n"
            "www.campus.example             no                -\n"
            "mx                             no                3  mail\n");
  EXPECT_TRUE(std::filesystem::exists(path("cache")));
}

TEST_F(PatternsCommand, MoreMatchesThanAnEventHoldsAreSaid) {
  std::string many;
  for (int id = 1; id <= 12; ++id) many += std::to_string(id) + " p" + std::to_string(id) + " - a\n";
  write("many", many);
  EXPECT_EQ(run("test many a"), kExitDone);
  EXPECT_TRUE(output_.ends_with("11  p11\n          and more\n")) << output_;
}

TEST_F(PatternsCommand, WhatIsNoNameIsASentenceEach) {
  input_ = "printf 'a\\nb..c\\n' |";
  EXPECT_EQ(run("test good x..y -"), kExitUsage);
  EXPECT_EQ(errors_,
            "tapline: 'x..y' has an empty label\n"
            "standard input:2: 'b..c' has an empty label\n");
}

TEST_F(PatternsCommand, AFolderThatCannotBeWrittenIsToldAndCostsOnlyTime) {
  write("far.toml", "[patterns]\ncache = \"/proc/none\"\n");
  EXPECT_EQ(run("test --config far.toml good mx"), kExitDone);
  EXPECT_EQ(errors_,
            "tapline: /proc/none: the compiled patterns are not kept there: No such file or directory\n");
}

std::string wrong(const std::vector<const char*>& words) {
  const Command command = parse_command_line(words);
  const auto* usage = std::get_if<WrongUsage>(&command);
  return usage ? usage->sentence.substr(0, usage->sentence.find('\n')) : "";
}

TEST(PatternsWords, WrongUsageIsASentence) {
  EXPECT_EQ(wrong({"patterns"}),
            "tapline: 'tapline patterns' needs to know what to do: check FILE, or test FILE NAME...");
  EXPECT_EQ(wrong({"patterns", "tst", "f"}),
            "tapline: 'tapline patterns' cannot do 'tst', only check and test; did you mean test?");
  EXPECT_EQ(wrong({"patterns", "check"}), "tapline: 'tapline patterns check' needs a file");
  EXPECT_EQ(wrong({"patterns", "check", "a", "b"}), "tapline: one pattern file at a time");
  EXPECT_EQ(wrong({"patterns", "test", "a"}), "tapline: 'tapline patterns test' needs a name");
  EXPECT_EQ(wrong({"patterns", "test", "a", "-", "-"}),
            "tapline: standard input ('-') can be read only once");
  EXPECT_EQ(std::get<HelpText>(parse_command_line(std::vector<const char*>{"help", "patterns"})).text,
            kPatternsHelp);
}

TEST(PatternsWords, HelpFitsEightyColumns) {
  for (std::size_t at = 0; at < kPatternsHelp.size();) {
    const std::size_t end = kPatternsHelp.find('\n', at);
    EXPECT_LE(end - at, 80U) << kPatternsHelp.substr(at, end - at);
    at = end + 1;
  }
}

TEST(PatternCacheFolder, IsTheConfiguredOneOrTheUsual) {
  EXPECT_EQ(pattern_cache_folder({.file = "", .cache = "/x"}), "/x");
  setenv("XDG_CACHE_HOME", "/home/me/cache", 1);
  EXPECT_EQ(pattern_cache_folder({}), "/home/me/cache/tapline");
  setenv("XDG_CACHE_HOME", "relative", 1);
  unsetenv("HOME");
  EXPECT_EQ(pattern_cache_folder({}), "/var/cache/tapline");
}

}  // namespace
}  // namespace mgmt

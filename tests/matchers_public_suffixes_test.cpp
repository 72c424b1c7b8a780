// The public suffix list against the cases that its authors publish, and against libpsl on each of its rules.
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <libpsl.h>

#include "matchers/domain_text.h"
#include "matchers/labels.h"
#include "matchers/public_suffixes.h"

namespace matchers {
namespace {

const PublicSuffixes& system_list() {
  static const PublicSuffixes list = PublicSuffixes::read();
  return list;
}

// In presentation form; "" if there is none.
std::string registered(const PublicSuffixes& list, std::string_view text) {
  const WireName name = wire_name(text);
  const std::size_t octets = list.registered_domain(name);
  std::string domain;
  for (std::size_t at = name.size() - octets; octets > 0 && name[at] != 0; at += 1 + name[at]) {
    if (!domain.empty()) domain += '.';
    domain.append(reinterpret_cast<const char*>(&name[at + 1]), name[at]);
  }
  return domain;
}

bool is_top_level(const PublicSuffixes& list, std::string_view label) {
  return list.is_top_level(std::span(reinterpret_cast<const std::uint8_t*>(label.data()), label.size()));
}

struct Case {
  const char* name;
  const char* registered;
};

// https://raw.githubusercontent.com/publicsuffix/list/master/tests/test_psl.txt
constexpr Case kPublished[] = {
    {"COM", ""},
    {"example.COM", "example.com"},
    {"WwW.example.COM", "example.com"},
    {"example", ""},
    {"example.example", "example.example"},
    {"b.example.example", "example.example"},
    {"a.b.example.example", "example.example"},
    {"biz", ""},
    {"domain.biz", "domain.biz"},
    {"b.domain.biz", "domain.biz"},
    {"a.b.domain.biz", "domain.biz"},
    {"com", ""},
    {"example.com", "example.com"},
    {"a.b.example.com", "example.com"},
    {"uk.com", ""},
    {"example.uk.com", "example.uk.com"},
    {"a.b.example.uk.com", "example.uk.com"},
    {"test.ac", "test.ac"},
    {"mm", ""},
    {"c.mm", ""},
    {"b.c.mm", "b.c.mm"},
    {"a.b.c.mm", "b.c.mm"},
    {"jp", ""},
    {"test.jp", "test.jp"},
    {"www.test.jp", "test.jp"},
    {"ac.jp", ""},
    {"test.ac.jp", "test.ac.jp"},
    {"kyoto.jp", ""},
    {"test.kyoto.jp", "test.kyoto.jp"},
    {"ide.kyoto.jp", ""},
    {"b.ide.kyoto.jp", "b.ide.kyoto.jp"},
    {"a.b.ide.kyoto.jp", "b.ide.kyoto.jp"},
    {"c.kobe.jp", ""},
    {"b.c.kobe.jp", "b.c.kobe.jp"},
    {"a.b.c.kobe.jp", "b.c.kobe.jp"},
    {"city.kobe.jp", "city.kobe.jp"},
    {"www.city.kobe.jp", "city.kobe.jp"},
    {"ck", ""},
    {"test.ck", ""},
    {"b.test.ck", "b.test.ck"},
    {"a.b.test.ck", "b.test.ck"},
    {"www.ck", "www.ck"},
    {"www.www.ck", "www.ck"},
    {"us", ""},
    {"test.us", "test.us"},
    {"ak.us", ""},
    {"test.ak.us", "test.ak.us"},
    {"k12.ak.us", ""},
    {"test.k12.ak.us", "test.k12.ak.us"},
    {"www.test.k12.ak.us", "test.k12.ak.us"},
    {"食狮.com.cn", "xn--85x722f.com.cn"},
    {"食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"},
    {"www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"},
    {"shishi.公司.cn", "shishi.xn--55qx5d.cn"},
    {"公司.cn", ""},
    {"食狮.中国", "xn--85x722f.xn--fiqs8s"},
    {"www.食狮.中国", "xn--85x722f.xn--fiqs8s"},
    {"shishi.中国", "shishi.xn--fiqs8s"},
    {"中国", ""},
    {"xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"},
    {"xn--55qx5d.cn", ""},
};

TEST(PublicSuffixes, ThePublishedCasesHold) {
  for (const Case& each : kPublished) {
    EXPECT_EQ(registered(system_list(), each.name), each.registered) << each.name;
  }
  EXPECT_EQ(system_list().registered_domain(wire_name(".")), 0U);
}

// The names that lie around each rule of the list. Left out is kobe.jp for the rule *.kobe.jp: for libpsl
// that is a public suffix by this rule, in the algorithm as published the rule says nothing of it.
template <class Visit>
std::size_t each_name_of_the_list(Visit visit) {
  std::ifstream file(kPublicSuffixFile);
  std::size_t names = 0;
  for (std::string line; std::getline(file, line);) {
    std::string rule = line.substr(0, line.find_first_of(" \t"));
    if (rule.empty() || rule.starts_with("//")) continue;
    if (rule.starts_with("!")) rule.erase(0, 1);
    const bool wildcard = rule.starts_with("*.");
    if (wildcard) rule.erase(0, 2);
    const std::string below[] = {"", "x.", "y.x.", "www.", "z.y.x.", "com.", "city.", "xn--bcher-kva."};
    for (const std::string& labels : below) {
      if (wildcard && labels.empty()) continue;
      visit(labels + rule);
      ++names;
    }
    if (const std::size_t dot = rule.find('.'); dot != rule.npos) visit("sibling" + rule.substr(dot));
  }
  return names;
}

TEST(PublicSuffixes, AgreeWithLibpslAroundEveryRule) {
  const std::unique_ptr<psl_ctx_t, void (*)(psl_ctx_t*)> psl(psl_load_file(kPublicSuffixFile), psl_free);
  ASSERT_NE(psl, nullptr);
  std::size_t differ = 0;
  const std::size_t names = each_name_of_the_list([&](const std::string& text) {
    const WireName wire = wire_name(text);
    std::string ascii;
    for (std::size_t at = 0; wire[at] != 0; at += 1 + wire[at]) {
      if (at > 0) ascii += '.';
      ascii.append(reinterpret_cast<const char*>(&wire[at + 1]), wire[at]);
    }
    const char* theirs = psl_registrable_domain(psl.get(), ascii.c_str());
    const std::string ours = registered(system_list(), text);
    if (ours != (theirs ? theirs : "") && ++differ <= 10) {
      ADD_FAILURE() << ascii << ": " << ours << ", libpsl " << (theirs ? theirs : "none");
    }
  });
  EXPECT_EQ(differ, 0U);
  EXPECT_GT(names, 60'000U) << "is this the list?";
}

TEST(PublicSuffixes, EachLineOfTheListIsRead) {
  EXPECT_GT(system_list().rules(), 9'000U);
  EXPECT_EQ(system_list().unreadable_rules(), 0U);
}

TEST(PublicSuffixes, TopLevelLabelsAreThoseOfTheIcannSection) {
  for (const char* label : {"com", "jp", "arpa", "ck", "bd", "xn--fiqs8s", "info", "cc"}) {
    EXPECT_TRUE(is_top_level(system_list(), label)) << label;
  }
  for (const char* label : {"campus", "example", "local", "co", "kobe", "github"}) {
    EXPECT_EQ(is_top_level(system_list(), label), std::string(label) == "co") << label;
  }
}

TEST(PublicSuffixes, PrivateRulesMakeNoTopLevel) {
  const PublicSuffixes list(
      "// ===BEGIN ICANN DOMAINS===\ncom\n*.ck\n!www.ck\n// ===END ICANN DOMAINS===\n"
      "// ===BEGIN PRIVATE DOMAINS===\nmine\nhosting.com // a comment\n*.\n-- --\n",
      "list");
  EXPECT_TRUE(is_top_level(list, "com"));
  EXPECT_TRUE(is_top_level(list, "ck"));
  EXPECT_FALSE(is_top_level(list, "mine"));
  EXPECT_FALSE(is_top_level(list, "www"));
  EXPECT_EQ(registered(list, "a.b.hosting.com"), "b.hosting.com");
  EXPECT_EQ(registered(list, "hosting.com"), "");
  EXPECT_EQ(list.rules(), 6U);
  EXPECT_EQ(list.unreadable_rules(), 1U);
}

// In presentation form; "" if there is none.
std::string listed(const PublicSuffixes& list, std::string_view text) {
  const WireName name = wire_name(text);
  const std::size_t octets = list.listed_suffix(name);
  std::string suffix;
  for (std::size_t at = name.size() - octets; octets > 0 && name[at] != 0; at += 1 + name[at]) {
    if (!suffix.empty()) suffix += '.';
    suffix.append(reinterpret_cast<const char*>(&name[at + 1]), name[at]);
  }
  return suffix;
}

TEST(PublicSuffixes, WhatTheListDoesNotNameIsNoListedSuffix) {
  constexpr std::pair<const char*, const char*> kCases[] = {{"com", "com"},
                                                            {"www.example.com", "com"},
                                                            {"a.b.example.uk.com", "uk.com"},
                                                            {"www.test.ide.kyoto.jp", "ide.kyoto.jp"},
                                                            {"ck", "ck"},
                                                            {"a.test.ck", "test.ck"},
                                                            {"www.ck", "ck"},
                                                            {"a.city.kobe.jp", "kobe.jp"},
                                                            {"wpad", ""},
                                                            {"johns-laptop", ""},
                                                            {"johns-laptop.corp", ""},
                                                            {"printer.johns-laptop.local", ""},
                                                            {"mx.campus.example", ""},
                                                            {"10-1-0-77", ""},
                                                            {".", ""}};
  for (const auto& [name, suffix] : kCases) EXPECT_EQ(listed(system_list(), name), suffix) << name;
}

// Below za the list has rules, but none says that it is a suffix itself.
TEST(PublicSuffixes, OneLabelMoreThanAListedSuffixIsTheRegisteredDomain) {
  std::size_t unlisted = 0;
  std::size_t differ = 0;
  each_name_of_the_list([&](const std::string& text) {
    const WireName name = wire_name(text);
    const std::size_t suffix = system_list().listed_suffix(name);
    const std::size_t registered = system_list().registered_domain(name);
    if (suffix == 0 && text.ends_with(".za")) {
      ++unlisted;
      return;
    }
    const std::size_t more = registered == 0 ? 0 : name[name.size() - registered] + 1U;
    const bool agree = registered == 0 ? suffix == name.size() : suffix > 0 && suffix + more == registered;
    if (!agree && ++differ <= 10) ADD_FAILURE() << text << ": " << suffix << ", " << registered;
  });
  EXPECT_EQ(differ, 0U);
  EXPECT_LT(unlisted, 100U);
}

TEST(PublicSuffixes, WithoutAListASentenceSaysWhatBringsIt) {
  const auto refusal = [](const std::string& file) -> std::string {
    try {
      PublicSuffixes::read(file);
    } catch (const PublicSuffixError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("/nonexistent.dat"),
            "/nonexistent.dat: cannot be read: No such file or directory. The Debian package publicsuffix "
            "brings /usr/share/publicsuffix/public_suffix_list.dat");
  EXPECT_TRUE(refusal("/usr").starts_with("/usr: cannot be read: Is a directory. "));
  EXPECT_TRUE(refusal("/dev/zero").starts_with("/dev/zero: is longer than 16777216 octets"));
  EXPECT_EQ(refusal("/etc/passwd"),
            "/etc/passwd: is no public suffix list: it has no rule com among the ICANN domains");
}

}  // namespace
}  // namespace matchers

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "matchers/unresolved_names.h"

namespace matchers {
namespace {

using Texts = std::vector<std::string>;

const PublicSuffixes& system_list() {
  static const PublicSuffixes list = PublicSuffixes::read();
  return list;
}

UnresolvedNames unresolved(const Texts& local_domains, const Texts& subdomains = {}) {
  return UnresolvedNames(local_domains, subdomains, system_list());
}

bool formed(const UnresolvedNames& names, std::string_view text) {
  return names.formed(wire_name(text));
}

TEST(UnresolvedNames, AreWholeNamesWithTheLocalDomainAppended) {
  const UnresolvedNames names = unresolved({"campus.example"});
  for (const char* name :
       {"mx.example.com.campus.example", "MX.Example.COM.Campus.Example.", "example.com.campus.example",
        "a.b.c.d.example.co.jp.campus.example", "4.3.2.1.in-addr.arpa.campus.example",
        "www.test.ck.campus.example", "x.xn--fiqs8s.campus.example", "x.中国.campus.example",
        "_sip._tcp.x.de.campus.example"}) {
    EXPECT_TRUE(formed(names, name)) << name;
  }
  for (const char* name :
       {"campus.example", "com.campus.example", "www.campus.example", "www.cs.campus.example", "example.com",
        "mx.example.com", "mx.example.com.example", "mx.example.com.other.example",
        "mx.example.comcampus.example", "mx.example.com.acampus.example", "mx.example.com.campus.example.org",
        ".", "com", "example", "com.example.campus.example", "mx.example.co\\.com.campus.example"}) {
    EXPECT_FALSE(formed(names, name)) << name;
  }
}

TEST(UnresolvedNames, AreNotThoseBelowRealSubdomains) {
  const UnresolvedNames names =
      unresolved({"campus.example"}, {"CC.campus.example.", "ml.cs.campus.example"});
  EXPECT_FALSE(formed(names, "www.cc.campus.example"));
  EXPECT_FALSE(formed(names, "mx.example.cc.campus.example"));
  EXPECT_FALSE(formed(names, "cc.campus.example"));
  EXPECT_TRUE(formed(names, "www.info.campus.example"));
  EXPECT_TRUE(formed(names, "www.ml.campus.example"));
  EXPECT_FALSE(formed(names, "www.com.ml.cs.campus.example"));
}

TEST(UnresolvedNames, AreMadeWithTheLongestLocalDomain) {
  const UnresolvedNames names =
      unresolved({"campus.example", "cs.campus.example", "com.campus.example", "campus2.example"});
  EXPECT_TRUE(formed(names, "mx.example.com.cs.campus.example"));
  EXPECT_TRUE(formed(names, "mx.example.org.campus.example"));
  EXPECT_FALSE(formed(names, "www.cs.campus.example"));
  EXPECT_FALSE(formed(names, "com.cs.campus.example"));
  EXPECT_FALSE(formed(names, "mx.com.campus.example")) << "an ordinary host of com.campus.example";
  EXPECT_TRUE(formed(names, "mx.org.com.campus.example"));
  EXPECT_FALSE(formed(unresolved({"campus.example"}), "mx.example.com.cs.campus.example"));
}

TEST(UnresolvedNames, ALocalDomainInARealSubdomainIsLocal) {
  const UnresolvedNames names =
      unresolved({"campus.example", "lab.cc.campus.example"}, {"cc.campus.example"});
  EXPECT_FALSE(formed(names, "example.com.cc.campus.example"));
  EXPECT_TRUE(formed(names, "example.com.lab.cc.campus.example"));
}

TEST(UnresolvedNames, LocalDomainsMayBeShortOrInOtherLetters) {
  const UnresolvedNames names = unresolved({"x", "lan", "大学.jp", "campus.example"});
  EXPECT_TRUE(formed(names, "example.com.lan"));
  EXPECT_TRUE(formed(names, "a.com.x"));
  EXPECT_TRUE(formed(names, "b.de.xn--pss25c.jp"));
  EXPECT_TRUE(formed(names, "mx.example.com.campus.example"));
  EXPECT_FALSE(formed(names, "com.x"));
  EXPECT_FALSE(formed(names, "a.com.y"));
  EXPECT_FALSE(formed(names, "printer.lan"));
}

TEST(UnresolvedNames, WithoutLocalDomainsThereAreNone) {
  EXPECT_FALSE(formed(unresolved({}), "mx.example.com.campus.example"));
  EXPECT_FALSE(formed(unresolved({}), "a.b"));
}

TEST(UnresolvedNames, WhatIsNoNameIsNotFormed) {
  const UnresolvedNames names = unresolved({"campus.example"});
  const WireName whole = wire_name("mx.example.com.campus.example");
  EXPECT_FALSE(names.formed({}));
  for (std::size_t octets = 0; octets < whole.size(); ++octets) {
    EXPECT_FALSE(names.formed(std::span(whole).first(octets))) << octets;
    std::vector<std::uint8_t> tail(whole.end() - static_cast<std::ptrdiff_t>(octets), whole.end());
    const bool at_a_label = octets == whole.size() - 3;  // example.com.campus.example
    EXPECT_EQ(names.formed(tail), at_a_label) << octets;
  }
}

TEST(UnresolvedNames, EachBadDomainIsNamed) {
  try {
    unresolved({"campus.example", "a..b", "a b", "."}, {"cc", "-", "x.campus.example", "campus.example"});
    FAIL() << "accepted";
  } catch (const DomainError& error) {
    EXPECT_STREQ(error.what(),
                 "'a..b' has an empty label\n"
                 "'a b' has a character in it that is neither letter, digit, hyphen nor underscore\n"
                 "'.' is the root, which is nobody's domain\n"
                 "'cc' is below no local domain; a subdomain is written whole\n"
                 "'-' is below no local domain; a subdomain is written whole\n"
                 "'campus.example' is below no local domain; a subdomain is written whole");
  }
}

// The rule once more, on text and slowly.
bool is_at_or_below(const std::string& name, const std::string& domain) {
  return name == domain || name.ends_with("." + domain);
}

std::optional<std::string> longest_around(const std::string& name, const Texts& domains) {
  std::optional<std::string> longest;
  for (const std::string& domain : domains) {
    if (is_at_or_below(name, domain) && (!longest || domain.size() > longest->size())) longest = domain;
  }
  return longest;
}

bool formed_slowly(const std::string& name, const Texts& local_domains, const Texts& subdomains) {
  const auto local = longest_around(name, local_domains);
  const auto real = longest_around(name, subdomains);
  if (!local || name == *local || (real && real->size() > local->size())) return false;
  const std::string before = name.substr(0, name.size() - local->size() - 1);
  const std::size_t dot = before.rfind('.');
  if (dot == before.npos) return false;
  const Texts top_level = {"com", "cc", "jp", "ck"};  // of the labels below
  return std::ranges::find(top_level, before.substr(dot + 1)) != top_level.end();
}

class Draw {
 public:
  std::string domain(std::size_t most_labels) {
    static const Texts kLabels = {"com", "cc", "jp", "ck", "campus", "example", "cs", "a", "www"};
    std::string text;
    for (std::size_t left = 1 + below(most_labels); left > 0; --left) {
      text.append(text.empty() ? "" : ".").append(kLabels[below(kLabels.size())]);
    }
    return text;
  }
  Texts domains(std::size_t most, std::size_t most_labels) {
    Texts list(1 + below(most));
    for (std::string& each : list) each = domain(most_labels);
    return list;
  }
  std::size_t below(std::size_t bound) { return engine_() % bound; }

 private:
  std::mt19937 engine_{2003};
};

TEST(UnresolvedNames, AgreeWithTheRuleDoneSlowly) {
  Draw draw;
  std::size_t formed_names = 0;
  for (int round = 0; round < 2'000; ++round) {
    const Texts local_domains = draw.domains(6, 3);
    Texts subdomains;
    for (const std::string& domain : draw.domains(4, 2)) {
      subdomains.push_back(domain + "." + local_domains[draw.below(local_domains.size())]);
    }
    const UnresolvedNames names = unresolved(local_domains, subdomains);
    for (int i = 0; i < 100; ++i) {
      std::string name = draw.domain(4);
      if (i % 2) name += "." + local_domains[draw.below(local_domains.size())];
      const bool expected = formed_slowly(name, local_domains, subdomains);
      formed_names += expected;
      ASSERT_EQ(formed(names, name), expected) << name << "\nlocal: " << testing::PrintToString(local_domains)
                                               << "\nreal: " << testing::PrintToString(subdomains);
    }
  }
  EXPECT_GT(formed_names, 10'000U);
}

}  // namespace
}  // namespace matchers

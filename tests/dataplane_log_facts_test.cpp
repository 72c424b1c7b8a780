// Lines that real programs wrote, and what becomes of them: as a plain second reader has it, whatever else is
// scanned in the same call, and also where they are damaged.
#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <regex>

#include <gtest/gtest.h>

#include "dataplane/log_facts.h"
#include "matchers/log_patterns.h"
#include "tests/support/captures.h"
#include "tests/support/naive_log.h"
#include "wire/dns_type.h"
#include "wire/network.h"

namespace tests {
namespace {

using dataplane::kMaxLineOctets;
using dataplane::LogFact;
using dataplane::LogSource;
using dataplane::LogVerdict;

using Lines = std::vector<std::string>;

Lines lines_of(const std::filesystem::path& path) {
  Lines lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::filesystem::path> fixtures() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_root() / "tests" / "fixtures" / "logs"))
    if (entry.path().extension() == ".log") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

LogSource source_of(int year) {
  wire::LogClock clock;
  clock.begin_in(year);
  return LogSource(clock);
}

std::vector<LogFact> parsed(const Lines& lines, LogSource source = source_of(2026)) {
  static dataplane::LogFacts facts(matchers::compile_log_patterns());
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  std::vector<LogFact> found(lines.size());
  facts.parse(views, source, found);
  return found;
}

LogFact parsed_alone(const std::string& line) {
  return parsed({line})[0];
}

std::string kind_of(const LogFact& fact) {
  if (fact.verdict == LogVerdict::kMail)
    return std::string(wire::kMailFactKindNames[static_cast<std::size_t>(fact.mail.kind)]);
  return std::string(dataplane::kLogVerdictNames[static_cast<std::size_t>(fact.verdict)]);
}

// Program and message, as a person tells them apart.
struct Head {
  std::string program;
  std::size_t message = 0;  // where it begins
  bool inferred = false;    // from how the message begins
};

Head naive_head(const std::string& line) {
  static const std::string kTime =
      R"((?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|\[\d+\]) )";
  static const std::regex kOwnOfNamed("(?:\\d\\d-[A-Z][a-z]{2}-\\d{4} [\\d:.]+ |" + kTime +
                                      "(?=(?:[a-z-]+: (?:info|notice|warning|error): )))");
  static const std::regex kOwnOfIplog(kTime + "(?=(?:UDP|TCP|ICMP): )");
  static const std::regex kSyslog("(?:<\\d+>)?" + kTime +
                                  R"((?:[^ ]*[^ :\]] )?([^ \[:]+)(?:\[[\d:]+\])?(?::? ))");
  static const std::regex kModern(R"(<\d+>1 [^ ]+ [^ ]+ ([^ ]+) [^ ]+ [^ ]+ (?:- |\[[^ ]* .*"\] ))");
  std::smatch match;
  constexpr auto kFront = std::regex_constants::match_continuous;
  if (std::regex_search(line, match, kOwnOfNamed, kFront))
    return {"named", static_cast<std::size_t>(match.length()), true};
  if (std::regex_search(line, match, kOwnOfIplog, kFront))
    return {"iplog", static_cast<std::size_t>(match.length()), true};
  if (std::regex_search(line, match, kModern, kFront) || std::regex_search(line, match, kSyslog, kFront))
    return {match[1], static_cast<std::size_t>(match.length()), false};
  return {};
}

NaiveResult naive(const Head& head, const std::string& message) {
  static const std::regex kPostfix(
      "[^ "
      "]*/"
      "(smtpd|qmgr|nqmgr|smtp|cleanup|postscreen|lmtp|local|pipe|virtual|error|discard|bounce|pickup|anvil|"
      "master|"
      "postfix-script|scache|verify|trivial-rewrite|retry)");
  std::smatch daemon;
  const std::string& program = head.program;
  if (std::regex_match(program, daemon, kPostfix)) return naive_postfix(daemon[1], message);
  if (program == "sendmail" || program == "sm-mta" || program == "sm-msp-queue")
    return naive_sendmail(message);
  if (program == "dovecot" || program.ends_with("-login")) return naive_dovecot(program, message);
  if (program.ends_with("popper")) return naive_qpopper(message);
  if (program == "named" || program == "unbound" || program == "dnsmasq" || program == "iplog")
    return naive_query(program, message);
  return std::nullopt;
}

// Empty if both readers agree.
std::string difference(const NaiveResult& naive, const LogFact& fact) {
  const bool counts = fact.verdict == LogVerdict::kMail || fact.verdict == LogVerdict::kQuery;
  const std::string kind = counts ? kind_of(fact) : "nothing";
  const std::string naive_kind = naive ? naive->kind : "nothing";
  if (kind != naive_kind) return kind + ", naive: " + naive_kind;
  if (!counts) return "";
  if (fact.verdict == LogVerdict::kMail)
    return std::to_string(fact.mail.recipients) == naive->detail ? "" : "recipients, naive: " + naive->detail;
  const bool numbered = naive->detail.starts_with("type=");
  const std::string type = numbered ? "TYPE" + naive->detail.substr(5) : naive->detail;
  return fact.query.qtype == wire::dns_type(type)
             ? ""
             : "type " + std::to_string(fact.query.qtype) + ", naive " + type;
}

TEST(LogFacts, TheSecondReaderAgreesOnEveryLineOfTheFixtures) {
  std::map<std::string, std::size_t> counts;
  for (const auto& path : fixtures()) {
    for (const std::string& line : lines_of(path)) {
      const LogFact fact = parsed_alone(line);
      const Head head = naive_head(line);
      EXPECT_EQ(difference(naive(head, line.substr(head.message)), fact), "")
          << path.filename() << ": " << line;
      ++counts[kind_of(fact)];
    }
  }
  // `grep -c` over the files said the same; see each pattern of naive_log.h for what to look for.
  for (const char* kind :
       {"connect", "from", "sent", "deferred", "bounced", "expired", "reject", "pop", "imap", "query"})
    EXPECT_GE(counts[kind], 4u) << kind;
  EXPECT_EQ(counts["malformed"], 0u);
}

// What a file says as a whole; counted with grep.
TEST(LogFacts, TheFixturesCountAsGrepCountsThem) {
  const auto counted = [](const std::string& file) {
    std::map<std::string, std::size_t> counts;
    for (const LogFact& fact : parsed(lines_of(source_root() / "tests" / "fixtures" / "logs" / file)))
      ++counts[kind_of(fact)];
    return counts;
  };
  using Counts = std::map<std::string, std::size_t>;
  EXPECT_EQ(counted("dovecot_2.3.log"), (Counts{{"pop", 4}, {"imap", 4}, {"other", 20}}));
  EXPECT_EQ(counted("dovecot_2.3_own.log"),
            (Counts{{"pop", 4}, {"imap", 4}, {"other", 10}, {"unknown", 10}}));
  EXPECT_EQ(counted("dnsmasq_2.90_extra.log"), (Counts{{"query", 16}, {"other", 19}}));
  EXPECT_EQ(counted("unbound_1.17_own.log"), (Counts{{"query", 13}, {"other", 17}}));
  // 36 of smtpd and 3 of postscreen, of which three connect to smtpd again; three lines say "status=sent ("
  // of a mail that was deferred.
  EXPECT_EQ(counted("postfix_3.7.log"), (Counts{{"connect", 36},
                                                {"from", 32},
                                                {"sent", 26},
                                                {"deferred", 9},
                                                {"bounced", 3},
                                                {"expired", 3},
                                                {"reject", 23},
                                                {"other", 140}}));
  // "reject" is twelve rulesets and six times "User unknown"; three more `from=` have nrcpts=0.
  EXPECT_EQ(counted("sendmail_8.17.log"), (Counts{{"connect", 12},
                                                  {"from", 12},
                                                  {"sent", 18},
                                                  {"deferred", 4},
                                                  {"bounced", 4},
                                                  {"expired", 2},
                                                  {"reject", 18},
                                                  {"other", 211}}));
  EXPECT_EQ(counted("documented.log"), (Counts{{"connect", 2},
                                               {"from", 1},
                                               {"sent", 4},
                                               {"deferred", 2},
                                               {"bounced", 2},
                                               {"reject", 6},
                                               {"pop", 2},
                                               {"imap", 1},
                                               {"query", 14},
                                               {"other", 7},
                                               {"unknown", 4}}));
}

// A few octets of the message are replaced, taken out, or come from another line.
std::string damaged(std::string message, const Lines& lines, std::mt19937& random) {
  static const std::string kSpecial = "<>\"\\,= :;[]()/#@.0A";
  for (unsigned change = 1 + random() % 3; change > 0 && !message.empty(); --change) {
    const std::size_t at = random() % message.size();
    const std::string& other = lines[random() % lines.size()];
    switch (random() % 4) {
      case 0:
        message[at] = kSpecial[random() % kSpecial.size()];
        break;
      case 1:
        message.erase(at, 1 + random() % 12);
        break;
      case 2:
        message.insert(at, 1, kSpecial[random() % kSpecial.size()]);
        break;
      default:
        message.insert(at, other.substr(std::min(other.size(), 16 + random() % 60), random() % 60));
    }
  }
  return message;
}

TEST(LogFacts, TheSecondReaderAgreesOnDamagedLines) {
  std::mt19937 random(20020211);
  Lines lines;
  for (const auto& path : fixtures()) std::ranges::copy(lines_of(path), std::back_inserter(lines));
  std::size_t facts = 0;
  for (int round = 0; round < 30'000; ++round) {
    const std::string& line = lines[random() % lines.size()];
    const Head head = naive_head(line);
    if (head.inferred) continue;
    const std::string message = damaged(line.substr(head.message), lines, random);
    const LogFact fact = parsed_alone(line.substr(0, head.message) + message);
    ASSERT_EQ(difference(naive(head, message), fact), "") << line.substr(0, head.message) << message;
    facts += fact.verdict == LogVerdict::kMail || fact.verdict == LogVerdict::kQuery;
  }
  EXPECT_GT(facts, 5'000u) << "the lines are damaged beyond what can be told apart";
}

bool same(const LogFact& a, const LogFact& b) {
  return a.verdict == b.verdict && a.seen_ns == b.seen_ns && a.host == b.host && a.mail == b.mail &&
         a.query == b.query;
}

// Neither the burst that a line is scanned with nor Hyperscan itself changes what it says.
TEST(LogFacts, ALineSaysTheSameInEveryCompany) {
  std::mt19937 random(7);
  Lines lines;
  for (const auto& path : fixtures()) std::ranges::copy(lines_of(path), std::back_inserter(lines));
  for (std::size_t i = 0; i < 500; ++i)
    lines.push_back(damaged(lines[random() % lines.size()], lines, random));
  std::ranges::shuffle(lines, random);
  std::erase_if(lines, [](const std::string& line) {
    return line.find("popper") != std::string::npos || line.find("postscreen") != std::string::npos;
  });
  const std::vector<LogFact> together = parsed(lines);
  LogSource source = source_of(2026);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    LogFact alone;
    dataplane::read_fact(lines[i], source, alone);
    const bool unknown =
        together[i].verdict == LogVerdict::kUnknown && alone.verdict == LogVerdict::kMalformed;
    ASSERT_TRUE(unknown || same(together[i], alone)) << lines[i] << "\n"
                                                     << kind_of(together[i]) << kind_of(alone);
  }
}

TEST(LogFacts, EachVerdictHasItsLine) {
  const std::string head = "Feb 11 10:00:00 mx ";
  EXPECT_EQ(kind_of(parsed_alone(head + "postfix/smtpd[1]: connect from x[192.0.2.7]")), "connect");
  EXPECT_EQ(kind_of(parsed_alone(head + "named[1]: client 10.0.0.1#1: query: a IN A +")), "query");
  EXPECT_EQ(kind_of(parsed_alone(head + "postfix/smtpd[1]: disconnect from x[192.0.2.7]")), "other");
  EXPECT_EQ(kind_of(parsed_alone(head + "cron[1]: connect from postfix/smtpd[1]: connect from x[192.0.2.7]")),
            "unknown");
  EXPECT_EQ(kind_of(parsed_alone("")), "unknown");
  EXPECT_EQ(kind_of(parsed_alone("hello")), "unknown");
  EXPECT_EQ(kind_of(parsed_alone("Feb 31 10:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.7]")),
            "malformed");
  EXPECT_EQ(kind_of(parsed_alone("Feb 29 10:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.7]")),
            "malformed");
  const std::string query = head + "named[1]: client 10.0.0.1#1: query: a IN A +";
  EXPECT_EQ(kind_of(parsed_alone(query + std::string(kMaxLineOctets - query.size(), ' '))), "query");
  EXPECT_EQ(kind_of(parsed_alone(query + std::string(kMaxLineOctets - query.size() + 1, ' '))), "too_long");
}

TEST(LogFacts, TimeHostAndFactAreTheLines) {
  const Lines lines = {"Feb 11 10:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.7]"};
  const LogFact fact = parsed(lines)[0];  // views into them
  EXPECT_EQ(fact.seen_ns, 1'770'804'000'000'000'000);
  EXPECT_EQ(fact.host, "mx");
  EXPECT_EQ(fact.mail.client, *wire::address_from("192.0.2.7"));
}

// More than a batch holds, in lines and in octets, with lines that are too long between them.
TEST(LogFacts, BurstsMayBeOfAnySize) {
  Lines lines;
  for (int i = 0; i < 300; ++i) {
    lines.push_back("Feb 11 10:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.7]");
    lines.back().resize(i % 3 == 0   ? lines.back().size()
                        : i % 3 == 1 ? kMaxLineOctets
                                     : kMaxLineOctets + 1,
                        ' ');
  }
  const std::vector<LogFact> found = parsed(lines);
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(kind_of(found[i]), i % 3 == 2 ? "too_long" : "connect") << i;
  EXPECT_TRUE(parsed({}).empty());
}

TEST(LogSource, WhatPostscreenLetsThroughConnectsOnce) {
  const std::string smtpd = "Feb 11 10:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.7]";
  const std::string postscreen =
      "Feb 11 10:00:00 mx postfix/postscreen[1]: CONNECT from [192.0.2.7]:1 to [10.1.0.25]:25";
  const std::string other = "Feb 11 10:00:00 mx postfix/smtpd[1]: connect from x[192.0.2.8]";
  const std::vector<LogFact> found = parsed({smtpd, postscreen, other, smtpd, smtpd});
  EXPECT_EQ(kind_of(found[0]), "connect");
  EXPECT_EQ(kind_of(found[1]), "connect");
  EXPECT_EQ(kind_of(found[2]), "connect");
  EXPECT_EQ(kind_of(found[3]), "other");
  EXPECT_EQ(kind_of(found[4]), "connect");
}

TEST(LogSource, AQpopperSessionCountsOnce) {
  const std::string login =
      "Feb 11 10:00:00 mx popper[1]: (v4.0.5) POP login by user \"ann\" at (pc) 10.1.0.80";
  const std::string statistics = "Feb 11 10:00:00 mx popper[1]: Stats: ann 0 0 5 12345 pc 10.1.0.80";
  const std::vector<LogFact> found = parsed({statistics, login, statistics, login});
  EXPECT_EQ(kind_of(found[0]), "pop") << "logins may not be logged";
  EXPECT_EQ(kind_of(found[1]), "pop");
  EXPECT_EQ(kind_of(found[2]), "other");
  EXPECT_EQ(kind_of(found[3]), "pop");
}

}  // namespace
}  // namespace tests

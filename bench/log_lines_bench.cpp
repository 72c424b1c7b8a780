// How many lines a second of a mixed Postfix log become facts on one core, the lines in memory already? What
// of that is classification, and what would it be without?
//   log_lines_bench                       the benchmarks
//   TAPLINE_LOG=FILE log_lines_bench      writes the log there first, for grep and wc
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dataplane/log_facts.h"
#include "matchers/log_patterns.h"
#include "wire/log_line.h"

namespace {

using dataplane::LogFact;
using dataplane::LogVerdict;

constexpr std::size_t kLines = 400'000;
constexpr std::size_t kBurst = 64;

// Sessions of a Postfix with many clients, in the shapes and shares of tests/fixtures/logs/postfix_3.7.log.
class PostfixLog {
 public:
  PostfixLog() {
    while (lines_ < kLines) {
      const unsigned kind = random_() % 20;
      if (kind < 11) {
        receive();
      } else if (kind < 14) {
        send();
      } else if (kind < 19) {
        turn_down();
      } else {
        add("anvil", "statistics: max connection rate " + number(60) + "/60s for (smtp:" + client_ +
                         ") at Feb 11 10:00:00");
      }
    }
  }

  const std::string& text() const { return text_; }
  std::size_t facts() const { return facts_; }

 private:
  std::string number(unsigned most) { return std::to_string(1 + random_() % most); }

  std::string host() { return "mail" + number(50'000) + ".example" + number(400) + ".org"; }

  std::string mailbox() { return "user" + number(30'000) + "@dept" + number(300) + ".campus.example"; }

  std::string id() {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string id;
    for (int i = 0; i < 10; ++i) id += kDigits[random_() % 16];
    return id;
  }

  void begin() {
    client_ = host() + "[192." + number(250) + "." + number(250) + "." + number(250) + "]";
    second_ += random_() % 2;
  }

  void add(const char* daemon, const std::string& message) {
    char time[32];
    std::snprintf(time, sizeof time, "Feb %2u %02u:%02u:%02u", 1 + second_ / 86'400 % 28, second_ / 3600 % 24,
                  second_ / 60 % 60, second_ % 60);
    text_.append(time).append(" mx postfix/").append(daemon).append("[").append(number(30'000)).append("]: ");
    text_.append(message).append("\n");
    ++lines_;
  }

  void fact(const char* daemon, const std::string& message) {
    ++facts_;
    add(daemon, message);
  }

  void taken(const std::string& id, const std::string& sender) {
    add("cleanup", id + ": message-id=<" + number(1'000'000'000) + "." + id + "@" + host() + ">");
    fact("qmgr", id + ": from=<" + sender + ">, size=" + number(90'000) + ", nrcpt=1 (queue active)");
  }

  void receive() {
    begin();
    const std::string mail = id();
    fact("smtpd", "connect from " + client_);
    add("smtpd", mail + ": client=" + client_);
    taken(mail, "someone" + number(90'000) + "@" + host());
    add("smtpd", "disconnect from " + client_ + " ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5");
    fact("virtual", mail + ": to=<" + mailbox() + ">, relay=virtual, delay=0." + number(99) +
                        ", delays=0.01/0.01/0/0, dsn=2.0.0, status=sent (delivered to mailbox)");
    add("qmgr", mail + ": removed");
  }

  void send() {
    begin();
    const std::string mail = id();
    const std::string to = mail + ": to=<friend" + number(90'000) + "@" + host() + ">, relay=";
    taken(mail, mailbox());
    if (random_() % 3 == 0) {
      fact("smtp", to + "none, delay=" + number(9000) +
                       ", delays=0.01/0/30/0, dsn=4.4.1, status=deferred (connect to " + client_ +
                       ":25: Connection timed out)");
      return;
    }
    fact("smtp", to + client_ + ":25, delay=1." + number(99) +
                     ", delays=0.01/0.01/0.5/0.6, dsn=2.0.0, status=sent (250 "
                     "2.0.0 Ok: queued as " +
                     id() + ")");
    add("qmgr", mail + ": removed");
  }

  void turn_down() {
    begin();
    const std::string recipient = mailbox();
    const bool relay = random_() % 2 == 0;
    fact("smtpd", "connect from " + client_);
    fact("smtpd", "NOQUEUE: reject: RCPT from " + client_ + (relay ? ": 554 5.7.1 <" : ": 550 5.1.1 <") +
                      recipient +
                      (relay ? ">: Relay access denied"
                             : ">: Recipient address rejected: User unknown in virtual mailbox table") +
                      "; from=<x@" + host() + "> to=<" + recipient + "> proto=ESMTP helo=<" + host() + ">");
    add("smtpd", "disconnect from " + client_ + " ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4");
  }

  std::mt19937 random_{2002};
  std::string text_;
  std::string client_ = "192.0.2.7";
  std::size_t lines_ = 0;
  std::size_t facts_ = 0;
  unsigned second_ = 0;
};

const PostfixLog& postfix_log() {
  static const PostfixLog log;
  return log;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

dataplane::LogSource source_of_2002() {
  wire::LogClock clock;
  clock.begin_in(2002);
  return dataplane::LogSource(clock);
}

template <class Burst>
void run(benchmark::State& state, Burst&& burst) {
  const std::vector<std::string_view> lines = lines_of(postfix_log().text());
  std::size_t at = 0;
  for ([[maybe_unused]] auto _ : state) {
    burst(std::span(lines).subspan(at, kBurst));
    at += kBurst;
    if (at + kBurst > lines.size()) at = 0;
  }
  const auto done = static_cast<std::int64_t>(state.iterations() * kBurst);
  state.SetItemsProcessed(done);
  state.SetBytesProcessed(done * static_cast<std::int64_t>(postfix_log().text().size() / lines.size()));
}

void facts(benchmark::State& state) {
  dataplane::LogFacts facts(matchers::compile_log_patterns());
  dataplane::LogSource source = source_of_2002();
  std::vector<LogFact> found(kBurst);
  run(state, [&](std::span<const std::string_view> lines) {
    facts.parse(lines, source, found);
    benchmark::DoNotOptimize(found.data());
  });
}
BENCHMARK(facts);

void classes(benchmark::State& state) {
  const matchers::LogClasses classes(matchers::compile_log_patterns());
  matchers::LineBatch batch;
  std::vector<matchers::LogClassSet> found(kBurst);
  run(state, [&](std::span<const std::string_view> lines) {
    batch.clear();
    for (const std::string_view line : lines) batch.add(line);
    classes.scan(batch, std::span(found).first(batch.size()));
    benchmark::DoNotOptimize(found.data());
  });
}
BENCHMARK(classes);

// Every line split and given to the parser of its program: the same facts without Hyperscan.
void unclassified(benchmark::State& state) {
  dataplane::LogSource source = source_of_2002();
  LogFact found;
  run(state, [&](std::span<const std::string_view> lines) {
    for (const std::string_view line : lines) {
      dataplane::read_fact(line, source, found);
      benchmark::DoNotOptimize(found);
    }
  });
}
BENCHMARK(unclassified);

// The answer before the clock starts.
bool all_facts_are_found() {
  const std::vector<std::string_view> lines = lines_of(postfix_log().text());
  std::vector<LogFact> found(lines.size());
  dataplane::LogFacts facts(matchers::compile_log_patterns());
  dataplane::LogSource source = source_of_2002();
  facts.parse(lines, source, found);
  std::size_t mail = 0;
  std::size_t other = 0;
  for (const LogFact& fact : found) {
    mail += fact.verdict == LogVerdict::kMail;
    other += fact.verdict == LogVerdict::kOther;
  }
  if (mail == postfix_log().facts() && mail + other == lines.size()) return true;
  std::cerr << "facts: " << mail << " of " << postfix_log().facts() << " in " << lines.size() << " lines\n";
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (!all_facts_are_found()) return 1;
  if (const char* file = std::getenv("TAPLINE_LOG")) std::ofstream(file) << postfix_log().text();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}

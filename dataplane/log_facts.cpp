#include "dataplane/log_facts.h"

#include <optional>

#include "wire/log_line.h"
#include "wire/log_program.h"
#include "wire/mail_line.h"
#include "wire/query_line.h"

namespace dataplane {
namespace {

using matchers::LogClass;
using wire::LogProgram;

std::optional<wire::MailFact> mail_fact(LogProgram program, const wire::LogLine& line) noexcept {
  switch (program) {
    case LogProgram::kPostfix:
      return wire::parse_postfix(wire::postfix_daemon(line.program), line.message);
    case LogProgram::kSendmail:
      return wire::parse_sendmail(line.message);
    case LogProgram::kDovecot:
      return wire::parse_dovecot(line.program, line.message);
    case LogProgram::kQpopper:
      return wire::parse_qpopper(line.message);
    default:
      return std::nullopt;
  }
}

std::optional<wire::QueryFact> query_fact(LogProgram program, std::string_view message) noexcept {
  switch (program) {
    case LogProgram::kBind:
      return wire::parse_bind_query(message);
    case LogProgram::kUnbound:
      return wire::parse_unbound_query(message);
    case LogProgram::kDnsmasq:
      return wire::parse_dnsmasq_query(message);
    case LogProgram::kIplog:
      return wire::parse_iplog_query(message);
    default:
      return std::nullopt;
  }
}

// True, and the line and its program set, if it is of a known one; else the verdict is.
bool known_program(std::string_view text, wire::LogLine& line, LogProgram& program, LogFact& fact) noexcept {
  fact.verdict = LogVerdict::kMalformed;
  if (!wire::read_log_line(text, line)) return false;
  program = wire::log_program(line.program);
  fact.verdict = program == LogProgram::kUnknown ? LogVerdict::kUnknown : LogVerdict::kOther;
  return program != LogProgram::kUnknown;
}

// A line that cannot tell anything is split only for its program's name.
void read_classified(std::string_view text, matchers::LogClassSet classes, LogSource& source,
                     LogFact& fact) noexcept {
  fact = {};
  if (text.size() > kMaxLineOctets) {
    fact.verdict = LogVerdict::kTooLong;
  } else if (classes.has(LogClass::kTells) && classes.of_known_program()) {
    read_fact(text, source, fact);
  } else if (classes.of_known_program()) {
    wire::LogLine line;
    LogProgram program = LogProgram::kUnknown;
    known_program(text, line, program, fact);
  }
}

}  // namespace

void read_fact(std::string_view text, LogSource& source, LogFact& fact) noexcept {
  wire::LogLine line;
  LogProgram program = LogProgram::kUnknown;
  fact = {};
  if (!known_program(text, line, program, fact)) return;
  if (const auto mail = mail_fact(program, line)) {
    if (source.repeats(line, *mail)) return;
    fact.verdict = LogVerdict::kMail;
    fact.mail = *mail;
  } else if (const auto query = query_fact(program, line.message)) {
    fact.verdict = LogVerdict::kQuery;
    fact.query = *query;
  } else {
    return;
  }
  const std::optional<std::int64_t> time = source.clock.resolve(line.time);
  if (!time) fact.verdict = LogVerdict::kMalformed;
  fact.seen_ns = time.value_or(0);
  fact.host = line.host;
}

void LogFacts::parse(std::span<const std::string_view> lines, LogSource& source,
                     std::span<LogFact> facts) noexcept {
  for (std::size_t begin = 0; begin < lines.size(); begin += batch_.size()) {
    batch_.clear();
    for (std::size_t at = begin; at < lines.size(); ++at) {
      const bool too_long = lines[at].size() > kMaxLineOctets;
      if (!batch_.add(too_long ? std::string_view() : lines[at])) break;
    }
    classes_.scan(batch_, std::span(found_).first(batch_.size()));
    for (std::size_t i = 0; i < batch_.size(); ++i)
      read_classified(lines[begin + i], found_[i], source, facts[begin + i]);
  }
}

}  // namespace dataplane

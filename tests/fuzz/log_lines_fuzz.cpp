// Octets as log lines: as a whole line, as the message of every program, and as a stream of syslog. Nothing
// reads beyond what is there, views stay in the line, figures keep to their bounds, Hyperscan changes
// nothing, and neither does how a stream comes in.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/log_facts.h"
#include "dataplane/syslog_framing.h"
#include "matchers/log_patterns.h"
#include "wire/log_line.h"
#include "wire/mail_line.h"
#include "wire/name_text.h"
#include "wire/query_line.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void look_at(const std::optional<wire::MailFact>& fact, std::string_view message) {
  if (!fact) return;
  require(within(fact->domain, message));
  require(fact->kind < wire::MailFactKind::kCount && fact->reason < wire::MailReason::kCount);
  require(fact->dsn.status_class == 0 || fact->dsn.status_class == 2 || fact->dsn.status_class == 4 ||
          fact->dsn.status_class == 5);
  const bool attempt = fact->kind >= wire::MailFactKind::kSent && fact->kind <= wire::MailFactKind::kExpired;
  require(!attempt || fact->recipients > 0);
}

void look_at(const std::optional<wire::QueryFact>& fact, std::string_view message) {
  if (fact) require(within(fact->qname, message));
}

void read_as_message(std::string_view message) {
  for (const std::string_view daemon : {"smtpd", "postscreen", "cleanup", "qmgr", "smtp"})
    look_at(wire::parse_postfix(daemon, message), message);
  look_at(wire::parse_sendmail(message), message);
  for (const std::string_view program : {"dovecot", "pop3-login", "imap-login"})
    look_at(wire::parse_dovecot(program, message), message);
  look_at(wire::parse_qpopper(message), message);
  look_at(wire::parse_bind_query(message), message);
  look_at(wire::parse_unbound_query(message), message);
  look_at(wire::parse_dnsmasq_query(message), message);
  look_at(wire::parse_iplog_query(message), message);
}

void read_as_time(std::string_view text) {
  wire::LogTime time;
  const std::size_t octets = wire::read_log_time(text, time);
  require(octets <= text.size() && time.present == (octets > 0));
  wire::LogClock clock(9 * 3600);
  clock.near(1'000'000'000'000'000'000);
  const auto ns = clock.resolve(time);
  if (ns) require(*ns >= 0 && *ns < 7'258'118'401'000'000'000);
}

bool same(const dataplane::LogFact& a, const dataplane::LogFact& b) {
  return a.verdict == b.verdict && a.seen_ns == b.seen_ns && a.mail == b.mail && a.query == b.query &&
         a.host == b.host;
}

// In one burst with itself, so that what one line begins the next does not end.
void read_as_line(std::string_view text) {
  static dataplane::LogFacts facts(matchers::compile_log_patterns());
  wire::LogLine line;
  if (wire::read_log_line(text, line))
    require(within(line.host, text) && !line.program.empty() && within(line.message, text));
  wire::LogClock clock;
  clock.begin_in(2002);
  dataplane::LogSource source(clock);
  dataplane::LogSource source_alone(clock);
  const std::array<std::string_view, 2> lines = {text, text};
  std::array<dataplane::LogFact, 2> found;
  facts.parse(lines, source, found);
  if (text.size() > dataplane::kMaxLineOctets) return;
  dataplane::LogFact alone;
  dataplane::read_fact(text, source_alone, alone);
  const bool unknown = found[0].verdict == dataplane::LogVerdict::kUnknown;
  require(same(found[0], alone) || (unknown && alone.verdict == dataplane::LogVerdict::kMalformed));
}

std::vector<std::string> messages_of(std::string_view stream, std::size_t at_a_time) {
  dataplane::SyslogFraming framing;
  std::vector<std::string> messages;
  const auto take = [&](std::string_view message) {
    require(!message.empty() && message.size() <= dataplane::kMaxLineOctets + 1);
    messages.emplace_back(message);
  };
  while (!stream.empty()) {
    const std::span<char> room = framing.room();
    require(!room.empty());
    const std::size_t octets = std::min({at_a_time, room.size(), stream.size()});
    std::copy_n(stream.begin(), octets, room.begin());
    framing.added(octets);
    stream.remove_prefix(octets);
    while (const auto message = framing.next()) take(*message);
  }
  if (const auto message = framing.last()) take(*message);
  return messages;
}

void read_as_stream(std::string_view stream) {
  require(messages_of(stream, stream.size()) == messages_of(stream, 3));
}

// What is read as a name says the same as text again.
void read_as_name(std::string_view text) {
  wire::DnsName name;
  if (!wire::read_name(text, name)) return require(name.length == 0);
  wire::DnsName again;
  require(wire::read_name(wire::to_text(name.wire()), again));
  require(std::ranges::equal(name.wire(), again.wire()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  read_as_time(text);
  read_as_line(text);
  read_as_message(text);
  read_as_stream(text);
  read_as_name(text);
  // Behind the time, the host and the program of a seed.
  const std::size_t colon = text.find("]: ");
  if (colon != std::string_view::npos) read_as_message(text.substr(colon + 3));
  return 0;
}

#include "wire/log_line.h"

#include <algorithm>
#include <array>

#include "wire/line_reader.h"

namespace wire {
namespace {

constexpr std::string_view kNil = "-";             // RFC 5424 section 6
constexpr std::string_view kBom = "\xEF\xBB\xBF";  // before a message in UTF-8
constexpr std::uint32_t kMaxPriority = 191;        // RFC 3164 section 4.1.1

// What named begins with in a file of its own, behind the time: a category or severity (print-category,
// print-severity), or the message itself.
constexpr auto kNamedBegins = std::to_array<std::string_view>(
    {"client",           "client:",       "config:",       "database:", "dnssec:",   "error:",
     "general:",         "info:",         "lame-servers:", "network:",  "notice:",   "notify:",
     "queries:",         "query-errors:", "rate-limit:",   "resolver:", "security:", "unmatched:",
     "update-security:", "update:",       "warning:",      "xfer-in:",  "xfer-out:", "zoneload:"});
constexpr auto kIplogBegins = std::to_array<std::string_view>({"ICMP:", "TCP:", "UDP:"});

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& words, std::string_view word) noexcept {
  return std::ranges::find(words, word) != words.end();
}

std::string_view nil_is_empty(std::string_view word) noexcept {
  return word == kNil ? std::string_view() : word;
}

std::uint32_t pid_of(std::string_view word) noexcept {
  LineReader in(word);
  return in.number();
}

std::string_view without_line_end(std::string_view text) noexcept {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '\0'))
    text.remove_suffix(1);
  return text;
}

// `-`, or any number of [id name="value" ...]; a backslash in a value escapes (RFC 5424 section 6.3).
bool skip_structured_data(LineReader& in) noexcept {
  if (in.take(kNil)) return in.left().empty() || in.take(" ");
  std::string_view text = in.left();
  std::size_t at = 0;
  while (at < text.size() && text[at] == '[') {
    bool quoted = false;
    for (++at; at < text.size() && (quoted || text[at] != ']'); ++at) {
      if (text[at] == '"') quoted = !quoted;
      if (text[at] == '\\' && quoted) ++at;
    }
    ++at;
  }
  if (at == 0 || at > text.size()) return false;
  in.take(text.substr(0, at));
  return in.left().empty() || in.take(" ");
}

// Behind "<PRI>1 ".
bool read_rfc5424(LineReader in, LogLine& line) noexcept {
  const std::string_view stamp = in.word();
  if (stamp != kNil && read_log_time(stamp, line.time) != stamp.size()) return false;
  line.host = nil_is_empty(in.word());
  line.program = nil_is_empty(in.word());
  line.pid = pid_of(in.word());
  in.word();  // MSGID
  if (!skip_structured_data(in)) return false;
  in.take(kBom);
  line.message = in.left();
  return !line.program.empty();
}

// A word that ends in a colon is a program; unbound's own files have unbound[4711:0] without one.
bool is_program(std::string_view word) noexcept {
  return word.ends_with(':') || (word.ends_with(']') && !word.starts_with('['));
}

// "postfix/smtpd[4711]: ", "dovecot: ", "unbound[4711:0] ".
void read_program(LineReader& in, LogLine& line) noexcept {
  const std::string_view word = in.word();
  line.program = word.substr(0, find_either(word, '[', ':'));
  if (line.program.size() < word.size() && word[line.program.size()] == '[')
    line.pid = pid_of(word.substr(line.program.size() + 1));
  line.message = in.left();
}

// Behind the time.
bool read_tagged(LineReader in, LogLine& line) noexcept {
  const std::string_view whole = in.left();
  LineReader ahead = in;
  const std::string_view first = ahead.word();
  if (is_one_of(kNamedBegins, first) || first == "XX" || first.starts_with("XX+/")) {
    line.program = "named";
    line.message = whole;
    return true;
  }
  if (is_one_of(kIplogBegins, first)) {
    line.program = "iplog";
    line.message = whole;
    return true;
  }
  if (!is_program(first)) {
    line.host = first;
    in = ahead;
  }
  read_program(in, line);
  return !line.program.empty();
}

}  // namespace

bool read_log_line(std::string_view text, LogLine& line) noexcept {
  line = {};
  LineReader in(without_line_end(text));
  const bool datagram = in.take("<");
  if (datagram) {
    if (in.number() > kMaxPriority || !in.take(">")) return false;
    if (in.take("1 ")) return read_rfc5424(in, line);
  }
  const std::string_view stamp = in.left().substr(0, read_log_time(in.left(), line.time));
  if (stamp.empty() && !datagram) return false;
  in.take(stamp);
  if (!stamp.empty() && !in.take(" ")) return false;
  const bool of_named = stamp.size() > 2 && stamp[2] == '-';  // nobody else writes 11-Feb-2002
  if (!of_named) return read_tagged(in, line);
  line.program = "named";
  line.message = in.left();
  return true;
}

}  // namespace wire

// A second reader of log lines, as slow and plain as can be: one regular expression after the other. It gives
// what is counted, not why or for whom.
#pragma once

#include <map>
#include <optional>
#include <regex>
#include <string>

#include <arpa/inet.h>

namespace tests {

// "connect", "from", ... of a mail line or "query" of a query line, and the recipients or the type's name.
struct NaiveFact {
  std::string kind;
  std::string detail;
  bool operator==(const NaiveFact&) const = default;
};

class NaiveLine {
 public:
  explicit NaiveLine(std::string text) : text_(std::move(text)) {}

  // Takes what matches from the front; what its first group matched is in `found`.
  bool eat(const std::string& expression) {
    static std::map<std::string, std::regex> compiled;
    const auto place = compiled.try_emplace(expression, expression).first;
    std::smatch match;
    if (!std::regex_search(text_, match, place->second, std::regex_constants::match_continuous)) return false;
    found = match.size() > 1 ? match[1].str() : match[0].str();
    text_ = match.suffix();
    return true;
  }

  bool angle() { return eat(R"(<((?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|[^>"\\])*)>)") || eat("<([^>]*)>"); }

  bool empty() const { return text_.empty(); }

  std::string found;

 private:
  std::string text_;
};

using NaiveResult = std::optional<NaiveFact>;

inline NaiveResult naive_attempt(const std::string& status) {
  static const std::map<std::string, std::string> kKinds = {{"sent", "sent"},
                                                            {"deferred", "deferred"},
                                                            {"SOFTBOUNCE", "deferred"},
                                                            {"bounced", "bounced"},
                                                            {"expired", "expired"}};
  const auto kind = kKinds.find(status);
  return kind == kKinds.end() ? NaiveResult() : NaiveFact{kind->second, "1"};
}

inline NaiveResult naive_postfix(const std::string& daemon, const std::string& message) {
  NaiveLine line(message);
  const bool server = daemon == "smtpd" || daemon == "postscreen" || daemon == "cleanup";
  if (daemon == "smtpd" && line.eat("connect from ")) return NaiveFact{"connect", "0"};
  if (daemon == "postscreen" && line.eat("CONNECT from ")) return NaiveFact{"connect", "0"};
  const bool id = line.eat("(?!reject: )[0-9A-Za-z]+: ");
  if (server) {
    if (line.eat("reject: (?:mime )?header ") || line.eat("reject: body ")) return NaiveFact{"reject", "0"};
    if (line.eat(R"((?:milter-|proxy-)?reject: [^ :]+ from [^\[]*\[[^\]]*\](?!:(?! |\d{1,9}: )))") ||
        line.eat("(?:milter-|proxy-)?reject: [^ :]+(?![^ :]| from )"))
      return NaiveFact{"reject", "0"};
    return std::nullopt;
  }
  if (!id) return std::nullopt;
  if (line.eat("from=")) {
    if (!line.angle()) return std::nullopt;
    if (line.eat(", status=(?:force-)?expired")) return NaiveFact{"expired", "1"};
    if (line.eat(R"(, size=\d{1,9}(?!\d), nrcpt=(\d{1,9})(?!\d))"))
      return NaiveFact{"from", std::to_string(std::min(65535, std::stoi(line.found)))};
    return std::nullopt;
  }
  if (!line.eat("to=") || !line.angle()) return std::nullopt;
  while (!line.eat(", status=")) {
    if (line.eat(", orig_to=")) {
      if (!line.angle()) return std::nullopt;
    } else if (line.eat(", dsn=")) {
      line.eat(R"([245]\.\d{1,9}(?!\d)\.\d{1,9}(?!\d) ?)");
    } else if (!line.eat(", [^=]*=[^,]*")) {
      return std::nullopt;
    }
  }
  return line.eat("[^ ]*") ? naive_attempt(line.found) : NaiveResult();
}

inline bool naive_value(NaiveLine& line) {
  if (line.eat("(?=<)")) return line.angle() && line.eat("(?:(?!, )[^])*");
  return line.eat("(?:(?!, )[^])*");
}

inline NaiveResult naive_sendmail(const std::string& message) {
  NaiveLine line(message);
  const auto mailbox = [&] { return line.eat("(?=<)") ? line.angle() : line.eat("[^,]*"); };
  if (!line.eat("(?=ruleset=)") && !line.eat("[^ =<]*: ")) return std::nullopt;
  if (line.eat("from=")) {
    if (!mailbox() || !line.eat(", ")) return std::nullopt;
    while (!line.eat("nrcpts="))
      if (!line.eat("[^=]*=") || !naive_value(line) || !line.eat(", ")) return std::nullopt;
    if (!line.eat(R"((\d{1,9})(?!\d))") || std::stoi(line.found) == 0) return std::nullopt;
    return NaiveFact{"from", std::to_string(std::min(65535, std::stoi(line.found)))};
  }
  if (line.eat("to=")) {
    int recipients = 0;
    do {
      if (!mailbox()) return std::nullopt;
      ++recipients;
    } while (line.eat(",(?! )"));
    if (!line.eat(", ")) return std::nullopt;
    char dsn = '0';
    while (!line.eat("stat=|reply=")) {
      if (line.eat("dsn=")) {
        dsn = line.eat(R"(([245])\.\d{1,9}(?!\d)\.\d{1,9}(?!\d) ?)") ? line.found[0] : '0';
      } else if (!line.eat("[^=]*=") || !naive_value(line)) {
        return std::nullopt;
      }
      if (!line.eat(", ")) return std::nullopt;
    }
    if (line.empty() || line.eat("queued")) return std::nullopt;
    const bool sent = dsn == '2' || (dsn == '0' && line.eat("Sent"));
    const bool deferred = dsn == '4' || line.eat("Deferred");
    return NaiveFact{sent ? "sent" : deferred ? "deferred" : "bounced", std::to_string(recipients)};
  }
  if (line.eat("ruleset=")) {
    if (!line.eat("(?:(?!, )[^])*, ")) return std::nullopt;
    while (!line.eat("reject="))
      if (!line.eat("[^=]*=") || !naive_value(line) || !line.eat(", ")) return std::nullopt;
    return NaiveFact{"reject", "0"};
  }
  if (line.eat("Milter: ")) {
    if (line.eat("to=|from=") && !mailbox()) return std::nullopt;
    return line.eat("[^]*?, reject=") ? NaiveFact{"reject", "0"} : NaiveResult();
  }
  if (line.eat("(?=<)"))
    return line.angle() && line.eat("\\.\\.\\. User unknown") ? NaiveFact{"reject", "0"} : NaiveResult();
  if (line.eat("connect from ")) return NaiveFact{"connect", "0"};
  if (line.eat("(?:(?!: )[^])*: (?:(?!: )[^])*: Cannot send message ")) return NaiveFact{"expired", "1"};
  return std::nullopt;
}

inline NaiveResult naive_dovecot(const std::string& program, const std::string& message) {
  NaiveLine line(message);
  std::string kind;
  if (program == "pop3-login" || line.eat("pop3-login: ")) kind = "pop";
  if (kind.empty() && (program == "imap-login" || line.eat("imap-login: "))) kind = "imap";
  if (kind.empty()) return std::nullopt;
  return line.eat("(?:Info: )?(?:Login|Logged in): user=<[^]*, rip=") ? NaiveFact{kind, "0"} : NaiveResult();
}

inline NaiveResult naive_qpopper(const std::string& message) {
  NaiveLine line(message);
  if (line.eat(R"(Stats: [^ ]* (?:\d{1,9} ){4})")) return NaiveFact{"pop", "0"};
  line.eat(R"(\(v(?:(?!\) )[^])*\) )");
  return line.eat("(?:POP|APOP|apop) login by user \"") ? NaiveFact{"pop", "0"} : NaiveResult();
}

inline bool is_address(const std::string& text) {
  in6_addr address{};
  const std::string host = text.substr(0, text.find('%'));
  const bool tagged = host.starts_with("IPv6:");
  if (inet_pton(AF_INET, host.c_str(), &address) == 1) return true;
  return inet_pton(AF_INET6, host.c_str() + (tagged ? 5 : 0), &address) == 1 && host != "::";
}

inline NaiveResult naive_query(const std::string& program, const std::string& message) {
  NaiveLine line(message);
  if (program == "named") {
    line.eat("queries: ");
    line.eat("info: ");
    if (line.eat("XX[+ ]/[^/]*/[^]*/([^/]*)/[^/]*$")) return NaiveFact{"query", line.found};
    if (line.eat("XX")) return std::nullopt;
    if (line.eat("client (?:@0x[^ ]* |(?!@0x))[^#]*#(?:(?!: query: )[^])*: query: [^ ]+ [^ ]+ ([^ ]+)"))
      return NaiveFact{"query", line.found};
    return std::nullopt;
  }
  if (program == "unbound") {
    if (line.eat("(?=\\[)") && !line.eat("(?:(?!\\] )[^])*\\] ")) return std::nullopt;
    if (!line.eat("(?:info|query): ([^ ]+) ") || !is_address(line.found)) return std::nullopt;
    return line.eat("[^ ]* ([^ ]+) [^ ]+ ?$") ? NaiveFact{"query", line.found} : NaiveResult();
  }
  if (program == "dnsmasq") {
    if (line.eat(R"((?:UDP |TCP )?(?:\d{1,9} [^ ]* )?query\[((?:(?!\] )[^])*)\] [^]* from )"))
      return NaiveFact{"query", line.found};
    return std::nullopt;
  }
  if (line.eat("UDP: dgram to (?:(?:(?! from )[^])*:)?(?:domain|port 53) from [^ ]*:") ||
      line.eat("UDP: domain query from [^ ]*:"))
    return NaiveFact{"query", ""};
  return std::nullopt;
}

}  // namespace tests

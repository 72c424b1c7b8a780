#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/mail_line.h"

namespace wire {
namespace {

constexpr std::string_view kStatistics = "Stats: ";

// Without the place in the source that qpopper 4 ends a line with: " [pop_log.c:244]".
std::string_view without_place(std::string_view message) noexcept {
  const std::size_t open = message.rfind(" [");
  return open != std::string_view::npos && message.ends_with(']') ? message.substr(0, open) : message;
}

std::string_view last_word(std::string_view text) noexcept {
  return text.substr(text.rfind(' ') + 1);
}

// "Stats: ann 0 0 5 12345 host.example 10.0.0.1": deleted, left over, and their octets.
bool is_session(std::string_view message) noexcept {
  LineReader in(message);
  in.need(kStatistics);
  in.word();
  for (int figure = 0; figure < 4; ++figure) {
    in.number();
    in.need(" ");
  }
  return !in.failed();
}

// "(v4.0.5) POP login by user "ann" at (host.example) 10.0.0.1".
bool is_login(std::string_view message) noexcept {
  LineReader in(message);
  if (in.take("(v")) in.until(") ");
  return in.take("POP login by user \"") || in.take("APOP login by user \"") ||
         in.take("apop login by user \"");
}

}  // namespace

bool is_qpopper_statistics(std::string_view message) noexcept {
  return message.starts_with(kStatistics);
}

std::optional<MailFact> parse_qpopper(std::string_view message) noexcept {
  message = without_place(message);
  if (!is_session(message) && !is_login(message)) return std::nullopt;
  MailFact fact;
  fact.kind = MailFactKind::kPop;
  fact.client = log_address(last_word(message));
  return fact;
}

}  // namespace wire

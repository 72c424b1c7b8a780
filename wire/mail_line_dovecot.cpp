#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/mail_line.h"

namespace wire {
namespace {

constexpr std::string_view kPeer = ", rip=";

}  // namespace

// "pop3-login: Login: user=<ann>, method=PLAIN, rip=10.0.0.1, lip=10.0.0.2, ..."; since 2.4 "Logged in: ", in
// Dovecot's own file "Info: " before it.
std::optional<MailFact> parse_dovecot(std::string_view program, std::string_view message) noexcept {
  LineReader in(message);
  const bool pop = program == "pop3-login" || in.take("pop3-login: ");
  const bool imap = !pop && (program == "imap-login" || in.take("imap-login: "));
  if (!pop && !imap) return std::nullopt;
  in.take("Info: ");
  if (!in.take("Login: user=<") && !in.take("Logged in: user=<")) return std::nullopt;
  MailFact fact;
  fact.kind = pop ? MailFactKind::kPop : MailFactKind::kImap;
  const std::size_t peer = in.left().rfind(kPeer);  // a user's name may be anything
  if (peer == std::string_view::npos) return std::nullopt;
  const std::string_view client = in.left().substr(peer + kPeer.size());
  fact.client = log_address(client.substr(0, client.find(',')));
  return fact;
}

}  // namespace wire

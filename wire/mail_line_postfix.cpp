#include <algorithm>
#include <limits>

#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/mail_domain.h"
#include "wire/mail_line.h"
#include "wire/mail_reason.h"

namespace wire {
namespace {

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// "3F2A41C2A5: ", "4YZ5Kx2cFqz3wZ4: " or "NOQUEUE: "; Postfix 1 has none before "reject: ".
bool take_queue_id(LineReader& in) noexcept {
  if (in.left().starts_with("reject: ")) return false;
  LineReader ahead = in;
  const std::string_view id = ahead.until(": ");
  if (id.empty() || !std::ranges::all_of(id, is_alphanumeric)) return false;
  in = ahead;
  return true;
}

std::optional<MailFact> connect_from(std::string_view peer) noexcept {
  MailFact fact;
  fact.kind = MailFactKind::kConnect;
  fact.client = bracketed_address(peer);
  return fact;
}

// "host[10.0.0.1]: ", "[10.0.0.1]:1025: ", "[2001:db8::1]:1025: ". The host's name is one that DNS has
// confirmed.
Address read_peer(LineReader& in) noexcept {
  in.until('[');
  const Address client = log_address(in.until(']'));
  if (in.take(":")) {
    if (in.take(" ")) return client;
    in.number();  // port
    in.need(": ");
  }
  return client;
}

// Of "from=<..> to=<..> proto=ESMTP helo=<..>"; postscreen has commas between them.
std::string_view rejected_recipient(LineReader in) noexcept {
  in.need("from=");
  in.angle();
  in.take(",");
  in.need(" to=");
  const std::string_view mailbox = in.angle();
  return in.failed() ? std::string_view() : mail_domain(mailbox);
}

// What smtpd, postscreen or a milter said: "554 5.7.1 <ann@campus.example>: Relay access denied; from=<..>
// to=<..>". What stands in <> first is the client's own text and says nothing about why.
void read_refusal(LineReader in, bool before_helo, MailFact& fact) noexcept {
  LineReader ahead = in;
  if (ahead.number() >= 400 && ahead.take(" ") && !ahead.failed()) in = ahead;
  fact.dsn = read_dsn(in);
  if (in.left().starts_with('<')) in.angle();
  const std::size_t end = in.left().find("; from=<");
  fact.reason = mail_reason(in.left().substr(0, end), fact.dsn);
  if (fact.reason == MailReason::kOther && before_helo) fact.reason = MailReason::kClientRejected;
  if (end != std::string_view::npos) fact.domain = rejected_recipient(LineReader(in.left().substr(end + 2)));
}

// "RCPT from host[10.0.0.1]: 554 5.7.1 ...", "END-OF-MESSAGE: 554 ...".
std::optional<MailFact> refusal(LineReader in) noexcept {
  MailFact fact;
  fact.kind = MailFactKind::kReject;
  fact.reason = MailReason::kOther;
  const std::string_view stage = in.left().substr(0, find_either(in.left(), ' ', ':'));
  in.take(stage);
  if (in.take(" from ")) fact.client = read_peer(in);
  in.take(": ");
  if (in.failed() || stage.empty()) return std::nullopt;
  read_refusal(in, stage == "CONNECT" || stage == "HELO" || stage == "EHLO", fact);
  return fact;
}

// cleanup: "header Subject: ... from host[10.0.0.1]; from=<..> to=<..> proto=ESMTP helo=<..>: 5.7.1 no such
// thing". All but the end is the sender's.
std::optional<MailFact> content_refusal(std::string_view message) noexcept {
  MailFact fact;
  fact.kind = MailFactKind::kReject;
  const std::size_t end = message.rfind(">: ");
  LineReader in(end == std::string_view::npos ? std::string_view() : message.substr(end + 3));
  fact.dsn = read_dsn(in);
  fact.reason = mail_reason(in.left(), fact.dsn);
  const std::size_t envelope = message.rfind("; from=<");
  if (envelope == std::string_view::npos) return fact;
  fact.client = bracketed_address(message.substr(0, envelope));
  fact.domain = rejected_recipient(LineReader(message.substr(envelope + 2)));
  return fact;
}

std::optional<MailFact> turned_down(LineReader in) noexcept {
  if (in.take("reject: header ") || in.take("reject: body ") || in.take("reject: mime header "))
    return content_refusal(in.left());
  if (in.take("reject: ") || in.take("milter-reject: ") || in.take("proxy-reject: ")) return refusal(in);
  return std::nullopt;
}

// "from=<..>, size=1234, nrcpt=2 (queue active)"; "from=<..>, status=expired, returned to sender".
std::optional<MailFact> queued(LineReader in) noexcept {
  MailFact fact;
  const std::string_view sender = in.angle();
  if (in.take(", status=expired") || in.take(", status=force-expired")) {
    fact.kind = MailFactKind::kExpired;
    fact.recipients = 1;
    return fact;
  }
  in.need(", size=");
  in.number();
  in.need(", nrcpt=");
  const std::uint32_t recipients = in.number();
  if (in.failed()) return std::nullopt;
  fact.kind = MailFactKind::kFrom;
  fact.recipients = static_cast<std::uint16_t>(std::min<std::uint32_t>(recipients, 0xFFFF));
  fact.domain = mail_domain(sender);
  return fact;
}

std::optional<MailFactKind> attempt_kind(std::string_view status) noexcept {
  if (status == "sent") return MailFactKind::kSent;
  if (status == "deferred" || status == "SOFTBOUNCE") return MailFactKind::kDeferred;
  if (status == "bounced") return MailFactKind::kBounced;
  if (status == "expired") return MailFactKind::kExpired;
  return std::nullopt;
}

// "to=<..>, orig_to=<..>, relay=host[10.0.0.1]:25, delay=0.1, delays=0/0/0/0, dsn=2.0.0, status=sent (250
// Ok)", behind "to=". Only what stands in <> is somebody else's.
std::optional<MailFact> attempt(LineReader in) noexcept {
  MailFact fact;
  const std::string_view recipient = in.angle();
  while (!in.failed() && !in.take(", status=")) {
    if (in.take(", orig_to=")) {
      in.angle();
    } else if (in.take(", dsn=")) {
      fact.dsn = read_dsn(in);
    } else {
      in.need(", ");
      in.until('=');
      const std::string_view value = in.left().substr(0, in.left().find(','));
      in.take(value);
    }
  }
  const auto kind = attempt_kind(in.left().substr(0, in.left().find(' ')));
  if (in.failed() || !kind) return std::nullopt;
  fact.kind = *kind;
  fact.recipients = 1;
  fact.domain = mail_domain(recipient);
  if (fact.kind == MailFactKind::kBounced) fact.reason = mail_reason(in.left(), fact.dsn);
  return fact;
}

}  // namespace

std::optional<MailFact> parse_postfix(std::string_view daemon, std::string_view message) noexcept {
  LineReader in(message);
  if (daemon == "smtpd" && in.take("connect from ")) return connect_from(in.left());
  if (daemon == "postscreen" && in.take("CONNECT from ")) return connect_from(in.until(" to "));
  const bool has_id = take_queue_id(in);
  if (daemon == "smtpd" || daemon == "postscreen" || daemon == "cleanup") return turned_down(in);
  if (!has_id) return std::nullopt;
  if (in.take("to=")) return attempt(in);
  if (in.take("from=")) return queued(in);
  return std::nullopt;
}

}  // namespace wire

#include <algorithm>

#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/mail_domain.h"
#include "wire/mail_line.h"
#include "wire/mail_reason.h"

namespace wire {
namespace {

// One mailbox of a list, in <> or not; where it is not, it ends at a comma.
std::string_view read_mailbox(LineReader& in) noexcept {
  if (in.left().starts_with('<')) return in.angle();
  const std::string_view mailbox = in.left().substr(0, in.left().find(','));
  in.take(mailbox);
  return mailbox;
}

// The value of a field: up to the comma behind it, which is not one within <>.
std::string_view read_value(LineReader& in) noexcept {
  if (!in.left().starts_with('<')) {
    const std::string_view value = in.left().substr(0, in.left().find(", "));
    in.take(value);
    return value;
  }
  const std::string_view mailbox = in.angle();
  in.take(in.left().substr(0, in.left().find(", ")));  // as in ctladdr=<ann@campus.example> (1000/1000)
  return mailbox;
}

// Goes behind the first field `name`, over others; fails if there is none.
void find_field(LineReader& in, std::string_view name) noexcept {
  while (!in.failed() && !in.take(name)) {
    in.until('=');
    read_value(in);
    in.need(", ");
  }
}

// "from=<..>, size=1234, class=0, nrcpts=1, msgid=<..>, proto=ESMTP, relay=host [10.0.0.1]", behind "from=".
// A msgid is anything; the relay comes last.
std::optional<MailFact> queued(LineReader in) noexcept {
  MailFact fact;
  const std::string_view sender = read_mailbox(in);
  in.need(", ");
  find_field(in, "nrcpts=");
  const std::uint32_t recipients = in.number();
  if (in.failed() || recipients == 0) return std::nullopt;
  fact.kind = MailFactKind::kFrom;
  fact.recipients = static_cast<std::uint16_t>(std::min<std::uint32_t>(recipients, 0xFFFF));
  fact.domain = mail_domain(sender);
  const std::size_t relay = in.left().rfind(", relay=");
  if (relay != std::string_view::npos) fact.client = bracketed_address(in.left().substr(relay));
  return fact;
}

// By its DSN, since other servers' words may come before ", stat=" (reply= of 8.16); sendmail before 8.10 has
// none. "queued" is no attempt.
std::optional<MailFactKind> attempt_kind(std::string_view stat, const Dsn& dsn) noexcept {
  if (stat.starts_with("queued") || stat.empty()) return std::nullopt;
  if (dsn.status_class == 2 || (dsn.status_class == 0 && stat.starts_with("Sent")))
    return MailFactKind::kSent;
  if (dsn.status_class == 4 || stat.starts_with("Deferred")) return MailFactKind::kDeferred;
  return MailFactKind::kBounced;
}

// "to=<..>,<..>, delay=.., mailer=esmtp, pri=1, relay=host [10.0.0.1], dsn=2.0.0, stat=Sent (ok)", behind
// "to=".
std::optional<MailFact> attempt(LineReader in) noexcept {
  MailFact fact;
  fact.domain = mail_domain(read_mailbox(in));
  std::uint32_t recipients = 1;
  for (; in.left().starts_with(',') && !in.left().starts_with(", "); ++recipients) {
    in.take(",");
    read_mailbox(in);
  }
  in.need(", ");
  while (!in.failed() && !in.take("stat=") && !in.take("reply=")) {
    if (in.take("dsn=")) {
      fact.dsn = read_dsn(in);
    } else {
      in.until('=');
      read_value(in);
    }
    in.need(", ");
  }
  const auto kind = attempt_kind(in.left(), fact.dsn);
  if (in.failed() || !kind) return std::nullopt;
  fact.kind = *kind;
  fact.recipients = static_cast<std::uint16_t>(std::min<std::uint32_t>(recipients, 0xFFFF));
  if (fact.kind == MailFactKind::kBounced) fact.reason = mail_reason(in.left(), fact.dsn);
  return fact;
}

// "550 5.7.1 <ann@campus.example>... Relaying denied"; 8.9 has no 5.7.1.
void read_reply(LineReader in, MailFact& fact) noexcept {
  in.number();
  in.take(" ");
  fact.dsn = read_dsn(in);
  if (in.left().starts_with('<')) in.angle();
  fact.reason = mail_reason(in.left(), fact.dsn);
}

// "check_rcpt, arg1=<..>, relay=host [10.0.0.1], reject=550 5.7.1 <..>... Relaying denied", behind
// "ruleset=".
std::optional<MailFact> ruleset_refusal(LineReader in) noexcept {
  MailFact fact;
  fact.kind = MailFactKind::kReject;
  const std::string_view ruleset = in.until(", ");
  while (!in.failed() && !in.take("reject=")) {
    if (in.take("relay=")) {
      fact.client = bracketed_address(read_value(in));
    } else if (in.take("arg1=")) {
      const std::string_view argument = read_value(in);
      if (ruleset == "check_rcpt") fact.domain = mail_domain(argument);
    } else {
      in.until('=');
      read_value(in);
    }
    in.need(", ");
  }
  if (in.failed()) return std::nullopt;
  read_reply(in, fact);
  if (fact.reason != MailReason::kOther) return fact;
  if (ruleset == "check_relay") fact.reason = MailReason::kClientRejected;
  if (ruleset == "check_mail") fact.reason = MailReason::kSenderRejected;
  return fact;
}

// "to=<..>, reject=550 5.7.1 ...", "data, reject=..", behind "Milter: ".
std::optional<MailFact> milter_refusal(LineReader in) noexcept {
  MailFact fact;
  fact.kind = MailFactKind::kReject;
  if (in.take("to=")) {
    fact.domain = mail_domain(read_mailbox(in));
  } else if (in.take("from=")) {
    read_mailbox(in);
  }
  in.until(", reject=");
  if (in.failed()) return std::nullopt;
  read_reply(in, fact);
  return fact;
}

// "<bob@campus.example>... User unknown".
std::optional<MailFact> unknown_user(LineReader in) noexcept {
  MailFact fact;
  fact.kind = MailFactKind::kReject;
  fact.reason = MailReason::kUserUnknown;
  fact.domain = mail_domain(in.angle());
  in.need("... User unknown");
  return in.failed() ? std::nullopt : std::optional(fact);
}

}  // namespace

std::optional<MailFact> parse_sendmail(std::string_view message) noexcept {
  LineReader in(message);
  if (in.take("ruleset=")) return ruleset_refusal(in);  // there is no id yet
  const std::string_view id = in.until(": ");
  if (in.failed() || id.find_first_of(" =<") != std::string_view::npos) return std::nullopt;
  if (in.take("from=")) return queued(in);
  if (in.take("to=")) return attempt(in);
  if (in.take("ruleset=")) return ruleset_refusal(in);
  if (in.take("Milter: ")) return milter_refusal(in);
  if (in.left().starts_with('<')) return unknown_user(in);
  MailFact fact;
  if (in.take("connect from ")) {
    fact.client = bracketed_address(in.left());
    return fact;
  }
  in.until(": ");  // the notice's own id
  in.until(": ");  // "DSN", "return to sender" or "postmaster notify"
  if (in.failed() || !in.take("Cannot send message ")) return std::nullopt;
  fact.kind = MailFactKind::kExpired;
  fact.recipients = 1;
  return fact;
}

}  // namespace wire

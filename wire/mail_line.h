// Lines of mail servers: at most one fact each, views into the message.
#pragma once

#include <optional>
#include <string_view>

#include "wire/mail_fact.h"

namespace wire {

// Postfix 1 to 3.10; `daemon` is the last part of the program's name. Connections to smtpd and postscreen;
// mails that qmgr makes active, so again each time it takes one from the deferred queue; attempts of any
// delivery agent; what smtpd, postscreen and cleanup turn down. Address probes are no attempts.
//
// Mailboxes are read as Postfix >= 3.5 writes them, quoted. Older ones write them as they are: there a local
// part with `>, ` in it can make up what follows it.
std::optional<MailFact> parse_postfix(std::string_view daemon, std::string_view message) noexcept;

// sendmail 8.9 to 8.18. A mail whose recipients were all turned down (nrcpts=0) is none.
std::optional<MailFact> parse_sendmail(std::string_view message) noexcept;

// Dovecot 1 to 2.4; `program` is dovecot, or the login process where it writes by itself.
std::optional<MailFact> parse_dovecot(std::string_view program, std::string_view message) noexcept;

// qpopper 2.53 to 4.1. A session may have two lines: its login, and at the end its statistics.
std::optional<MailFact> parse_qpopper(std::string_view message) noexcept;
bool is_qpopper_statistics(std::string_view message) noexcept;

}  // namespace wire

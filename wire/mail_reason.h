// Why a command was turned down or a mail bounced, from what the server says.
#pragma once

#include <string_view>

#include "wire/line_reader.h"
#include "wire/mail_fact.h"

namespace wire {

// Takes 5.7.1 and the space behind it from the front (RFC 3463 section 2); all zero, and nothing taken, if
// there is none.
Dsn read_dsn(LineReader& in) noexcept;

// `said` is the server's own words, without addresses that others chose. kOther if they are none that count.
MailReason mail_reason(std::string_view said, const Dsn& dsn) noexcept;

}  // namespace wire

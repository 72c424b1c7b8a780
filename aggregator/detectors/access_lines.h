// Lines that turn an SMTP client away, ready to be put into a mail server's access list.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "wire/address.h"

namespace aggregator {

// Each is a comment with the day from which the line should go again, and the line. Neither format has
// comments behind an entry.
using AccessLines = std::vector<std::string>;

// For check_client_access (Postfix, access(5)).
AccessLines postfix_access_lines(const wire::Address& client, std::chrono::sys_days until);

// For the access map (sendmail, cf/README, "access_db").
AccessLines sendmail_access_lines(const wire::Address& client, std::chrono::sys_days until);

}  // namespace aggregator

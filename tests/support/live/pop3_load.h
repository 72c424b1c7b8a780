// People who look for mail at given times.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "tests/support/live/line_session.h"
#include "tests/support/live/pop3_server.h"
#include "tests/support/live/timetable.h"

namespace tests {

struct MailCheck {
  double at = 0;  // seconds from the start of the load
  std::string from_address;
  std::string to_address;
  std::string user;
};

// One POP3 session (RFC 1939), from the namespace of the calling thread: is there mail? It is left there.
// Returns whether the server agreed to all of it.
inline bool check(const MailCheck& check) {
  LineSession session(check.from_address, check.to_address, 110);
  const auto agrees = [&] { return session.hear().value_or("").starts_with("+OK"); };
  if (!agrees()) return false;
  for (const std::string& command : {"USER " + check.user, std::string("PASS ") + kPop3Password,
                                     std::string("STAT"), std::string("QUIT")}) {
    if (!session.say(command) || !agrees()) return false;
  }
  return true;
}

// Makes `checks`, sorted by time, each at its time if the server keeps up. Returns how many got what they
// wanted.
inline std::size_t check_all(const std::vector<MailCheck>& checks) {
  std::atomic<std::size_t> good = 0;
  at_their_times(checks, [&](const MailCheck& each) { good += check(each); });
  return good;
}

}  // namespace tests

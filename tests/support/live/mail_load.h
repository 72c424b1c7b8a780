// Mail that is sent to a server at given times, each from an address of its own.
#pragma once

#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/live/line_session.h"
#include "tests/support/live/timetable.h"

namespace tests {

struct Mail {
  double at = 0;  // seconds from the start of the load
  std::string from_address;
  std::string to_address;
  std::string sender;
  std::string recipient;
};

// One SMTP session (RFC 5321), from the namespace of the calling thread.
class SmtpSession {
 public:
  SmtpSession(const std::string& from, const std::string& to) : session_(from, to, 25) {}

  // The server's code, such as 250; 0 if it did not answer.
  int reply() {
    for (;;) {
      const auto line = session_.hear();
      if (!line) return 0;
      if (line->size() < 4 || (*line)[3] != '-') return std::atoi(line->c_str());  // else more lines follow
    }
  }

  int say(const std::string& line) { return session_.say(line) ? reply() : 0; }

 private:
  LineSession session_;
};

// Returns the reply to RCPT, or to what went wrong before it; 0 if the server fell silent.
inline int deliver(const Mail& mail) {
  SmtpSession session(mail.from_address, mail.to_address);
  if (const int greeting = session.reply(); greeting != 220) return greeting;
  if (const int hello = session.say("HELO " + mail.sender.substr(mail.sender.find('@') + 1)); hello != 250)
    return hello;
  if (const int sender = session.say("MAIL FROM:<" + mail.sender + ">"); sender != 250) return sender;
  const int recipient = session.say("RCPT TO:<" + mail.recipient + ">");
  if (recipient == 250 && session.say("DATA") == 354) session.say("Subject: hello\r\n\r\nhello\r\n.");
  session.say("QUIT");
  return recipient;
}

// Sends `mails`, sorted by time, each at its time if the server keeps up. Returns how many got which reply.
inline std::map<int, std::size_t> deliver(const std::vector<Mail>& mails) {
  std::mutex mutex;
  std::map<int, std::size_t> replies;
  at_their_times(mails, [&](const Mail& mail) {
    const int reply = deliver(mail);
    const std::lock_guard lock(mutex);
    ++replies[reply];
  });
  return replies;
}

}  // namespace tests

// What is remembered of a log while its lines pass.
#pragma once

#include <array>
#include <cstddef>

#include "wire/address.h"
#include "wire/log_line.h"
#include "wire/log_time.h"
#include "wire/mail_fact.h"

namespace dataplane {

// One for each file or sender, whose lines it sees in their order.
class LogSource {
 public:
  explicit LogSource(wire::LogClock times) noexcept : clock(times) {}

  // Whether a line tells of a session that another line has counted: a client that postscreen lets through
  // connects to smtpd once more, and qpopper ends a session that it logged in with its statistics. These
  // count as long as the source has shown no login.
  bool repeats(const wire::LogLine& line, const wire::MailFact& fact) noexcept;

  wire::LogClock clock;

 private:
  // At postscreen, the latest; who waits while so many others come is counted twice.
  static constexpr std::size_t kWaiting = 256;

  bool passed(const wire::Address& client) noexcept;

  std::array<wire::Address, kWaiting> waiting_{};
  std::size_t came_ = 0;
  bool pop_logins_ = false;
};

}  // namespace dataplane

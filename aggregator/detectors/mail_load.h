// What a mail server's DNS queries are explained by, and these, over some steps.
#pragma once

#include <array>
#include <cstddef>

#include "aggregator/detectors/server_step.h"

namespace aggregator {

struct MailLoad {
  static constexpr std::size_t kColumns = 4;
  static constexpr std::size_t kTypes = 4;

  std::array<double, kColumns> x{};  // connects, mails taken in, attempts to deliver, POP and IMAP sessions
  double queries = 0;
  std::array<double, kTypes> types{};  // A and AAAA, PTR, MX, others

  static MailLoad of(const ServerStep& step) noexcept;

  double mail() const noexcept { return x[0] + x[1] + x[2] + x[3]; }
  MailLoad& operator+=(const MailLoad& other) noexcept;
};

}  // namespace aggregator

// The counts of one mail server's logs over some time.
#pragma once

#include <array>
#include <cstdint>

#include "aggregator/mail_field.h"

namespace aggregator {

struct MailCounts {
  std::array<std::uint64_t, kMailFields> of{};

  std::uint64_t& operator[](MailField field) noexcept { return of[static_cast<std::size_t>(field)]; }
  std::uint64_t operator[](MailField field) const noexcept { return of[static_cast<std::size_t>(field)]; }

  std::uint64_t to() const noexcept { return sum(MailField::kSent, MailField::kExpired); }  // N_to
  std::uint64_t rejected() const noexcept { return sum(MailField::kRelayDenied, MailField::kRejectedOther); }
  std::uint64_t logged_queries() const noexcept { return sum(MailField::kLoggedA, MailField::kLoggedOther); }

  std::uint64_t seen_queries() const noexcept { return sum(MailField::kSeenA, MailField::kSeenOther); }
  // D_q: of the tap where it sees the server ask, else of the logs.
  std::uint64_t queries() const noexcept { return seen_queries() > 0 ? seen_queries() : logged_queries(); }

  bool operator==(const MailCounts&) const = default;
  MailCounts& operator+=(const MailCounts& other) noexcept {
    for (std::size_t i = 0; i < kMailFields; ++i) of[i] += other.of[i];
    return *this;
  }

 private:
  std::uint64_t sum(MailField first, MailField last) const noexcept {
    std::uint64_t sum = 0;
    for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i) sum += of[i];
    return sum;
  }
};

}  // namespace aggregator

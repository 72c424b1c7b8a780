// What one line of a mail server's log says.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/address.h"

namespace wire {

// In the words of Musashi et al.: N_c, N_f, N_to (all attempts), N_sent, N_deferred, N_bounced, N_pop,
// N_imap.
enum class MailFactKind : std::uint8_t {
  kConnect,   // an SMTP client connected
  kFrom,      // a mail was taken into the queue: one `from=`
  kSent,      // an attempt to deliver
  kDeferred,  // will be tried again
  kBounced,   // was refused for good
  kExpired,   // was given up after many attempts
  kReject,    // an SMTP client's command was turned down
  kPop,       // a POP3 session of a user who logged in
  kImap,
  kCount
};
inline constexpr std::size_t kMailFactKinds = static_cast<std::size_t>(MailFactKind::kCount);
inline constexpr std::array<std::string_view, kMailFactKinds> kMailFactKindNames = {
    "connect", "from", "sent", "deferred", "bounced", "expired", "reject", "pop", "imap"};

// Why a command was turned down, or a mail bounced.
enum class MailReason : std::uint8_t {
  kNone,
  kRelayDenied,
  kRecipientRejected,
  kUserUnknown,
  kSenderRejected,
  kClientRejected,  // at CONNECT, HELO or by its name or address
  kOther,           // see the DSN
  kCount
};
inline constexpr std::size_t kMailReasons = static_cast<std::size_t>(MailReason::kCount);
inline constexpr std::array<std::string_view, kMailReasons> kMailReasonNames = {
    "none", "relay_denied", "recipient_rejected", "user_unknown", "sender_rejected", "client_rejected",
    "other"};

// Enhanced status code, RFC 3463; all zero if the line has none.
struct Dsn {
  std::uint8_t status_class = 0;  // 2, 4 or 5
  std::uint16_t subject = 0;
  std::uint16_t detail = 0;
  bool operator==(const Dsn&) const = default;
};

// In one word, and out of it.
constexpr std::uint64_t pack(const Dsn& dsn) noexcept {
  return std::uint64_t{dsn.status_class} << 32 | std::uint64_t{dsn.subject} << 16 | dsn.detail;
}
constexpr Dsn unpack_dsn(std::uint64_t packed) noexcept {
  return {static_cast<std::uint8_t>(packed >> 32), static_cast<std::uint16_t>(packed >> 16),
          static_cast<std::uint16_t>(packed)};
}

// Its text is a view into the line.
struct MailFact {
  MailFactKind kind = MailFactKind::kConnect;
  MailReason reason = MailReason::kNone;
  std::uint16_t recipients = 0;  // kFrom: of the mail; kSent ... kExpired: that the line names, at least 1
  Dsn dsn;
  Address client;  // the peer that connected, logged in or was turned down; :: if the line has none
  std::string_view
      domain;  // kFrom: the sender's; attempts and kReject: the recipient's; empty if it has none
  bool operator==(const MailFact&) const = default;
};

}  // namespace wire

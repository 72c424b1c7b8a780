// What is counted of a mail server's logs: in the order of its name in tables, series and CSV columns.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aggregator {

enum class MailField : std::uint8_t {
  kConnects,    // N_c: SMTP clients that connected
  kFrom,        // N_f: mails taken into the queue
  kRecipients,  // of these mails
  kSent,        // attempts to deliver, by outcome; together N_to
  kDeferred,
  kBounced,
  kExpired,
  kBouncedUnknown,  // of kBounced: there is no such user
  kPop,             // sessions
  kImap,
  kRelayDenied,  // commands turned down, by reason
  kRecipientRejected,
  kUserUnknown,
  kSenderRejected,
  kClientRejected,
  kRejectedOther,
  // D_q: its DNS queries by type, as the DNS servers' query logs have them.
  kLoggedA,
  kLoggedAaaa,
  kLoggedPtr,
  kLoggedMx,
  kLoggedTxt,
  kLoggedHttps,
  kLoggedOther,
  kLoggedFormed,  // of these, for an FQDN with a local domain appended
  // D_q as the tap has them, and the responses to such names that say NXDOMAIN or have no data.
  kSeenA,
  kSeenAaaa,
  kSeenPtr,
  kSeenMx,
  kSeenTxt,
  kSeenHttps,
  kSeenOther,
  kSeenFormed,
  kSeenUnresolved,
  kCount
};
inline constexpr std::size_t kMailFields = static_cast<std::size_t>(MailField::kCount);

inline constexpr std::array<std::string_view, kMailFields> kMailFieldNames = {"connects",
                                                                              "from",
                                                                              "recipients",
                                                                              "sent",
                                                                              "deferred",
                                                                              "bounced",
                                                                              "expired",
                                                                              "bounced_unknown",
                                                                              "pop",
                                                                              "imap",
                                                                              "relay_denied",
                                                                              "recipient_rejected",
                                                                              "user_unknown",
                                                                              "sender_rejected",
                                                                              "client_rejected",
                                                                              "rejected_other",
                                                                              "logged_a",
                                                                              "logged_aaaa",
                                                                              "logged_ptr",
                                                                              "logged_mx",
                                                                              "logged_txt",
                                                                              "logged_https",
                                                                              "logged_other",
                                                                              "logged_formed",
                                                                              "seen_a",
                                                                              "seen_aaaa",
                                                                              "seen_ptr",
                                                                              "seen_mx",
                                                                              "seen_txt",
                                                                              "seen_https",
                                                                              "seen_other",
                                                                              "seen_formed",
                                                                              "seen_unresolved"};

}  // namespace aggregator

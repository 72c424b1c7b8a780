#include "wire/mail_reason.h"

#include <array>
#include <bit>
#include <cstdint>

namespace wire {
namespace {

struct Words {
  std::string_view said;
  MailReason reason;
};

// The first of the list that is said decides: "Recipient address rejected: User unknown in local recipient
// table".
constexpr auto kWords = std::to_array<Words>({
    {"Relay access denied", MailReason::kRelayDenied},  // Postfix
    {"Relaying denied", MailReason::kRelayDenied},      // sendmail
    {"User unknown", MailReason::kUserUnknown},
    {"user unknown", MailReason::kUserUnknown},
    {"Unknown user", MailReason::kUserUnknown},
    {"unknown user", MailReason::kUserUnknown},
    {"No such user", MailReason::kUserUnknown},
    {"no such user", MailReason::kUserUnknown},
    {"Recipient address rejected", MailReason::kRecipientRejected},
    {"Sender address rejected", MailReason::kSenderRejected},
    {"Domain of sender address", MailReason::kSenderRejected},  // sendmail
    {"Client host rejected", MailReason::kClientRejected},
    {"Client address rejected", MailReason::kClientRejected},
    {"Helo command rejected", MailReason::kClientRejected},
    {"blocked using ", MailReason::kClientRejected},
    {"annot find your hostname", MailReason::kClientRejected},
});

// For each octet the words that begin with it, a bit for each.
constexpr auto kBeginnings = [] {
  static_assert(kWords.size() <= 16);
  std::array<std::uint16_t, 256> beginnings{};
  for (std::size_t i = 0; i < kWords.size(); ++i)
    beginnings[static_cast<unsigned char>(kWords[i].said[0])] |= static_cast<std::uint16_t>(1U << i);
  return beginnings;
}();

// A bit for each of the words.
std::uint16_t words_said(std::string_view text) noexcept {
  std::uint16_t said = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (unsigned left = kBeginnings[static_cast<unsigned char>(text[at])]; left != 0; left &= left - 1) {
      const int word = std::countr_zero(left);
      if (text.substr(at).starts_with(kWords[static_cast<std::size_t>(word)].said))
        said |= static_cast<std::uint16_t>(1U << word);
    }
  }
  return said;
}

// RFC 3463 section 3.2: addresses.
constexpr MailReason reason_of_address(std::uint16_t detail) noexcept {
  if (detail == 1) return MailReason::kUserUnknown;
  if (detail == 7 || detail == 8) return MailReason::kSenderRejected;
  return MailReason::kOther;
}

}  // namespace

Dsn read_dsn(LineReader& in) noexcept {
  LineReader ahead = in;
  Dsn dsn;
  dsn.status_class = static_cast<std::uint8_t>(ahead.take("2")   ? 2
                                               : ahead.take("4") ? 4
                                               : ahead.take("5") ? 5
                                                                 : 0);
  ahead.need(".");
  dsn.subject = static_cast<std::uint16_t>(ahead.number());
  ahead.need(".");
  dsn.detail = static_cast<std::uint16_t>(ahead.number());
  if (ahead.failed() || dsn.status_class == 0) return {};
  ahead.take(" ");
  in = ahead;
  return dsn;
}

MailReason mail_reason(std::string_view said, const Dsn& dsn) noexcept {
  const std::uint16_t words = words_said(said);
  if (words != 0) return kWords[static_cast<std::size_t>(std::countr_zero(words))].reason;
  return dsn.subject == 1 ? reason_of_address(dsn.detail) : MailReason::kOther;
}

}  // namespace wire

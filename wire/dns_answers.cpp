#include "wire/dns_answers.h"

#include <algorithm>

#include "wire/big_endian.h"
#include "wire/dns_name_walk.h"

namespace wire {
namespace {

constexpr std::uint32_t kQuestionFixedOctets = 4;  // type, class
constexpr std::uint32_t kRecordFixedOctets = 10;   // type, class, TTL, RDLENGTH

}  // namespace

DnsAnswers::DnsAnswers(std::span<const std::uint8_t> message) noexcept
    : message_(message.first(std::min(message.size(), kMaxDnsMessageOctets))), at_(kDnsHeaderOctets) {
  if (message_.size() < kDnsHeaderOctets) return;
  for (std::uint32_t questions = load_be16(&message_[4]); questions > 0; --questions) {
    const NameWalk name = skip_name(message_, at_);
    if (name.fault != DnsFault::kNone || message_.size() - name.end < kQuestionFixedOctets) return;
    at_ = name.end + kQuestionFixedOctets;
  }
  left_ = load_be16(&message_[6]);
}

bool DnsAnswers::next(DnsAnswer& answer) noexcept {
  if (left_ == 0) return false;
  --left_;
  const NameWalk owner = read_name(message_, at_, answer.owner);
  if (owner.fault != DnsFault::kNone || message_.size() - owner.end < kRecordFixedOctets) {
    end();
    return false;
  }
  const std::uint8_t* const fixed = &message_[owner.end];
  at_ = owner.end + kRecordFixedOctets;
  answer.record = {load_be32(fixed + 4), load_be16(fixed), static_cast<std::uint16_t>(at_),
                   load_be16(fixed + 8)};
  if (message_.size() - at_ < answer.record.length) {
    end();
    return false;
  }
  at_ += answer.record.length;
  return true;
}

DnsName name_at(std::span<const std::uint8_t> message, std::uint32_t offset) noexcept {
  DnsName name;
  read_name(message, offset, name);
  return name;
}

std::uint32_t end_of_name(std::span<const std::uint8_t> message, std::uint32_t offset) noexcept {
  const NameWalk name = skip_name(message, offset);
  return name.fault == DnsFault::kNone ? name.end : 0;
}

}  // namespace wire

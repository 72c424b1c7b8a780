#include "wire/dns_records.h"

#include <algorithm>

#include "wire/big_endian.h"
#include "wire/dns_name_walk.h"

namespace wire {

DnsRecords::DnsRecords(std::span<const std::uint8_t> message, DnsSections sections) noexcept
    : message_(message.first(std::min(message.size(), kMaxDnsMessageOctets))), at_(kDnsHeaderOctets) {
  if (message_.size() < kDnsHeaderOctets) return;
  for (std::uint32_t questions = load_be16(&message_[4]); questions > 0; --questions) {
    const NameWalk name = skip_name(message_, at_);
    if (name.fault != DnsFault::kNone || message_.size() - name.end < kQuestionFixedOctets) return;
    at_ = name.end + kQuestionFixedOctets;
  }
  left_ = load_be16(&message_[6]);
  if (sections == DnsSections::kAll)
    left_ += std::uint32_t{load_be16(&message_[8])} + load_be16(&message_[10]);
}

bool DnsRecords::next(OwnedRecord& record) noexcept {
  if (left_ == 0) return false;
  --left_;
  const NameWalk owner = read_name(message_, at_, record.owner);
  if (owner.fault != DnsFault::kNone || message_.size() - owner.end < kRecordFixedOctets) {
    end();
    return false;
  }
  const std::uint8_t* const fixed = &message_[owner.end];
  at_ = owner.end + kRecordFixedOctets;
  record.dns_class = load_be16(fixed + 2);
  record.record = {load_be32(fixed + 4), load_be16(fixed), static_cast<std::uint16_t>(at_),
                   load_be16(fixed + 8)};
  if (message_.size() - at_ < record.record.length) {
    end();
    return false;
  }
  at_ += record.record.length;
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

// The answer section of a DNS message, record by record, for those who want more of it than DnsParser lists.
#pragma once

#include <cstdint>
#include <span>

#include "wire/dns_message.h"
#include "wire/dns_name.h"

namespace wire {

struct DnsAnswer {
  DnsName owner;
  DnsRecord record;
};

// Steps through the section, from its first record on. Ends where a record cannot be read, so it is for
// messages that DnsParser found sound. Borrows the message.
class DnsAnswers {
 public:
  explicit DnsAnswers(std::span<const std::uint8_t> message) noexcept;

  // False: that was the last.
  bool next(DnsAnswer& answer) noexcept;

 private:
  void end() noexcept { left_ = 0; }

  std::span<const std::uint8_t> message_;
  std::uint32_t left_ = 0;
  std::uint32_t at_ = 0;
};

// The name that stands at `offset` of `message`, in RDATA for example. Without a sound one its length is 0.
DnsName name_at(std::span<const std::uint8_t> message, std::uint32_t offset) noexcept;

// Where the name that stands at `offset` ends there; 0 if it is not sound.
std::uint32_t end_of_name(std::span<const std::uint8_t> message, std::uint32_t offset) noexcept;

}  // namespace wire

// The resource records of a DNS message, one by one, for those who want more of them than DnsParser lists.
#pragma once

#include <cstdint>
#include <span>

#include "wire/dns_message.h"
#include "wire/dns_name.h"

namespace wire {

enum class DnsSections : std::uint8_t {
  kAnswer,
  kAll  // answer, authority and additional (RFC 1035 section 4.1)
};

struct OwnedRecord {
  DnsName owner;
  std::uint16_t dns_class = 0;  // of OPT, the UDP payload size (RFC 6891 section 6.1.2)
  DnsRecord record;
};

// Steps through the sections, from the first record of the answer on. Ends where a record cannot be read, so
// it is for messages that DnsParser found sound. Borrows the message.
class DnsRecords {
 public:
  DnsRecords(std::span<const std::uint8_t> message, DnsSections sections) noexcept;

  // False: that was the last.
  bool next(OwnedRecord& record) noexcept;

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

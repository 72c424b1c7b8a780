#include "wire/dns_message.h"

#include <algorithm>

#include "wire/big_endian.h"
#include "wire/dns_name_walk.h"
#include "wire/dns_rdata.h"

namespace wire {
namespace {

constexpr std::uint32_t kNowhere = 0xFFFF;  // no pointer leads there: it has 14 bits
// Names may take so many octets to walk, and so many more for each octet of the message: real ones, even of
// ip6.arpa, take four. Without the bound 64 KiB of pointers to pointers would cost milliseconds.
constexpr std::uint32_t kWalkOctets = 32768;
constexpr std::uint32_t kWalkOctetsPerOctet = 8;
constexpr std::uint8_t kOpcodeUpdate = 5;  // RFC 2136 section 1.3

// Field by field, because a new DnsMessage would write 255 octets of name for nothing.
void clear(DnsMessage& message) noexcept {
  message.id = 0;
  message.rcode = 0;
  message.opcode = 0;
  message.response = false;
  message.truncated = false;
  message.has_question = false;
  message.edns = false;
  message.has_data = false;
  message.fault = DnsFault::kNone;
  message.qtype = 0;
  message.qclass = 0;
  message.udp_size = 0;
  message.records_promised = 0;
  message.records_read = 0;
  message.qname.length = 0;
  message.answers = {};
}

constexpr bool is_listed(std::uint16_t type) noexcept {
  switch (static_cast<DnsType>(type)) {
    case DnsType::kA:
    case DnsType::kAaaa:
    case DnsType::kCname:
    case DnsType::kPtr:
    case DnsType::kMx:
    case DnsType::kSvcb:
    case DnsType::kHttps:
      return true;
    default:
      return false;
  }
}

constexpr bool is_opt(const DnsRecord& record) noexcept {
  return record.type == static_cast<std::uint16_t>(DnsType::kOpt);
}

// One pass over a message. Each step goes on where the one before it stopped, and says whether the next one
// can: a fault ends the pass only if it hides where the next field begins.
class Pass {
 public:
  Pass(std::span<const std::uint8_t> bytes, DnsMessage& message, DnsRecord* answers) noexcept
      : bytes_(bytes),
        message_(message),
        answers_(answers),
        walk_left_(kWalkOctets + kWalkOctetsPerOctet * static_cast<std::uint32_t>(bytes.size())) {}

  void run() noexcept {
    if (bytes_.size() < kDnsHeaderOctets) return note(DnsFault::kShortHeader);
    read_header();
    if (read_questions(load_be16(&bytes_[4]))) {
      read_records(load_be16(&bytes_[6]), load_be16(&bytes_[8]), load_be16(&bytes_[10]));
    }
    message_.answers = {answers_, listed_};
  }

 private:
  void read_header() noexcept;
  bool read_questions(std::uint32_t count) noexcept;
  bool read_first_question() noexcept;
  bool skip_question() noexcept;
  void read_records(std::uint32_t answers, std::uint32_t authority, std::uint32_t additional) noexcept;
  void take_answer(const DnsRecord& record) noexcept;
  bool read_record(DnsRecord& record) noexcept;
  bool skip_owner() noexcept;
  bool pass(const NameWalk& name) noexcept;
  bool afford(std::uint32_t cost) noexcept;
  void read_opt(const DnsRecord& record) noexcept;

  void note(DnsFault fault) noexcept {
    if (message_.fault == DnsFault::kNone) message_.fault = fault;
  }
  bool ends_early() noexcept {
    note(DnsFault::kEndsEarly);
    return false;
  }
  bool has(std::uint32_t octets) const noexcept { return bytes_.size() - at_ >= octets; }
  bool is_update() const noexcept { return message_.opcode == kOpcodeUpdate; }

  std::span<const std::uint8_t> bytes_;
  DnsMessage& message_;
  DnsRecord* answers_;
  std::uint32_t walk_left_;
  std::uint32_t listed_ = 0;
  std::uint32_t at_ = kDnsHeaderOctets;
  // Offsets of names already walked: most owners are a pointer to one of them.
  std::uint32_t question_name_ = kNowhere;
  std::uint32_t last_name_ = kNowhere;
};

void Pass::read_header() noexcept {
  const std::uint8_t* header = bytes_.data();
  message_.id = load_be16(header);
  message_.response = (header[2] & 0x80) != 0;
  message_.opcode = (header[2] >> 3) & 0x0F;
  message_.truncated = (header[2] & 0x02) != 0;
  message_.rcode = header[3] & 0x0F;
  message_.records_promised =
      std::uint32_t{load_be16(header + 6)} + load_be16(header + 8) + load_be16(header + 10);
}

// Goes to the end of the name at `at_`, which has been walked.
bool Pass::pass(const NameWalk& name) noexcept {
  if (!afford(name.cost)) return false;
  if (name.fault == DnsFault::kNone) [[likely]] {
    at_ = name.end;
    return true;
  }
  note(name.fault);
  const std::uint32_t end = end_in_place(bytes_, at_);
  if (end != 0) at_ = end;
  return end != 0;
}

bool Pass::afford(std::uint32_t cost) noexcept {
  if (cost > walk_left_) {
    note(DnsFault::kCostlyNames);
    return false;
  }
  walk_left_ -= cost;
  return true;
}

bool Pass::read_questions(std::uint32_t count) noexcept {
  if (count == 0) return true;
  if (!read_first_question()) return false;
  for (std::uint32_t read = 1; read < count; ++read) {
    if (!skip_question()) return false;
  }
  return true;
}

bool Pass::read_first_question() noexcept {
  if (is_update())
    return skip_question();  // What stands here names a zone and asks nothing (RFC 2136 section 2.3).
  const NameWalk name = read_name(bytes_, at_, message_.qname);
  if (!pass(name)) return false;
  if (!has(kQuestionFixedOctets)) {
    message_.qname.length = 0;
    return ends_early();
  }
  message_.qtype = load_be16(&bytes_[at_]);
  message_.qclass = load_be16(&bytes_[at_ + 2]);
  message_.has_question = true;
  if (name.fault == DnsFault::kNone) question_name_ = kDnsHeaderOctets;
  at_ += kQuestionFixedOctets;
  return true;
}

bool Pass::skip_question() noexcept {
  if (!pass(skip_name(bytes_, at_))) return false;
  if (!has(kQuestionFixedOctets)) return ends_early();
  at_ += kQuestionFixedOctets;
  return true;
}

void Pass::read_records(std::uint32_t answers, std::uint32_t authority, std::uint32_t additional) noexcept {
  const std::uint32_t before_additional = answers + authority;
  const std::uint32_t count = before_additional + additional;
  for (std::uint32_t place = 0; place < count; ++place) {
    DnsRecord record;
    if (!read_record(record)) return;
    ++message_.records_read;
    if (record.length == 0 && is_update() && !is_opt(record)) continue;  // names a type (RFC 2136 2.4, 2.5)
    if (is_address(record.type)) [[likely]] {
      if (!address_fits(record)) [[unlikely]]
        note(DnsFault::kBadRdata);
      else if (place < answers)
        take_answer(record);
      continue;
    }
    const RdataCheck check = check_rdata(bytes_, record);
    if (!afford(check.cost)) return;
    if (check.fault != DnsFault::kNone) {
      note(check.fault);
      continue;
    }
    if (is_name(record.type)) last_name_ = record.offset;
    if (place < answers) take_answer(record);
    if (place >= before_additional) read_opt(record);
  }
}

void Pass::take_answer(const DnsRecord& record) noexcept {
  answers_[listed_] = record;  // there is room: it has one for all that can be read
  listed_ += is_listed(record.type);
  const bool any = message_.qtype == static_cast<std::uint16_t>(DnsType::kAny);
  message_.has_data |= (record.type == message_.qtype) | any;
}

bool Pass::read_record(DnsRecord& record) noexcept {
  if (!skip_owner()) return false;
  if (!has(kRecordFixedOctets)) return ends_early();
  const std::uint8_t* fixed = &bytes_[at_];
  at_ += kRecordFixedOctets;
  record.type = load_be16(fixed);
  record.ttl = load_be32(fixed + 4);
  record.length = load_be16(fixed + 8);
  record.offset = static_cast<std::uint16_t>(at_);
  if (!has(record.length)) return ends_early();
  at_ += record.length;
  return true;
}

bool Pass::skip_owner() noexcept {
  std::uint32_t target = kNowhere;
  if (has(1) && bytes_[at_] == 0) {  // the root's, of an OPT record
    last_name_ = target;
    ++at_;
    return true;
  }
  if (has(2) && bytes_[at_] >= kPointerBits) {
    target = load_be16(&bytes_[at_]) & kPointerOffsetBits;
    if (target == question_name_ || target == last_name_) {
      at_ += 2;
      return true;
    }
  }
  const NameWalk name = skip_name(bytes_, at_);
  if (name.fault == DnsFault::kNone) last_name_ = target;
  return pass(name);
}

// RFC 6891 section 6.1.3: CLASS is the UDP payload size, TTL begins with the upper eight bits of the RCODE.
void Pass::read_opt(const DnsRecord& record) noexcept {
  if (!is_opt(record) || message_.edns) return;
  message_.edns = true;
  message_.udp_size = load_be16(&bytes_[record.offset - kRecordFixedOctets + 2u]);
  message_.rcode |= static_cast<std::uint16_t>(record.ttl >> 24 << 4);
}

}  // namespace

const DnsMessage& DnsParser::parse(std::span<const std::uint8_t> bytes) noexcept {
  clear(message_);
  Pass(bytes.first(std::min(bytes.size(), kMaxDnsMessageOctets)), message_, answers_.data()).run();
  return message_;
}

}  // namespace wire

#include "tests/support/world/message_writer.h"

namespace tests::world {
namespace {

constexpr std::uint32_t kQueryFlags = 0x0000;
constexpr std::uint32_t kRecursionDesired = 0x0100;
constexpr std::uint32_t kResponseFlags = 0x8180;       // QR, RD, RA
constexpr std::uint32_t kAuthoritativeFlags = 0x8400;  // QR, AA
constexpr std::uint32_t kTruncatedFlags = 0x8380;
constexpr std::uint32_t kReferralFlags = 0x8000;
constexpr std::uint32_t kAnswerCountAt = 6;
constexpr std::uint32_t kAuthorityCountAt = 8;
constexpr std::uint32_t kAdditionalCountAt = 10;
constexpr std::uint32_t kClassIn = 1;
constexpr std::uint32_t kUdpSize = 1232;
constexpr std::uint32_t kPointer = 0xC000;

}  // namespace

std::string_view last_labels(std::string_view name, unsigned count) {
  std::size_t at = name.size();
  while (at > 0) {
    const std::size_t dot = name.rfind('.', at - 1);
    if (dot == name.npos) return name;
    if (--count == 0) return name.substr(dot + 1);
    at = dot;
  }
  return name;
}

std::span<const std::uint8_t> MessageWriter::query(std::uint16_t id, const Lookup& lookup, Asks asks) {
  start(id, lookup, asks == Asks::kRecursion ? kRecursionDesired : kQueryFlags);
  return finish();
}

std::span<const std::uint8_t> MessageWriter::response(std::uint16_t id, const Lookup& lookup, Asks asks,
                                                      std::uint32_t ttl) {
  start(id, lookup, (asks == Asks::kRecursion ? kResponseFlags : kAuthoritativeFlags) | lookup.rcode);
  for (const Record& answer : lookup.records) record(answer, ttl);
  if (lookup.records.empty() && lookup.rcode != kRefused && lookup.rcode != kServFail)
    authority_soa(lookup.name, ttl);
  return finish();
}

std::span<const std::uint8_t> MessageWriter::truncated(std::uint16_t id, const Lookup& lookup) {
  start(id, lookup, kTruncatedFlags);
  return finish();
}

std::span<const std::uint8_t> MessageWriter::referral(std::uint16_t id, const Lookup& lookup,
                                                      std::string_view zone) {
  start(id, lookup, kReferralFlags);
  owner_at_ = wire::kDnsHeaderOctets + static_cast<std::uint32_t>(lookup.name.size() - zone.size());
  begin_record(DnsType::kNs, 86400);
  label("ns1");
  out_.u16(kPointer | owner_at_);
  end_record(kAuthorityCountAt);
  return finish();
}

void MessageWriter::start(std::uint16_t id, const Lookup& lookup, std::uint32_t flags) {
  out_.clear();
  out_.u16(id);
  out_.u16(flags);
  out_.u16(1);
  for (int section = 0; section < 3; ++section) out_.u16(0);
  owner_at_ = out_.size();
  name(lookup.name);
  out_.u16(static_cast<std::uint32_t>(lookup.type));
  out_.u16(kClassIn);
}

std::span<const std::uint8_t> MessageWriter::finish() {
  out_.u8(0);
  out_.u16(static_cast<std::uint32_t>(DnsType::kOpt));
  out_.u16(kUdpSize);
  out_.u32(0);
  out_.u16(0);
  rdata_at_ = out_.size();
  end_record(kAdditionalCountAt);
  return out_.written();
}

void MessageWriter::record(const Record& record, std::uint32_t ttl) {
  begin_record(record.type, ttl);
  const std::uint32_t rdata_at = rdata_at_;
  rdata(record);
  end_record(kAnswerCountAt);
  if (record.type == DnsType::kCname) owner_at_ = rdata_at;
}

void MessageWriter::rdata(const Record& record) {
  switch (record.type) {
    case DnsType::kA:
    case DnsType::kAaaa:
      return out_.address(record.address);
    case DnsType::kMx:
      out_.u16(10);
      return name(record.text);
    case DnsType::kTxt:
      return label(record.text);
    case DnsType::kHttps:  // RFC 9460 section 2.2: priority 1, the owner itself, alpn=h2, ipv4hint
      out_.u16(1);
      out_.u8(0);
      out_.u16(wire::kAlpn);
      out_.u16(3);
      label("h2");
      out_.u16(wire::kIpv4Hint);
      out_.u16(4);
      return out_.address(record.address);
    default:
      return name(record.text);
  }
}

void MessageWriter::authority_soa(std::string_view asked, std::uint32_t ttl) {
  const std::string_view zone = last_labels(asked, 2);
  owner_at_ = wire::kDnsHeaderOctets + static_cast<std::uint32_t>(asked.size() - zone.size());
  begin_record(DnsType::kSoa, ttl);
  label("ns1");
  out_.u16(kPointer | owner_at_);
  label("hostmaster");
  out_.u16(kPointer | owner_at_);
  for (const std::uint32_t number : {2023111501U, 7200U, 900U, 1209600U, ttl}) out_.u32(number);
  end_record(kAuthorityCountAt);
}

void MessageWriter::begin_record(DnsType type, std::uint32_t ttl) {
  out_.u16(kPointer | owner_at_);
  out_.u16(static_cast<std::uint32_t>(type));
  out_.u16(kClassIn);
  out_.u32(ttl);
  out_.u16(0);
  rdata_at_ = out_.size();
}

void MessageWriter::end_record(std::uint32_t count_at) {
  out_.overwrite_u16(rdata_at_ - 2, out_.size() - rdata_at_);
  out_.overwrite_u16(count_at, out_.written()[count_at + 1] + 1U);
}

void MessageWriter::name(std::string_view dotted) {
  while (!dotted.empty()) {
    const std::size_t dot = dotted.find('.');
    label(dotted.substr(0, dot));
    dotted = dot == dotted.npos ? std::string_view() : dotted.substr(dot + 1);
  }
  out_.u8(0);
}

void MessageWriter::label(std::string_view text) {
  out_.u8(static_cast<std::uint32_t>(text.size()));
  out_.text(text);
}

}  // namespace tests::world

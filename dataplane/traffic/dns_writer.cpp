#include "dataplane/traffic/dns_writer.h"

#include <cstring>
#include <string>
#include <string_view>

#include "dataplane/traffic/campus.h"

namespace dataplane::traffic {
namespace {

using wire::DnsType;

constexpr std::uint32_t kQuestionAt = wire::kDnsHeaderOctets;
constexpr std::uint32_t kAnswerCountAt = 6;
constexpr std::uint32_t kAuthorityCountAt = 8;
constexpr std::uint32_t kAdditionalCountAt = 10;
constexpr std::uint32_t kClassIn = 1;
constexpr std::uint32_t kUdpSize = 1232;
constexpr std::uint16_t kQueryFlags = 0x0100;     // RD
constexpr std::uint16_t kResponseFlags = 0x8180;  // QR, RD, RA
constexpr std::uint16_t kNxdomain = 3;
constexpr std::uint32_t kOptionCookie = 10;
constexpr std::uint32_t kParamAlpn = 1;
constexpr std::uint32_t kParamIpv4Hint = 4;
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool has_https(std::uint32_t rank) {
  return Zone::server(rank, 0) % 2 == 0;
}

}  // namespace

bool DnsWriter::has_addresses(const Question& question) noexcept {
  if (question.in_local_domain) return false;
  return question.type == DnsType::kA || (question.type == DnsType::kAaaa && Zone::has_ipv6(question.rank));
}

std::span<const std::uint8_t> DnsWriter::query(const Question& question) {
  start(question, kQueryFlags);
  return finish(question, false);
}

std::span<const std::uint8_t> DnsWriter::response(const Question& question) {
  const bool exists = !question.in_local_domain;
  start(question, exists ? kResponseFlags : kResponseFlags | kNxdomain);
  if (has_addresses(question)) {
    answer_addresses(question);
  } else if (exists && question.type == DnsType::kMx) {
    answer_mx(question);
  } else if (exists && question.type == DnsType::kHttps && has_https(question.rank)) {
    answer_https(question);
  } else if (exists && question.type == DnsType::kTxt) {
    answer_txt(question);
  } else if (exists && question.type == DnsType::kPtr) {
    answer_ptr(question);
  } else {
    authority_soa(question);
  }
  return finish(question, true);
}

void DnsWriter::start(const Question& question, std::uint16_t flags) {
  out_.clear();
  out_.u16(question.id);
  out_.u16(flags);
  out_.u16(1);
  out_.u16(0);
  out_.u16(0);
  out_.u16(0);
  question_name(question);
  out_.u16(static_cast<std::uint16_t>(question.type));
  out_.u16(kClassIn);
}

void DnsWriter::question_name(const Question& question) {
  if (question.type == DnsType::kPtr) return reverse_name(question);
  out_.octets(zone_.name(question.rank));
  if (question.in_local_domain) {
    label("campus");
    label("example");
  }
  out_.u8(0);
}

// RFC 1035 section 3.5, RFC 3596 section 2.5.
void DnsWriter::reverse_name(const Question& question) {
  const wire::Address address = question.ipv6 ? server_v6(question.rank) : server_v4(question.rank);
  std::array<std::uint8_t, 16> octets;
  std::memcpy(octets.data(), &address, octets.size());
  for (int i = 15; question.ipv6 && i >= 0; --i) {
    label(kHexDigits.substr(octets[i] & 0xF, 1));
    label(kHexDigits.substr(octets[i] >> 4, 1));
  }
  for (int i = 15; !question.ipv6 && i >= 12; --i) label(std::to_string(octets[i]));
  label(question.ipv6 ? "ip6" : "in-addr");
  label("arpa");
  out_.u8(0);
}

std::span<const std::uint8_t> DnsWriter::finish(const Question& question, bool response) {
  if (question.edns) {
    out_.u8(0);
    out_.u16(static_cast<std::uint16_t>(DnsType::kOpt));
    out_.u16(kUdpSize);
    out_.u32(0);
    out_.u16(0);
    rdata_at_ = out_.size();
    if (question.cookie) {
      out_.u16(kOptionCookie);
      out_.u16(response ? 16 : 8);
      for (int i = 0; i < (response ? 8 : 4); ++i) out_.u16(question.id * 0x9E37U);
    }
    end_record(kAdditionalCountAt);
  }
  return out_.written();
}

void DnsWriter::answer_addresses(const Question& question) {
  std::uint32_t owner_at = kQuestionAt;
  const std::uint32_t ttl = Zone::ttl(question.rank);
  for (std::uint32_t alias = 0; alias < Zone::aliases(question.rank); ++alias) {
    begin_record(owner_at, DnsType::kCname, ttl);
    owner_at = out_.size();
    label("e", question.rank + 1000 * alias);
    label("edge", alias);
    label("cdn");
    label("example");
    out_.u8(0);
    end_record(kAnswerCountAt);
  }
  for (std::uint32_t nth = 0; nth < Zone::addresses(question.rank); ++nth) {
    begin_record(owner_at, question.type, ttl);
    const std::uint32_t server = Zone::server(question.rank, nth);
    out_.address(question.type == DnsType::kA ? server_v4(server) : server_v6(server));
    end_record(kAnswerCountAt);
  }
}

void DnsWriter::answer_mx(const Question& question) {
  for (std::uint32_t nth = 0; nth < Zone::addresses(question.rank); ++nth) {
    begin_record(kQuestionAt, DnsType::kMx, Zone::ttl(question.rank));
    out_.u16(10 * (nth + 1));
    label("mx", nth + 1);
    pointer(kQuestionAt);
    end_record(kAnswerCountAt);
  }
}

void DnsWriter::answer_https(const Question& question) {
  begin_record(kQuestionAt, DnsType::kHttps, Zone::ttl(question.rank));
  out_.u16(1);  // SvcPriority.
  out_.u8(0);   // TargetName: the owner.
  out_.u16(kParamAlpn);
  out_.u16(6);
  label("h3");
  label("h2");
  out_.u16(kParamIpv4Hint);
  out_.u16(4 * Zone::addresses(question.rank));
  for (std::uint32_t nth = 0; nth < Zone::addresses(question.rank); ++nth) {
    out_.address(server_v4(Zone::server(question.rank, nth)));
  }
  end_record(kAnswerCountAt);
}

void DnsWriter::answer_txt(const Question& question) {
  begin_record(kQuestionAt, DnsType::kTxt, Zone::ttl(question.rank));
  label("v=spf1 include:_spf.mail.example ip4:198.18.0.0/15 ~all");
  end_record(kAnswerCountAt);
}

void DnsWriter::answer_ptr(const Question& question) {
  begin_record(kQuestionAt, DnsType::kPtr, 3600);
  out_.octets(
      zone_.name(question.rank));  // Any name will do: PTR records often name another than was asked for.
  out_.u8(0);
  end_record(kAnswerCountAt);
}

// Of the local domain, or of the name's domain, which starts after its first label.
void DnsWriter::authority_soa(const Question& question) {
  const std::uint32_t host_octets = 1U + out_.written()[kQuestionAt];
  const auto name_octets = static_cast<std::uint32_t>(zone_.name(question.rank).size());
  const std::uint32_t zone_at = kQuestionAt + (question.in_local_domain ? name_octets : host_octets);
  begin_record(zone_at, DnsType::kSoa, 900);
  label("ns1");
  pointer(zone_at);
  label("hostmaster");
  pointer(zone_at);
  for (const std::uint32_t number : {2024010101U, 7200U, 900U, 1209600U, 900U}) out_.u32(number);
  end_record(kAuthorityCountAt);
}

void DnsWriter::begin_record(std::uint32_t owner_at, DnsType type, std::uint32_t ttl) {
  pointer(owner_at);
  out_.u16(static_cast<std::uint16_t>(type));
  out_.u16(kClassIn);
  out_.u32(ttl);
  out_.u16(0);
  rdata_at_ = out_.size();
}

void DnsWriter::end_record(std::uint32_t count_at) {
  out_.overwrite_u16(rdata_at_ - 2, out_.size() - rdata_at_);
  out_.overwrite_u16(count_at, out_.written()[count_at + 1] + 1U);
}

void DnsWriter::label(std::string_view text) {
  out_.u8(static_cast<std::uint32_t>(text.size()));
  out_.text(text);
}

void DnsWriter::label(std::string_view text, std::uint32_t number) {
  std::string numbered(text);
  label(numbered += std::to_string(number));
}

}  // namespace dataplane::traffic

// One DNS message: what a sensor wants of it (RFC 1035, 3596, 6891, 9460).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "wire/address.h"
#include "wire/big_endian.h"
#include "wire/dns_name.h"

namespace wire {

inline constexpr std::size_t kDnsHeaderOctets = 12;
inline constexpr std::size_t kMaxDnsMessageOctets = 65535;
inline constexpr std::uint32_t kQuestionFixedOctets = 4;                 // type, class
inline constexpr std::uint32_t kRecordFixedOctets = 10;                  // type, class, TTL, RDLENGTH
inline constexpr std::size_t kMinRecordOctets = 1 + kRecordFixedOctets;  // the root owns it
inline constexpr std::size_t kMaxDnsRecords = (kMaxDnsMessageOctets - kDnsHeaderOctets) / kMinRecordOctets;

enum class DnsType : std::uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
  kSrv = 33,
  kDname = 39,
  kOpt = 41,
  kApl = 42,
  kNsec = 47,
  kNsec3 = 50,
  kCsync = 62,
  kSvcb = 64,
  kHttps = 65,
  kAny = 255
};

// The first thing that was wrong with a message.
enum class DnsFault : std::uint8_t {
  kNone,
  kShortHeader,  // fewer than 12 octets: no message
  kEndsEarly,    // the counts promise more than there is
  kBadLabel,     // label type 01 or 10 (RFC 6891 section 5)
  kBadPointer,   // a compression pointer that does not point backward
  kLongName,     // more than 255 octets
  kBadRdata,     // RDATA that does not fit its type
  kCostlyNames,  // compression that would make reading cost more than the message's size allows
  kCount
};

// A record of the answer section, of type A, AAAA, CNAME, PTR, MX, SVCB or HTTPS; its RDATA is well-formed.
struct DnsRecord {
  std::uint32_t ttl = 0;
  std::uint16_t type = 0;
  std::uint16_t offset = 0;  // of the RDATA in the message
  std::uint16_t length = 0;  // of the RDATA
};

struct DnsMessage {
  std::uint16_t id = 0;
  std::uint16_t rcode =
      0;  // 12 bits: the header's four and, if there is an OPT record, its eight (RFC 6891 6.1.3)
  std::uint8_t opcode = 0;
  bool response = false;   // QR
  bool truncated = false;  // TC
  bool has_question =
      false;  // the type of the first question could be read; never so of an UPDATE (RFC 2136)
  bool edns = false;
  bool has_data = false;  // the answer section has a record of `qtype`, or any if that is ANY
  DnsFault fault = DnsFault::kNone;
  std::uint16_t qtype = 0;  // of the first question
  std::uint16_t qclass = 0;
  std::uint16_t udp_size = 0;          // of the OPT record
  std::uint32_t records_promised = 0;  // by ANCOUNT, NSCOUNT and ARCOUNT
  std::uint32_t records_read = 0;      // that are there in full, those with bad RDATA included
  DnsName qname;                       // of the first question; without a sound name its length is 0
  std::span<const DnsRecord> answers;  // what could be read of the answer section, in its order
};

// Owns the scratch that a message's answers are listed in: one for each thread, nothing allocated after
// construction.
class DnsParser {
 public:
  // Reads all sections. A fault is kept, the first one, and the reading goes on wherever the next field can
  // still be found: behind a name that is too long or points forward, behind RDATA that does not fit. The
  // result, and `bytes`, are borrowed by the functions below and live until the next parse(). Octets after
  // the last record are no fault.
  const DnsMessage& parse(std::span<const std::uint8_t> bytes) noexcept;

 private:
  DnsMessage message_;
  std::array<DnsRecord, kMaxDnsRecords> answers_;
};

// The address of an A or AAAA record of `message`. Which of them cannot be predicted: the 16 octets that end
// with the RDATA are read for both, which the header and the record's fixed fields leave room for.
inline Address address_of(std::span<const std::uint8_t> message, const DnsRecord& record) noexcept {
  const Address last = Address::v6(message.data() + record.offset + record.length - 16);
  const std::uint64_t of_v4 = 0 - std::uint64_t{record.length == 4};
  return {last.high & ~of_v4, (last.low & ~(of_v4 >> 32)) | (of_v4 & 0xFFFF0000)};
}

// The name that a CNAME, PTR, MX, SVCB or HTTPS record of `message` points to.
DnsName target_of(std::span<const std::uint8_t> message, const DnsRecord& record) noexcept;

// The SvcParams of an SVCB or HTTPS record of `message`: key, length and value of each (RFC 9460
// section 2.2). Empty in AliasMode, where they mean nothing (section 2.4.2).
std::span<const std::uint8_t> svc_params_of(std::span<const std::uint8_t> message,
                                            const DnsRecord& record) noexcept;

enum SvcParamKey : std::uint16_t {  // RFC 9460 section 14.3.2
  kMandatory = 0,
  kAlpn = 1,
  kNoDefaultAlpn = 2,
  kPort = 3,
  kIpv4Hint = 4,
  kIpv6Hint = 6
};
inline constexpr std::size_t kSvcParamHeaderOctets = 4;

// Calls sink(Address) for each ipv4hint and ipv6hint of an SVCB or HTTPS record (RFC 9460 section 7.3).
template <class Sink>
void each_hint(std::span<const std::uint8_t> message, const DnsRecord& record, Sink&& sink) {
  auto params = svc_params_of(message, record);
  while (!params.empty()) {
    const std::uint16_t key = load_be16(&params[0]);
    const auto value = params.subspan(kSvcParamHeaderOctets, load_be16(&params[2]));
    if (key == kIpv4Hint)
      for (std::size_t at = 0; at < value.size(); at += 4) sink(Address::v4(&value[at]));
    if (key == kIpv6Hint)
      for (std::size_t at = 0; at < value.size(); at += 16) sink(Address::v6(&value[at]));
    params = params.subspan(kSvcParamHeaderOctets + value.size());
  }
}

// "A", "AAAA", "HTTPS"; "TYPE65280" where there is no name (RFC 3597 section 5). "NOERROR"; "RCODE3841"
// likewise.
std::string type_name(std::uint16_t type);
std::string rcode_name(std::uint16_t rcode);

}  // namespace wire

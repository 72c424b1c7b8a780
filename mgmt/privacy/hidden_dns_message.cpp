#include "mgmt/privacy/hidden_dns_message.h"

#include <algorithm>
#include <optional>

#include "mgmt/privacy/hidden_wire_name.h"
#include "wire/big_endian.h"
#include "wire/dns_rdata.h"
#include "wire/dns_records.h"

namespace mgmt {
namespace {

using Octets = std::span<const std::uint8_t>;
using wire::DnsType;

constexpr std::uint16_t kClassIn = 1;
constexpr unsigned kPointer = 0xC000;      // RFC 1035 section 4.1.4
constexpr std::size_t kFarthest = 0x3FFF;  // that a pointer reaches
// So many octets may it have, and so many labels be hashed, for so many of the clear message. Real ones, with
// their names compressed, are below half of it.
constexpr std::size_t kOctetsAnOctet = 4, kMoreOctets = 512;
constexpr std::size_t kOctetsALabel = 2, kMoreLabels = 128;
constexpr std::uint8_t kOpcodeUpdate = 5;  // RFC 2136 section 1.3

// RDATA of names between octets that tell of nobody.
struct NamesInRdata {
  std::uint32_t before = 0;
  std::uint32_t names = 1;
  std::uint32_t behind = 0;
};

std::optional<NamesInRdata> names_in(const wire::OwnedRecord& record) {
  switch (static_cast<DnsType>(record.record.type)) {
    case DnsType::kNs:
    case DnsType::kCname:
    case DnsType::kPtr:
    case DnsType::kDname:
    case DnsType::kNsec:  // without its type bitmap
      return NamesInRdata{};
    case DnsType::kMx:
      return NamesInRdata{.before = wire::kMxPreferenceOctets};
    case DnsType::kSoa:
      return NamesInRdata{.names = 2, .behind = 20};
    case DnsType::kSrv:
      if (record.dns_class != kClassIn) return std::nullopt;
      return NamesInRdata{.before = 6};
    default:
      return std::nullopt;
  }
}

// Octets of 0 that stand for RDATA: all, but where they would be a list that ends within an item (RFC 3123
// section 4, RFC 5155 section 3.2, RFC 7477 section 2.1.1).
std::size_t zeros_for(const wire::DnsRecord& record) {
  constexpr std::size_t kBeforeTypeBitmap = 6;
  switch (static_cast<DnsType>(record.type)) {
    case DnsType::kApl:
      return 0;
    case DnsType::kNsec3:
    case DnsType::kCsync:
      return std::min<std::size_t>(record.length, kBeforeTypeBitmap);
    default:
      return record.length;
  }
}

std::size_t labels_of(const wire::DnsName& name) {
  std::size_t labels = 0;
  for (std::size_t at = 0; at < name.length && name.wire()[at] != 0; at += name.wire()[at] + std::size_t{1})
    ++labels;
  return labels;
}

// Where a name was written; 0: nowhere that a pointer reaches.
struct Place {
  std::size_t at = 0;
  wire::DnsName clear;
};

class HiddenMessage {
 public:
  HiddenMessage(Octets message, std::size_t most, Hiding& hiding, OctetWriter& out)
      : message_(message),
        most_(std::min(most, kOctetsAnOctet * message.size() + kMoreOctets)),
        most_labels_(message.size() / kOctetsALabel + kMoreLabels),
        hiding_(hiding),
        out_(out),
        begin_(out.size()) {}

  bool write() {
    out_.octets(message_.first(wire::kDnsHeaderOctets));
    return write_questions() && write_records();
  }

 private:
  bool write_questions() {
    const bool update = (message_[2] >> 3 & 0x0F) == kOpcodeUpdate;
    std::uint32_t at = wire::kDnsHeaderOctets;
    for (unsigned left = wire::load_be16(&message_[4]); left > 0; --left) {
      const std::size_t whole = out_.size();
      owner(wire::name_at(message_, at));
      if (at == wire::kDnsHeaderOctets && !update) question_ = last_;
      at = wire::end_of_name(message_, at);
      out_.octets(message_.subspan(at, wire::kQuestionFixedOctets));
      at += wire::kQuestionFixedOctets;
      if (!fits(whole)) return false;
    }
    return true;
  }

  bool write_records() {
    wire::DnsRecords records(message_, wire::DnsSections::kAll);
    for (wire::OwnedRecord record; records.next(record);) {
      const std::size_t whole = out_.size();
      owner(record.owner);
      constexpr std::uint32_t kLengthOctets = 2;
      out_.octets(message_.subspan(record.record.offset - wire::kRecordFixedOctets,
                                   wire::kRecordFixedOctets - kLengthOctets));
      const std::size_t length = out_.size();
      out_.u16(0);
      rdata(record);
      out_.set_u16(length, static_cast<unsigned>(out_.size() - length - kLengthOctets));
      if (!fits(whole)) return false;
    }
    return true;
  }

  bool fits(std::size_t whole) {
    if (out_.size() - begin_ <= most_ && labels_ <= most_labels_) return true;
    out_.cut_back_to(whole);
    return false;
  }

  // A pointer to the first question's name or to the last one written, else in full: so a parser, which
  // remembers these two but for an UPDATE's question, walks over no more than there is.
  void owner(const wire::DnsName& clear) {
    for (const Place* place : {&question_, &last_}) {
      if (place->at == 0 || !std::ranges::equal(place->clear.wire(), clear.wire())) continue;
      out_.u16(kPointer | static_cast<unsigned>(place->at));
      return;
    }
    name(clear);
  }

  void name(const wire::DnsName& clear) {
    const std::size_t at = out_.size() - begin_;
    last_.at = at <= kFarthest ? at : 0;
    last_.clear = clear;
    labels_ += labels_of(clear);
    if (labels_ > most_labels_) return;  // what this belongs to is cut off
    out_.octets(hidden_wire_name(clear, hiding_).wire());
  }

  void rdata(const wire::OwnedRecord& record) {
    const wire::DnsRecord& fields = record.record;
    if (fields.length == 0) return;  // sound in an UPDATE (RFC 2136 section 2.4)
    switch (static_cast<DnsType>(fields.type)) {
      case DnsType::kA:
      case DnsType::kAaaa:
        return record.dns_class == kClassIn ? address(fields) : out_.zeros(fields.length);
      case DnsType::kSvcb:
      case DnsType::kHttps:
        return service(fields);
      case DnsType::kOpt:
        return;
      default:
        break;
    }
    const auto shape = names_in(record);
    if (!shape || !names(fields, *shape)) out_.zeros(zeros_for(fields));
  }

  void address(const wire::DnsRecord& record) {
    const wire::Address hidden = hiding_.address(wire::address_of(message_, record));
    return record.length == 4 ? out_.v4(hidden) : out_.v6(hidden);
  }

  // False, and nothing written, if it is not what its type has it be.
  bool names(const wire::DnsRecord& record, const NamesInRdata& shape) {
    const std::uint32_t end = std::uint32_t{record.offset} + record.length;
    std::uint32_t at = record.offset + shape.before;
    for (std::uint32_t i = 0; i < shape.names; ++i) {
      at = at < end ? wire::end_of_name(message_, at) : 0;
      if (at == 0) return false;
    }
    if (shape.behind > 0 && at + shape.behind != end) return false;  // else a name would be kept as numbers
    out_.octets(message_.subspan(record.offset, shape.before));
    at = record.offset + shape.before;
    for (std::uint32_t i = 0; i < shape.names; ++i) {
      name(wire::name_at(message_, at));
      at = wire::end_of_name(message_, at);
    }
    out_.octets(message_.subspan(at, shape.behind));
    return true;
  }

  void service(const wire::DnsRecord& record) {
    out_.octets(message_.subspan(record.offset, wire::kSvcPriorityOctets));
    name(wire::target_of(message_, record));
    Octets params = wire::svc_params_of(message_, record);
    while (!params.empty()) {
      const std::uint16_t key = wire::load_be16(&params[0]);
      const std::size_t octets = wire::kSvcParamHeaderOctets + wire::load_be16(&params[2]);
      if (key == wire::kIpv4Hint || key == wire::kIpv6Hint) hints(key, params.first(octets));
      params = params.subspan(octets);
    }
  }

  void hints(std::uint16_t key, Octets param) {
    const std::size_t each = key == wire::kIpv4Hint ? 4 : 16;
    out_.octets(param.first(wire::kSvcParamHeaderOctets));
    for (std::size_t at = wire::kSvcParamHeaderOctets; at < param.size(); at += each) {
      if (each == 4) {
        out_.v4(hiding_.address(wire::Address::v4(&param[at])));
      } else {
        out_.v6(hiding_.address(wire::Address::v6(&param[at])));
      }
    }
  }

  const Octets message_;
  const std::size_t most_;
  const std::size_t most_labels_;
  std::size_t labels_ = 0;
  Hiding& hiding_;
  OctetWriter& out_;
  const std::size_t begin_;
  Place question_;
  Place last_;
};

}  // namespace

bool write_hidden_message(Octets message, std::size_t most, Hiding& hiding, OctetWriter& out) {
  return HiddenMessage(message, most, hiding, out).write();
}

}  // namespace mgmt

#include "wire/dns_rdata.h"

#include "wire/big_endian.h"
#include "wire/dns_name_walk.h"

namespace wire {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr DnsFault bad_unless(bool right) noexcept {
  return right ? DnsFault::kNone : DnsFault::kBadRdata;
}

// A name that starts `skip` octets into the RDATA and ends inside it.
RdataCheck check_name(Octets message, const DnsRecord& record, std::uint32_t skip) noexcept {
  const NameWalk walk = skip_name(message, record.offset + skip);
  if (walk.fault != DnsFault::kNone && walk.fault != DnsFault::kEndsEarly) return {walk.fault, walk.cost};
  const bool inside =
      walk.fault == DnsFault::kNone && walk.end <= std::uint32_t{record.offset} + record.length;
  return {bad_unless(inside), walk.cost};
}

// EDNS options: code, length, value, up to the last octet (RFC 6891 section 6.1.2).
bool options_fit(Octets options) noexcept {
  constexpr std::size_t kHeader = 4;
  while (options.size() >= kHeader) {
    const std::size_t value = load_be16(&options[2]);
    if (value > options.size() - kHeader) return false;
    options = options.subspan(kHeader + value);
  }
  return options.empty();
}

// alpn-ids: length and octets, none of them empty (RFC 9460 section 7.1.1).
bool alpn_fits(Octets ids) noexcept {
  if (ids.empty()) return false;
  while (!ids.empty()) {
    if (ids[0] == 0 || ids[0] >= ids.size()) return false;
    ids = ids.subspan(1u + ids[0]);
  }
  return true;
}

constexpr bool is_list_of(std::size_t octets, std::size_t size) noexcept {
  return size != 0 && size % octets == 0;
}

// RFC 9460 section 7 for the formats, section 8 for `mandatory`.
bool value_fits(std::uint16_t key, Octets value) noexcept {
  switch (key) {
    case kMandatory:
      return is_list_of(2, value.size());
    case kAlpn:
      return alpn_fits(value);
    case kNoDefaultAlpn:
      return value.empty();
    case kPort:
      return value.size() == 2;
    case kIpv4Hint:
      return is_list_of(4, value.size());
    case kIpv6Hint:
      return is_list_of(16, value.size());
    default:
      return true;
  }
}

// Each key once, in rising order (RFC 9460 section 2.2).
bool params_fit(Octets params) noexcept {
  int last_key = -1;
  while (params.size() >= kSvcParamHeaderOctets) {
    const std::uint16_t key = load_be16(&params[0]);
    const std::size_t length = load_be16(&params[2]);
    if (key <= last_key || length > params.size() - kSvcParamHeaderOctets) return false;
    if (!value_fits(key, params.subspan(kSvcParamHeaderOctets, length))) return false;
    last_key = key;
    params = params.subspan(kSvcParamHeaderOctets + length);
  }
  return params.empty();
}

Octets params_after(Octets message, const DnsRecord& record, const NameWalk& target) noexcept {
  return message.first(std::size_t{record.offset} + record.length).subspan(target.end);
}

RdataCheck check_svcb(Octets message, const DnsRecord& record) noexcept {
  RdataCheck check = check_name(message, record, kSvcPriorityOctets);
  if (check.fault != DnsFault::kNone) return check;
  const NameWalk target = skip_name(message, record.offset + kSvcPriorityOctets);
  check.fault = bad_unless(target.pointers == 0 && params_fit(params_after(message, record, target)));
  return check;
}

}  // namespace

RdataCheck check_rdata(Octets message, const DnsRecord& record) noexcept {
  switch (static_cast<DnsType>(record.type)) {
    case DnsType::kNs:
    case DnsType::kCname:
    case DnsType::kPtr:
      return check_name(message, record, 0);
    case DnsType::kMx:
      return check_name(message, record, kMxPreferenceOctets);
    case DnsType::kSvcb:
    case DnsType::kHttps:
      return check_svcb(message, record);
    case DnsType::kOpt:
      return {bad_unless(options_fit(message.subspan(record.offset, record.length)))};
    default:
      return {};
  }
}

std::span<const std::uint8_t> svc_params_of(Octets message, const DnsRecord& record) noexcept {
  if (load_be16(&message[record.offset]) == 0) return {};  // SvcPriority 0: AliasMode
  return params_after(message, record, skip_name(message, record.offset + kSvcPriorityOctets));
}

DnsName target_of(Octets message, const DnsRecord& record) noexcept {
  std::uint32_t skip = 0;
  if (record.type == static_cast<std::uint16_t>(DnsType::kMx)) skip = kMxPreferenceOctets;
  if (record.type == static_cast<std::uint16_t>(DnsType::kSvcb) ||
      record.type == static_cast<std::uint16_t>(DnsType::kHttps))
    skip = kSvcPriorityOctets;
  DnsName name;
  read_name(message, record.offset + skip, name);
  return name;
}

}  // namespace wire

#include "mgmt/eve/dns_record.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mgmt/dns_fault_names.h"
#include "mgmt/eve/community_id.h"
#include "mgmt/eve/event_json.h"
#include "wire/big_endian.h"
#include "wire/dns_rdata.h"
#include "wire/dns_records.h"

namespace mgmt {
namespace {

using Octets = std::span<const std::uint8_t>;
using wire::DnsType;

constexpr std::size_t kMostTextTold = 1024;  // octets of a TXT record
// RFC 2782 and RFC 1035 section 3.3.13.
constexpr std::uint16_t kSrvFixedOctets = 6;
constexpr std::uint32_t kSoaNumbersOctets = 20;

std::string name_text(const wire::DnsName& name, const Disguise& disguise) {
  return disguise.name(wire::to_text(name.wire()));
}
std::string name_text(Octets message, std::uint32_t offset, const Disguise& disguise) {
  return name_text(wire::name_at(message, offset), disguise);
}

// Its strings, one behind the other.
std::string txt_text(Octets rdata) {
  std::string text;
  while (!rdata.empty() && text.size() < kMostTextTold) {
    const std::size_t length = std::min<std::size_t>(rdata[0], rdata.size() - 1);
    text.append(reinterpret_cast<const char*>(rdata.data()) + 1, length);
    rdata = rdata.subspan(1 + length);
  }
  return text;
}

Json srv_json(Octets message, const wire::DnsRecord& record, const Disguise& disguise) {
  if (record.length <= kSrvFixedOctets) return nullptr;
  const std::uint8_t* const rdata = &message[record.offset];
  return {{"priority", wire::load_be16(rdata)},
          {"weight", wire::load_be16(rdata + 2)},
          {"port", wire::load_be16(rdata + 4)},
          {"name", name_text(message, record.offset + kSrvFixedOctets, disguise)}};
}

// Two names, then five numbers, which end the record.
Json soa_json(Octets message, const wire::DnsRecord& record, const Disguise& disguise) {
  const std::uint32_t second = wire::end_of_name(message, record.offset);
  if (second == 0 || record.length < kSoaNumbersOctets) return nullptr;
  const std::uint8_t* const numbers = &message[record.offset + record.length - kSoaNumbersOctets];
  return {{"mname", name_text(message, record.offset, disguise)},
          {"rname", name_text(message, second, disguise)},
          {"serial", wire::load_be32(numbers)},
          {"refresh", wire::load_be32(numbers + 4)},
          {"retry", wire::load_be32(numbers + 8)},
          {"expire", wire::load_be32(numbers + 12)},
          {"minimum", wire::load_be32(numbers + 16)}};
}

// Null: of a type whose RDATA is not told.
Json rdata_json(Octets message, const wire::DnsRecord& record, const Disguise& disguise) {
  if (record.length == 0) return nullptr;  // sound in an UPDATE alone (RFC 2136 section 2.4)
  switch (static_cast<DnsType>(record.type)) {
    case DnsType::kA:
    case DnsType::kAaaa:
      return wire::to_text(disguise.address(wire::address_of(message, record)));
    case DnsType::kNs:
    case DnsType::kCname:
    case DnsType::kPtr:
      return name_text(message, record.offset, disguise);
    case DnsType::kMx:
      return name_text(message, record.offset + wire::kMxPreferenceOctets, disguise);
    case DnsType::kTxt:
      if (disguise.hides()) return nullptr;
      return txt_text(message.subspan(record.offset, record.length));
    case DnsType::kSrv:
      return srv_json(message, record, disguise);
    case DnsType::kSoa:
      return soa_json(message, record, disguise);
    default:
      return nullptr;
  }
}

Json answer_json(Octets message, const wire::OwnedRecord& answer, const Disguise& disguise) {
  Json json = {{"rrname", name_text(answer.owner, disguise)},
               {"rrtype", wire::type_name(answer.record.type)},
               {"ttl", answer.record.ttl}};
  if (Json rdata = rdata_json(message, answer.record, disguise); !rdata.is_null())
    json["rdata"] = std::move(rdata);
  return json;
}

// Returns how many are left out.
std::size_t put_answers(Octets message, const Disguise& disguise, Json& dns) {
  wire::DnsRecords answers(message, wire::DnsSections::kAnswer);
  std::size_t told = 0, octets = 0, left_out = 0;
  for (wire::OwnedRecord answer; answers.next(answer);) {
    if (told == kMostAnswersTold || octets >= kMostAnswerOctets) {
      ++left_out;
      continue;
    }
    Json json = answer_json(message, answer, disguise);
    octets += event_line(json).size();
    dns["answers"].push_back(std::move(json));
    ++told;
  }
  return left_out;
}

// RFC 1035 section 4.1.1, RFC 4035 section 3.2.
void put_flags(Octets message, Json& dns) {
  const std::uint16_t flags = wire::load_be16(&message[2]);
  constexpr std::pair<const char*, std::uint16_t> kFlags[] = {
      {"qr", 0x8000}, {"aa", 0x0400}, {"tc", 0x0200}, {"rd", 0x0100}, {"ra", 0x0080}};
  dns["flags"] = fmt::format("{:04x}", flags);
  for (const auto& [name, bit] : kFlags) {
    if ((flags & bit) != 0) dns[name] = true;
  }
}

Json dns_json(Octets octets, const wire::DnsMessage& message, const Disguise& disguise, Json& ours) {
  Json dns = {{"version", 2}, {"type", message.response ? "answer" : "query"}, {"id", message.id}};
  if (message.response) put_flags(octets, dns);
  dns["opcode"] = message.opcode;
  if (message.qname.length > 0) dns["rrname"] = name_text(message.qname, disguise);
  if (message.has_question) dns["rrtype"] = wire::type_name(message.qtype);
  if (!message.response) return dns;
  dns["rcode"] = wire::rcode_name(message.rcode);
  if (message.fault != wire::DnsFault::kNone) return dns;
  if (const std::size_t left_out = put_answers(octets, disguise, dns); left_out > 0)
    ours["answers_left_out"] = left_out;
  return dns;
}

Flow flow_of(const wire::Packet& packet, bool response, const Disguise& disguise) {
  Flow flow = {disguise.address(packet.source), disguise.address(packet.destination), packet.source_port,
               packet.destination_port, packet.protocol};
  if (!response) return flow;
  std::swap(flow.source, flow.destination);
  std::swap(flow.source_port, flow.destination_port);
  return flow;
}

}  // namespace

EventRecord dns_record(const dataplane::FoundMessage& found, const wire::DnsMessage& message,
                       std::int64_t time_ns, const Disguise& disguise, const std::string& sensor) {
  const Flow flow = flow_of(found.packet, message.response, disguise);
  Json json = event_begun(EventType::kDns, time_ns, sensor);
  json["src_ip"] = wire::to_text(flow.source);
  json["src_port"] = flow.source_port;
  json["dest_ip"] = wire::to_text(flow.destination);
  json["dest_port"] = flow.destination_port;
  json["proto"] = flow.protocol == wire::kProtocolTcp ? "TCP" : "UDP";
  json["community_id"] = community_id(flow);
  Json ours = {{"octets", found.octets.size()}};
  if (found.cut) {
    ours["cut"] = true;
  } else if (message.fault != wire::DnsFault::kNone) {
    ours["fault"] = kDnsFaultNames[static_cast<std::size_t>(message.fault)];
  }
  json["dns"] = dns_json(found.octets, message, disguise, ours);
  json["tapline"] = std::move(ours);
  return {EventType::kDns, Urgency::kInformational, time_ns, event_line(json)};
}

}  // namespace mgmt

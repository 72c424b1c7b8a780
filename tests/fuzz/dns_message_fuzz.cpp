// Whatever the octets are, what the parser says of them must hold together.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "wire/dns_message.h"

namespace {

using Octets = std::span<const std::uint8_t>;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_name(const wire::DnsName& name) {
  require(name.length <= wire::kMaxNameOctets);
  std::size_t at = 0;
  while (at < name.length && name.octets[at] != 0) at += 1u + name.octets[at];
  require(name.length == 0 || at + 1 == name.length);  // labels up to a root, which is the last octet
  for (const std::uint8_t octet : name.wire()) require(octet < 'A' || octet > 'Z');
  const wire::DnsName copy = name;
  require(copy.hash() == name.hash());
  require(wire::to_text(name.wire()).empty() == (name.length == 0));
}

void check_answer(Octets bytes, const wire::DnsRecord& record) {
  require(record.offset >= wire::kDnsHeaderOctets + wire::kMinRecordOctets);
  require(std::size_t{record.offset} + record.length <= bytes.size());
  switch (static_cast<wire::DnsType>(record.type)) {
    case wire::DnsType::kA:
      return require(wire::address_of(bytes, record).is_v4());
    case wire::DnsType::kAaaa:
      return static_cast<void>(wire::address_of(bytes, record));
    case wire::DnsType::kSvcb:
    case wire::DnsType::kHttps: {
      std::size_t hints = 0;
      wire::each_hint(bytes, record, [&hints](const wire::Address&) { ++hints; });
      require(hints * 4 <= record.length);
      break;
    }
    default:
      break;
  }
  const wire::DnsName target = wire::target_of(bytes, record);
  require(target.length != 0);
  check_name(target);
}

void check_message(Octets bytes, const wire::DnsMessage& message) {
  require((message.fault == wire::DnsFault::kShortHeader) == (bytes.size() < wire::kDnsHeaderOctets));
  require(message.has_question || message.qname.length == 0);
  require(message.records_read <= message.records_promised);
  require(message.answers.size() <= message.records_read);
  if (message.fault == wire::DnsFault::kNone) require(message.records_read == message.records_promised);
  check_name(message.qname);
  for (const wire::DnsRecord& record : message.answers) check_answer(bytes, record);
}

bool same(const wire::DnsMessage& a, const wire::DnsMessage& b) {
  return a.id == b.id && a.rcode == b.rcode && a.opcode == b.opcode && a.response == b.response &&
         a.truncated == b.truncated && a.edns == b.edns && a.fault == b.fault && a.qtype == b.qtype &&
         a.qclass == b.qclass && a.udp_size == b.udp_size && a.records_read == b.records_read &&
         a.qname.hash() == b.qname.hash() && a.answers.size() == b.answers.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto used = std::make_unique<wire::DnsParser>();
  static const auto fresh = std::make_unique<wire::DnsParser>();
  const Octets bytes(data, size);
  if (size > wire::kMaxDnsMessageOctets) return 0;
  const wire::DnsMessage& message = used->parse(bytes);
  check_message(bytes, message);
  const wire::DnsMessage& again = (fresh->parse({}), fresh->parse(bytes));
  require(same(message, again));
  return 0;
}

// Whatever the octets of a DNS message are, the event log's line of it is one line of JSON that says the
// same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include <nlohmann/json.hpp>

#include "mgmt/eve/dns_record.h"
#include "wire/dns_records.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_answers(std::span<const std::uint8_t> octets, const wire::DnsMessage& message) {
  wire::DnsRecords answers(octets, wire::DnsSections::kAnswer);
  std::size_t listed = 0, records = 0;
  for (wire::OwnedRecord answer; answers.next(answer); ++records) {
    require(std::size_t{answer.record.offset} + answer.record.length <= octets.size());
    if (message.fault != wire::DnsFault::kNone || listed == message.answers.size()) continue;
    const wire::DnsRecord& next = message.answers[listed];
    if (next.offset != answer.record.offset) continue;
    require(next.type == answer.record.type && next.ttl == answer.record.ttl);
    ++listed;
  }
  if (message.fault != wire::DnsFault::kNone) return;
  require(listed == message.answers.size());
  require(records == wire::load_be16(&octets[6]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto parser = std::make_unique<wire::DnsParser>();
  static const mgmt::Disguise clear;
  if (size < wire::kDnsHeaderOctets || size > wire::kMaxDnsMessageOctets) return 0;
  const std::span<const std::uint8_t> octets(data, size);
  const wire::DnsMessage& message = parser->parse(octets);
  check_answers(octets, message);
  wire::Packet packet;
  packet.protocol = wire::kProtocolUdp;
  const mgmt::EventRecord record = mgmt::dns_record({packet, octets, false}, message, 0, clear, "box");
  require(std::ranges::all_of(record.json, [](char c) { return c >= ' ' && c <= '~'; }));
  const nlohmann::json line = nlohmann::json::parse(record.json);
  require(line["dns"]["id"] == message.id && line["dns"].contains("rrtype") == message.has_question);
  if (line["dns"].contains("answers")) require(line["dns"]["answers"].size() <= mgmt::kMostAnswersTold);
  return 0;
}

#include "mgmt/spool/spool_selection.h"

#include <utility>

#include "wire/big_endian.h"
#include "wire/dns_records.h"
#include "wire/packet.h"

namespace mgmt {
namespace {

constexpr std::size_t kLengthOctets = 2;  // before a message over TCP (RFC 1035 section 4.2.2)

// Of a segment, the message if it holds one from its beginning to its end.
std::span<const std::uint8_t> message_in(const wire::Packet& packet, wire::Verdict verdict) {
  if (verdict == wire::Verdict::kDns) return packet.payload;
  if (verdict != wire::Verdict::kDnsSegment || packet.payload.size() < kLengthOctets) return {};
  const std::size_t length = wire::load_be16(packet.payload.data());
  if (packet.payload.size() < kLengthOctets + length) return {};
  return packet.payload.subspan(kLengthOctets, length);
}

}  // namespace

void SpoolSelection::take(std::span<const aggregator::FindingChange> changes) {
  for (const aggregator::FindingChange& change : changes) {
    if (change.state == aggregator::FindingState::kClosed) {
      open_.erase(change.finding.id);
    } else {
      open_[change.finding.id] = change.finding.subject;
    }
  }
  Hosts hosts;
  for (const auto& [id, host] : open_) hosts.insert(host);
  hosts.erase(wire::Address{});  // hosts that are not told apart
  const std::lock_guard lock(mutex_);
  if (hosts == told_hosts_) return;
  told_hosts_ = std::move(hosts);
  ++told_;
}

void SpoolSelection::follow(Patterns patterns) {
  const std::lock_guard lock(mutex_);
  if (patterns == told_patterns_) return;
  told_patterns_ = std::move(patterns);
  ++told_;
}

void SpoolSelection::look() {
  const std::lock_guard lock(mutex_);
  if (known_ == told_) return;
  known_ = told_;
  hosts_ = told_hosts_;
  if (patterns_ == told_patterns_) return;
  scanner_.reset();  // it borrows them
  patterns_ = told_patterns_;
  if (patterns_) scanner_.emplace(*patterns_);
}

bool SpoolSelection::wants(const wire::Frame& frame) {
  wire::Packet packet;
  const wire::Verdict verdict = wire::decode(frame, packet);
  if (hosts_.contains(packet.source) || hosts_.contains(packet.destination)) return true;
  return scanner_ && matches(message_in(packet, verdict));
}

bool SpoolSelection::matches(std::span<const std::uint8_t> message) {
  if (message.size() <= wire::kDnsHeaderOctets || wire::load_be16(&message[4]) == 0) return false;
  const wire::DnsName name = wire::name_at(message, wire::kDnsHeaderOctets);
  names_.clear();
  if (name.length == 0 || !names_.add(name.wire())) return false;
  found_[0] = {};
  scanner_->scan(names_, found_);
  return found_[0].count > 0;
}

}  // namespace mgmt

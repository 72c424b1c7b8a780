#include "mgmt/privacy/ip_frame.h"

#include <algorithm>
#include <array>

#include "wire/big_endian.h"
#include "wire/layer.h"
#include "wire/network_layer.h"
#include "wire/transport_layer.h"

namespace mgmt {
namespace {

constexpr std::size_t kMacAddresses = 12;
constexpr std::size_t kIp = kMacAddresses + 2;  // where its header begins
constexpr std::uint8_t kTtl = 64;               // nobody is told how far it came
constexpr std::uint8_t kIpv6Fragment = 44;
constexpr std::uint8_t kTcpWords = wire::kTcpHeader / 4;

// Of 16-bit words, the last one filled up with a zero (RFC 1071); carries are left to checksum().
std::uint64_t sum_of(std::span<const std::uint8_t> octets) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) sum += wire::load_be16(&octets[i]);
  return octets.size() % 2 == 0 ? sum : sum + (std::uint64_t{octets.back()} << 8);
}

std::uint16_t checksum(std::uint64_t sum) {
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

IpFrame::IpFrame(OctetWriter& out, const wire::Address& source, const wire::Address& destination,
                 std::uint8_t protocol, const std::optional<wire::Fragment>& fragment)
    : out_(out),
      source_(source),
      destination_(destination),
      protocol_(protocol),
      v4_(source.is_v4() && destination.is_v4()) {
  out_.zeros(kMacAddresses);
  out_.u16(v4_ ? wire::kEtherTypeIpv4 : wire::kEtherTypeIpv6);
  if (v4_) {
    write_v4(fragment);
  } else {
    write_v6(fragment);
  }
}

void IpFrame::write_v4(const std::optional<wire::Fragment>& fragment) {
  constexpr unsigned kVersionAndWords = 0x45, kMoreFragments = 0x2000;
  out_.u8(kVersionAndWords);
  out_.u8(0);
  out_.u16(0);  // total length
  out_.u16(fragment ? fragment->id : 0);
  out_.u16(fragment ? (fragment->more ? kMoreFragments : 0) | fragment->offset / 8 : 0);
  out_.u8(kTtl);
  out_.u8(protocol_);
  out_.u16(0);  // checksum
  out_.v4(source_);
  out_.v4(destination_);
  payload_ = out_.size();
}

void IpFrame::write_v6(const std::optional<wire::Fragment>& fragment) {
  constexpr std::uint32_t kVersion = 0x60000000;
  out_.u32(kVersion);
  out_.u16(0);  // payload length
  out_.u8(fragment ? kIpv6Fragment : protocol_);
  out_.u8(kTtl);
  out_.v6(source_);
  out_.v6(destination_);
  payload_ = out_.size();
  if (!fragment) return;
  out_.u8(protocol_);
  out_.u8(0);
  out_.u16(fragment->offset | (fragment->more ? 1U : 0U));
  out_.u32(fragment->id);
}

void IpFrame::begin_udp(std::uint16_t source_port, std::uint16_t destination_port) {
  out_.u16(source_port);
  out_.u16(destination_port);
  out_.u16(0);  // length
  checksum_ = out_.size();
  out_.u16(0);
}

void IpFrame::begin_tcp(std::uint16_t source_port, std::uint16_t destination_port, std::uint32_t sequence,
                        std::uint8_t flags) {
  out_.u16(source_port);
  out_.u16(destination_port);
  out_.u32(sequence);
  out_.u32(0);  // acknowledgment
  out_.u8(kTcpWords << 4);
  out_.u8(flags);
  out_.u16(0);  // window
  checksum_ = out_.size();
  out_.u16(0);
  out_.u16(0);  // urgent pointer
}

// RFC 768, RFC 8200 section 8.1. What makes an address IPv4-mapped is no part of it.
std::uint64_t IpFrame::pseudo_header_sum(std::size_t length) const {
  constexpr std::uint64_t kMapped = 0xFFFF;
  const std::uint64_t addresses =
      sum_of(octets_of(source_)) + sum_of(octets_of(destination_)) - (v4_ ? 2 * kMapped : 0);
  return addresses + protocol_ + (length >> 16) + (length & 0xFFFF);
}

std::uint32_t IpFrame::end(std::size_t missing) {
  const std::size_t length = std::min(carried() + missing, kMostInIp);
  const bool udp = protocol_ == wire::kProtocolUdp;
  if (checksum_ != 0) {
    if (udp) out_.set_u16(checksum_ - 2, static_cast<unsigned>(length));
    const std::uint16_t sum = checksum(pseudo_header_sum(length) + sum_of(out_.written().subspan(payload_)));
    out_.set_u16(checksum_, sum == 0 && udp ? 0xFFFF : sum);  // 0: UDP has none
  }
  if (v4_) {
    constexpr std::size_t kLengthAt = 2, kChecksumAt = 10;
    out_.set_u16(kIp + kLengthAt, static_cast<unsigned>(wire::kIpv4Header + length));
    out_.set_u16(kIp + kChecksumAt, checksum(sum_of(out_.written().subspan(kIp, wire::kIpv4Header))));
  } else {
    constexpr std::size_t kLengthAt = 4;
    out_.set_u16(kIp + kLengthAt, static_cast<unsigned>(length));
  }
  return static_cast<std::uint32_t>(payload_ + length);
}

}  // namespace mgmt

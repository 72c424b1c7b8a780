// DNS messages in words, right ones and wrong ones:
//   dns_response().question("www.example.com", DnsType::kA).a(pointer(12), "192.0.2.1").edns().bytes()
// Sections are written in the order of the calls. Wrong addresses and labels throw.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>

#include "wire/dns_message.h"

namespace tests {

using Octets = std::vector<std::uint8_t>;
using wire::DnsType;

inline Octets operator+(Octets left, const Octets& right) {
  for (const std::uint8_t octet : right) left.push_back(octet);  // insert() earns a false warning of g++ 12
  return left;
}

inline Octets be16(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

inline Octets be32(std::uint32_t value) {
  return be16(value >> 16) + be16(value & 0xFFFF);
}

inline Octets label(std::string_view text) {
  if (text.empty() || text.size() > 63) throw std::invalid_argument("a label has 1 to 63 octets");
  return Octets{static_cast<std::uint8_t>(text.size())} + Octets(text.begin(), text.end());
}

// Labels without the root: what stands before a pointer.
inline Octets labels(std::string_view dotted) {
  Octets octets;
  while (!dotted.empty()) {
    const std::size_t dot = dotted.find('.');
    octets = octets + label(dotted.substr(0, dot));
    dotted = dot == dotted.npos ? std::string_view() : dotted.substr(dot + 1);
  }
  return octets;
}

inline Octets pointer_octets(std::uint32_t offset) {
  return be16(0xC000 | offset);
}

// A name as it goes on the wire: dotted text, "" for the root, or octets of any kind.
struct WireName {
  WireName(const char* dotted) : octets(labels(dotted) + Octets{0}) {}
  WireName(const std::string& dotted) : WireName(dotted.c_str()) {}
  WireName(Octets raw) : octets(std::move(raw)) {}
  Octets octets;
};

inline WireName raw_name(Octets octets) {
  return WireName(std::move(octets));
}
inline WireName pointer(std::uint32_t offset) {
  return WireName(pointer_octets(offset));
}
inline WireName name_with_pointer(std::string_view dotted, std::uint32_t offset) {
  return WireName(labels(dotted) + pointer_octets(offset));
}

inline Octets ipv4(const std::string& text) {
  Octets octets(4);
  if (inet_pton(AF_INET, text.c_str(), octets.data()) != 1) throw std::invalid_argument("IPv4: " + text);
  return octets;
}

inline Octets ipv6(const std::string& text) {
  Octets octets(16);
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) != 1) throw std::invalid_argument("IPv6: " + text);
  return octets;
}

inline Octets svc_param(std::uint16_t key, const Octets& value) {
  return be16(key) + be16(static_cast<std::uint32_t>(value.size())) + value;
}

inline Octets edns_option(std::uint16_t code, const Octets& value) {
  return svc_param(code, value);
}

class DnsBuilder {
 public:
  enum Section {
    kQuestion,
    kAnswer,
    kAuthority,
    kAdditional
  };

  DnsBuilder& id(std::uint16_t value) { return put16(0, value); }
  DnsBuilder& response() { return set_flag(2, 0x80); }
  DnsBuilder& truncated() { return set_flag(2, 0x02); }
  DnsBuilder& opcode(std::uint8_t value) { return set_flag(2, static_cast<std::uint8_t>(value << 3)); }
  DnsBuilder& rcode(std::uint8_t value) { return set_flag(3, value & 0x0F); }
  DnsBuilder& nxdomain() { return rcode(3); }

  DnsBuilder& question(const WireName& name, DnsType type, std::uint16_t qclass = 1) {
    append(name.octets + be16(static_cast<std::uint16_t>(type)) + be16(qclass));
    return count(kQuestion);
  }

  DnsBuilder& record(Section section, const WireName& owner, DnsType type, const Octets& rdata,
                     std::uint32_t ttl = kTtl, std::uint16_t rclass = 1) {
    append(owner.octets + be16(static_cast<std::uint16_t>(type)) + be16(rclass) + be32(ttl));
    append(be16(static_cast<std::uint32_t>(rdata.size())) + rdata);
    return count(section);
  }
  DnsBuilder& answer(const WireName& owner, DnsType type, const Octets& rdata, std::uint32_t ttl = kTtl) {
    return record(kAnswer, owner, type, rdata, ttl);
  }
  DnsBuilder& authority(const WireName& owner, DnsType type, const Octets& rdata) {
    return record(kAuthority, owner, type, rdata);
  }
  DnsBuilder& additional(const WireName& owner, DnsType type, const Octets& rdata) {
    return record(kAdditional, owner, type, rdata);
  }

  DnsBuilder& a(const WireName& owner, const std::string& address, std::uint32_t ttl = kTtl) {
    return answer(owner, DnsType::kA, ipv4(address), ttl);
  }
  DnsBuilder& aaaa(const WireName& owner, const std::string& address, std::uint32_t ttl = kTtl) {
    return answer(owner, DnsType::kAaaa, ipv6(address), ttl);
  }
  DnsBuilder& cname(const WireName& owner, const WireName& target) {
    return answer(owner, DnsType::kCname, target.octets);
  }
  DnsBuilder& ptr(const WireName& owner, const WireName& target) {
    return answer(owner, DnsType::kPtr, target.octets);
  }
  DnsBuilder& mx(const WireName& owner, std::uint16_t preference, const WireName& exchange) {
    return answer(owner, DnsType::kMx, be16(preference) + exchange.octets);
  }
  DnsBuilder& https(const WireName& owner, std::uint16_t priority, const WireName& target,
                    const Octets& params = {}) {
    return answer(owner, DnsType::kHttps, be16(priority) + target.octets + params);
  }
  DnsBuilder& edns(std::uint16_t udp_size = 1232, const Octets& options = {}, std::uint8_t high_rcode = 0) {
    return record(kAdditional, "", DnsType::kOpt, options, std::uint32_t{high_rcode} << 24, udp_size);
  }

  // Header counts that need not be true; call it last.
  DnsBuilder& claim(Section section, std::uint16_t records) { return put16(4u + 2u * section, records); }
  DnsBuilder& append(const Octets& octets) {
    bytes_ = bytes_ + octets;
    return *this;
  }
  DnsBuilder& cut(std::size_t octets_from_end) {
    bytes_.resize(bytes_.size() - octets_from_end);
    return *this;
  }

  // Where the next octet will stand: what a later pointer() may point to.
  std::uint32_t here() const { return static_cast<std::uint32_t>(bytes_.size()); }
  const Octets& bytes() const { return bytes_; }

 private:
  static constexpr std::uint32_t kTtl = 300;

  DnsBuilder& put16(std::size_t at, std::uint16_t value) {
    bytes_.at(at) = static_cast<std::uint8_t>(value >> 8);
    bytes_.at(at + 1) = static_cast<std::uint8_t>(value);
    return *this;
  }
  DnsBuilder& set_flag(std::size_t at, std::uint8_t bits) {
    bytes_.at(at) |= bits;
    return *this;
  }
  DnsBuilder& count(Section section) { return claim(section, ++counts_[section]); }

  Octets bytes_ = Octets(wire::kDnsHeaderOctets);
  std::array<std::uint16_t, 4> counts_{};
};

inline DnsBuilder dns_query() {
  return DnsBuilder().id(0x1234);
}
inline DnsBuilder dns_response() {
  return dns_query().response();
}

}  // namespace tests

// Names that were never resolved: a whole name with the local domain appended.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "matchers/domain_text.h"
#include "matchers/domain_tree.h"
#include "matchers/public_suffixes.h"

namespace matchers {

// What Musashi, Matsuba and Sugitani saw of a mail server under attack: mx.example.com.campus.example, where
// campus.example is the local domain, which resolvers append to names that do not resolve.
//
// A name is formed so if it consists of at least one label, a public top-level label, and a local domain. The
// longest local domain counts, so www.com.campus.example is an ordinary host where com.campus.example is
// local too. com.campus.example itself is a host with the name com. A name at or below one of the real
// subdomains is ordinary, unless a local domain that is longer than that subdomain ends it.
//
// Never changes once it is there: for any number of threads.
class UnresolvedNames {
 public:
  // Domains as people write them, each list in any order. A subdomain is written whole and must be below a
  // local domain. Throws DomainError with a sentence for each that cannot be, one a line.
  UnresolvedNames(std::span<const std::string> local_domains, std::span<const std::string> subdomains,
                  const PublicSuffixes& suffixes);

  // `wire_name` is in wire form, lower-cased; anything else is not formed. Allocates nothing.
  bool formed(std::span<const std::uint8_t> wire_name) const noexcept {
    return may_be_local(wire_name) && formed_of_local(wire_name);
  }

 private:
  static constexpr std::size_t kEndBits = 13;  // of 64 domains one other name in a hundred gets past

  // The last eight octets at most, which decide for nearly all names that are in no local domain.
  bool may_be_local(std::span<const std::uint8_t> wire_name) const noexcept {
    if (wire_name.size() < sizeof(std::uint64_t)) return true;
    std::uint64_t end;
    std::memcpy(&end, wire_name.data() + wire_name.size() - sizeof end, sizeof end);
    return ends_[end_hash(end >> unused_end_bits_)];
  }
  static std::size_t end_hash(std::uint64_t end) noexcept {
    return end * 0x9E3779B97F4A7C15 >> (64 - kEndBits);
  }

  void add_local_domains(const std::vector<WireName>& domains);
  bool is_below_local_domain(std::span<const std::uint8_t> wire_name) const noexcept;
  bool formed_of_local(std::span<const std::uint8_t> wire_name) const noexcept;

  DomainTree domains_;
  DomainTree top_level_;
  unsigned unused_end_bits_ = 0;  // of eight octets, where the shortest local domain has fewer
  std::bitset<std::size_t{1} << kEndBits> ends_;
};

}  // namespace matchers

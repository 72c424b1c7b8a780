// Names of servers for DNS over HTTPS (RFC 8484): who asks for one resolves where the tap cannot see it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace aggregator {

// A set of the names' hashes, so that a query's name is looked up at the cost of one cache line. A name that
// happens to have the same hash makes its client one that is judged less.
class DohNames {
 public:
  // Of the public resolvers that browsers and operating systems offer.
  DohNames() : DohNames(std::vector<std::string>{}) {}
  // Those and `more`, at most kMost, in presentation form. Throws matchers::DomainError.
  explicit DohNames(const std::vector<std::string>& more);

  static constexpr std::size_t kMost = 64;

  // `name_hash` as of an Event.
  bool contains(std::uint64_t name_hash) const noexcept {
    for (std::size_t at = name_hash % kSlots; hashes_[at] != 0; at = (at + 1) % kSlots) {
      if (hashes_[at] == name_hash) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kSlots = 256;
  void add(const std::string& name);

  std::array<std::uint64_t, kSlots> hashes_{};  // 0: none
};

}  // namespace aggregator

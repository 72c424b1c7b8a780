// What was on the wire then: a slice out of the files of a spool, as one capture.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/address.h"

namespace mgmt {

struct SliceQuery {
  std::string folder;
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;                      // not in it any more
  std::optional<wire::Address> host;           // either end of the innermost packet
  std::optional<wire::Address> hidden_host{};  // in files that are hidden by the key; none: the same
  std::string key_mark{};                      // of the key; of files of others, nothing is found
};

struct Slice {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;       // of the capture written
  std::uint64_t bytes_read = 0;  // of the spool
  std::uint64_t files = 0;       // of the spool that something was read of besides the beginning of the index
  std::vector<std::string>
      complaints;  // "FILE: what is wrong with it, and what was done", which lost nothing else
};

// Hands a classic pcap with nanoseconds to write(octets), piece by piece, in the order of time; of equally
// old frames those of the first worker go first. Reads what the indexes say may be wanted, also of files that
// are being written. Throws SpoolError, and what write() throws.
Slice cut_slice(const SliceQuery& query, const std::function<void(std::string_view)>& write);

}  // namespace mgmt

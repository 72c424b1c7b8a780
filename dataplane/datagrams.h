// Fragments of IP datagrams on the way to what the datagrams carry.
#pragma once

#include <cstdint>

#include "dataplane/fragment_table.h"
#include "wire/packet.h"

namespace dataplane {

// Owned by one worker. Allocates in the constructor only.
class Datagrams {
 public:
  // False for `reassemble`: of a fragmented datagram the first fragment speaks alone.
  Datagrams(Ledger& ledger, bool reassemble, const FragmentSettings& settings)
      : reassemble_(reassemble), fragments_(ledger, settings) {}

  // `packet` is one whose verdict was kFragment; becomes what its datagram carries, if this fragment
  // completes it. A datagram may carry, in a tunnel, a fragment of another.
  wire::Verdict take(wire::Packet& packet, std::int64_t time_ns) noexcept;

 private:
  const bool reassemble_;
  FragmentTable fragments_;
};

}  // namespace dataplane

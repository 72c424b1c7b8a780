// What became of the frames on a port before a worker saw them.
#pragma once

#include <cstdint>
#include <vector>

namespace dataplane {

// Since the port was opened. wire = missed + errors + no_buffer + received.
struct PortCounters {
  std::uint64_t received = 0;                  // handed to the workers, or about to be
  std::uint64_t missed = 0;                    // dropped because the RX queues were full
  std::uint64_t errors = 0;                    // broken on the wire, or longer than the buffers
  std::uint64_t no_buffer = 0;                 // no packet buffer was free
  bool missed_known = true;                    // false: the driver does not say what it missed
  std::vector<std::uint64_t> missed_by_queue;  // empty: the NIC counts by port only

  std::uint64_t lost() const noexcept { return missed + errors + no_buffer; }
};

}  // namespace dataplane

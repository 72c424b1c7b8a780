// A thread on a processor of its own, known to DPDK so that it has caches of packet buffers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>

namespace dataplane {

// Joined when destroyed. `core`: nothing to leave it to the system. `name` is what ps and top show, at most
// 15 octets. Throws std::system_error if there is no thread to be had. A core that cannot be had leaves the
// thread where it is.
std::jthread pinned_thread(std::string name, std::optional<std::uint64_t> core, std::function<void()> work);

}  // namespace dataplane

// DPDK's environment abstraction layer (EAL): memory and devices, once for the process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/devices.h"

namespace dataplane {

struct EalSettings {
  std::vector<Device> devices;
  bool hugepages = true;
  std::uint64_t memory_bytes = 0;  // without huge pages: all that DPDK will have
};

// One in the life of a process, made and destroyed on the same thread. Nothing of it outlives the process,
// however that ends: memory is anonymous and no file or lock is left behind.
class Eal {
 public:
  explicit Eal(const EalSettings& settings);  // throws std::runtime_error, in a sentence
  ~Eal();
  Eal(const Eal&) = delete;
  Eal& operator=(const Eal&) = delete;
};

// What DPDK said last, for a sentence about what went wrong. Any thread.
std::string last_words_of_dpdk();

// Of the processor's time stamp counter, once an Eal has been made.
double tsc_hz() noexcept;

// Free huge pages of all sizes, in bytes.
std::uint64_t free_hugepage_bytes();

}  // namespace dataplane

// A few records from one thread to another, neither of which ever waits.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "dataplane/event.h"

namespace dataplane {

// Single producer, single consumer. For records now and then; EventRing is for many.
template <class Record, std::size_t kSlots>
class ReportQueue {
 public:
  // Returns false if it is full; then the record is dropped.
  bool push(const Record& record) noexcept {
    const std::uint64_t written = written_.load(std::memory_order_relaxed);
    if (written - read_.load(std::memory_order_acquire) == kSlots) return false;
    slots_[written % kSlots] = record;
    written_.store(written + 1, std::memory_order_release);
    return true;
  }

  std::optional<Record> pop() noexcept {
    const std::uint64_t read = read_.load(std::memory_order_relaxed);
    if (written_.load(std::memory_order_acquire) == read) return std::nullopt;
    std::optional<Record> record(slots_[read % kSlots]);
    read_.store(read + 1, std::memory_order_release);
    return record;
  }

 private:
  std::array<Record, kSlots> slots_{};
  alignas(kCacheLine) std::atomic<std::uint64_t> written_{0};
  alignas(kCacheLine) std::atomic<std::uint64_t> read_{0};
};

}  // namespace dataplane

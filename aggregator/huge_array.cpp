#include "aggregator/huge_array.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include <sys/mman.h>

namespace aggregator {
namespace {

constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kHugePageBytes = 2 << 20;

constexpr std::size_t round_up(std::size_t bytes) noexcept {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

}  // namespace

PageReservation::PageReservation(std::size_t bytes) : bytes_(round_up(std::max<std::size_t>(bytes, 1))) {
  start_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start_ == MAP_FAILED) {
    throw std::runtime_error(
        "cannot reserve " + std::to_string(bytes_ >> 20) +
        " MiB of memory for a table. Lower its capacity or raise the limit (ulimit -v).");
  }
  if (bytes_ >= kHugePageBytes) madvise(start_, bytes_, MADV_HUGEPAGE);  // Only advice: may fail.
}

PageReservation::~PageReservation() {
  if (start_ != nullptr) munmap(start_, bytes_);
}

PageReservation::PageReservation(PageReservation&& other) noexcept
    : start_(std::exchange(other.start_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

PageReservation& PageReservation::operator=(PageReservation&& other) noexcept {
  std::swap(start_, other.start_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

void PageReservation::release(std::size_t from, std::size_t to) noexcept {
  auto* const bytes = static_cast<std::uint8_t*>(start_);
  const std::size_t first_page = std::min(round_up(from), to);
  const std::size_t end_page = std::max(to / kPageBytes * kPageBytes, first_page);
  std::memset(bytes + from, 0, first_page - from);
  std::memset(bytes + end_page, 0, to - end_page);
  if (end_page > first_page && madvise(bytes + first_page, end_page - first_page, MADV_DONTNEED) != 0) {
    std::memset(bytes + first_page, 0, end_page - first_page);
  }
}

}  // namespace aggregator

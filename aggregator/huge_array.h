// Large fixed tables, reserved at start and paid for page by page.
#pragma once

#include <cstddef>
#include <type_traits>

namespace aggregator {

// Zeroed memory from the system. A page costs nothing until it is first written; from 2 MiB on the system is
// asked for huge pages, since tables read at random spend their time in TLB misses otherwise.
class PageReservation {
 public:
  explicit PageReservation(std::size_t bytes);  // throws std::runtime_error if the address space is used up
  ~PageReservation();
  PageReservation(PageReservation&& other) noexcept;
  PageReservation& operator=(PageReservation&& other) noexcept;

  void* start() const noexcept { return start_; }
  // Gives whole pages between the offsets back; they read as zero again.
  void release(std::size_t from, std::size_t to) noexcept;

 private:
  void* start_;
  std::size_t bytes_;
};

// `size` elements, each zero bytes at first.
template <class T>
class HugeArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit HugeArray(std::size_t size) : pages_(size * sizeof(T)) {}

  T& operator[](std::size_t i) noexcept { return static_cast<T*>(pages_.start())[i]; }
  const T& operator[](std::size_t i) const noexcept { return static_cast<const T*>(pages_.start())[i]; }
  T* data() noexcept { return static_cast<T*>(pages_.start()); }
  const T* data() const noexcept { return static_cast<const T*>(pages_.start()); }

  // Zeroes the elements [from, to), and gives the pages among them back.
  void clear(std::size_t from, std::size_t to) noexcept { pages_.release(from * sizeof(T), to * sizeof(T)); }

 private:
  PageReservation pages_;
};

}  // namespace aggregator

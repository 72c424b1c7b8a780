// Sums over the window and over four windows, in memory that does not depend on how long they are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace aggregator {

// Five blocks make a window; the newest is not full yet. Value is default made as nothing and has +=.
template <class Value>
class TimeBlocks {
 public:
  static constexpr std::int64_t kWindow = 5;
  static constexpr std::int64_t kFourWindows = 4 * kWindow;

  TimeBlocks() : TimeBlocks(kWindow) {}
  explicit TimeBlocks(std::int64_t window_steps) : block_steps_((window_steps + kWindow - 1) / kWindow) {}

  // The block of this step, which is not older than any before.
  Value& now(std::int64_t step) {
    const std::int64_t block = step / block_steps_;
    if (block - newest_ >= kFourWindows) newest_ = block - kFourWindows;
    while (newest_ < block) of(++newest_) = Value{};
    return of(block);
  }

  Value last(std::int64_t blocks) const {
    Value sum{};
    for (std::int64_t age = 0; age < blocks && age <= newest_; ++age) sum += of(newest_ - age);
    return sum;
  }

 private:
  Value& of(std::int64_t block) noexcept { return blocks_[static_cast<std::size_t>(block % kFourWindows)]; }
  const Value& of(std::int64_t block) const noexcept {
    return blocks_[static_cast<std::size_t>(block % kFourWindows)];
  }

  std::int64_t block_steps_;
  std::int64_t newest_ = 0;
  std::array<Value, kFourWindows> blocks_{};
};

}  // namespace aggregator

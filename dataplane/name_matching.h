// Collects the names of a burst, scans them in one call, and writes what matched into events on their way
// out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dataplane/event.h"
#include "dataplane/pattern_scanners.h"
#include "matchers/name_batch.h"

namespace dataplane {

// Belongs to one worker, the one whose scanner it uses. Allocates in the constructor only.
class NameMatching {
 public:
  explicit NameMatching(std::size_t worker) : worker_(worker) {}

  // Borrowed until the next call, between two bursts; null: nothing matches.
  void follow(const PatternScanners* scanners) noexcept { scanners_ = scanners; }

  bool active() const noexcept { return scanners_ != nullptr; }

  // `slot`, a kMatch event, stays where it is until finish().
  void add(Event& slot, std::span<const std::uint8_t> wire_name) noexcept;

  // Scans what was added; to be called before any of the slots is published.
  void finish() noexcept {
    if (names_.size() > 0) scan();
  }

 private:
  static constexpr std::size_t kNames = 64;

  void scan() noexcept;

  std::size_t worker_;
  const PatternScanners* scanners_ = nullptr;
  matchers::NameBatch names_{kNames};
  std::array<Event*, kNames> slots_{};
  std::array<matchers::MatchSet, kNames> found_{};
};

}  // namespace dataplane

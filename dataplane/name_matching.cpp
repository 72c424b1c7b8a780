#include "dataplane/name_matching.h"

#include <algorithm>

namespace dataplane {

void NameMatching::add(Event& slot, std::span<const std::uint8_t> wire_name) noexcept {
  if (names_.size() == kNames) scan();
  slots_[names_.size()] = &slot;
  names_.add(wire_name);
}

void NameMatching::scan() noexcept {
  const std::size_t count = names_.size();
  scanners_->of_worker(worker_).scan(names_, std::span(found_).first(count));
  const std::vector<matchers::Pattern>& patterns = scanners_->database().patterns();
  for (std::size_t i = 0; i < count; ++i) {
    std::array<std::uint32_t, kMatchIds> ids{};
    std::ranges::transform(found_[i].matched(), ids.begin(),
                           [&](std::uint32_t place) { return patterns[place].id; });
    write_matches(*slots_[i], std::span(ids).first(found_[i].count), found_[i].more);
  }
  names_.clear();
}

}  // namespace dataplane

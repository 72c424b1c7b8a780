// The text of a name, put together from the kName events that come before its query.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "dataplane/event.h"
#include "wire/dns_name.h"

namespace aggregator {

class NameSlots {
 public:
  void add(const dataplane::Event& slot) noexcept {
    const auto part = dataplane::text_of(slot);
    const auto& name = slot.detail.name;
    if (name.offset == 0) {
      order_ = slot.order;
      length_ = 0;
    }
    const bool fits = slot.order == order_ && name.offset == length_ &&
                      part.size() <= dataplane::kNameSlotOctets && length_ + part.size() <= octets_.size();
    if (!fits) return;
    std::copy(part.begin(), part.end(), octets_.begin() + length_);
    length_ += static_cast<std::uint32_t>(part.size());
    total_ = name.total;
  }

  // The name of the query in frame `order`; empty if a slot of it was lost. Valid until the next add().
  std::span<const std::uint8_t> name_for(std::uint64_t order) const noexcept {
    if (order != order_ || length_ != total_) return {};
    return {octets_.data(), length_};
  }

 private:
  std::uint64_t order_ = 0;
  std::uint32_t length_ = 0;
  std::uint32_t total_ = 0;
  std::array<std::uint8_t, wire::kMaxNameOctets> octets_{};
};

}  // namespace aggregator

// The text of a name, put together from the kName events that come before its query.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "dataplane/event.h"
#include "wire/dns_name.h"

namespace aggregator {

class NameSlots {
 public:
  void add(const dataplane::Event& slot) noexcept {
    const auto& name = slot.detail.name;
    if (name.offset == 0) {
      order_ = slot.order;
      length_ = 0;
    }
    const bool fits = slot.order == order_ && name.length <= dataplane::kNameSlotOctets &&
                      length_ + dataplane::kNameSlotOctets <= octets_.size();
    if (!fits) return;
    // The whole slot, used or not: a copy of fixed size is a few instructions.
    std::memcpy(octets_.data() + length_, dataplane::text_of(slot).data(), dataplane::kNameSlotOctets);
    length_ += name.length;
    total_ = name.total;
  }

  // The name of the query in frame `order`; empty if a slot of it was lost. Valid until the next add().
  std::span<const std::uint8_t> name_for(std::uint64_t order) const noexcept {
    if (order != order_ || length_ != total_) return {};
    return {octets_.data(), length_};
  }

 private:
  static constexpr std::size_t kSlots =
      (wire::kMaxNameOctets + dataplane::kNameSlotOctets - 1) / dataplane::kNameSlotOctets;

  std::uint64_t order_ = 0;
  std::uint32_t length_ = 0;
  std::uint32_t total_ = 0;
  std::array<std::uint8_t, kSlots * dataplane::kNameSlotOctets> octets_{};
};

}  // namespace aggregator

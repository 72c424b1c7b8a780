// The text of a name, put together from the kName events that come before its query.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "dataplane/event.h"
#include "wire/dns_name.h"

namespace aggregator {

// A name of one slot, as most are, is read where it stands: of a copy made just before, octets that were
// written in two parts would be waited for.
class NameSlots {
 public:
  NameSlots() = default;
  NameSlots(const NameSlots&) = delete;
  NameSlots& operator=(const NameSlots&) = delete;

  // The slot is borrowed until keep().
  void add(const dataplane::Event& slot) noexcept {
    const auto& part = slot.detail.name;
    if (part.offset != 0) return append(slot);
    order_ = slot.order;
    total_ = part.total;
    text_ = {dataplane::text_of(slot).data(), std::min<std::size_t>(part.length, dataplane::kNameSlotOctets)};
  }

  // To be called before slots go away.
  void keep() noexcept {
    if (text_.data() == octets_.data()) return;
    std::memcpy(octets_.data(), text_.data(), dataplane::kNameSlotOctets);
    text_ = {octets_.data(), text_.size()};
  }

  // The name of the query in frame `order`; empty if a slot of it was lost. Valid until the next add() or
  // keep().
  std::span<const std::uint8_t> name_for(std::uint64_t order) const noexcept {
    if (order != order_ || text_.size() != total_) return {};
    return text_;
  }

 private:
  static constexpr std::size_t kSlots =
      (wire::kMaxNameOctets + dataplane::kNameSlotOctets - 1) / dataplane::kNameSlotOctets;

  void append(const dataplane::Event& slot) noexcept {
    const auto& part = slot.detail.name;
    const bool follows = slot.order == order_ && part.total == total_ && part.offset == text_.size();
    const bool fits = part.length <= dataplane::kNameSlotOctets &&
                      text_.size() + dataplane::kNameSlotOctets <= octets_.size();
    if (!follows || !fits) return;
    keep();
    // The whole slot, used or not: a copy of fixed size is a few instructions.
    std::memcpy(octets_.data() + text_.size(), dataplane::text_of(slot).data(), dataplane::kNameSlotOctets);
    text_ = {octets_.data(), text_.size() + part.length};
  }

  std::array<std::uint8_t, kSlots * dataplane::kNameSlotOctets> octets_{};
  std::span<const std::uint8_t> text_{octets_.data(), 0};  // in octets_, or in the slot added last
  std::uint64_t order_ = 0;
  std::uint32_t total_ = 0;
};

}  // namespace aggregator

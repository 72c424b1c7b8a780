// The labels of a name in DNS wire form, from the right.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace matchers {

inline constexpr std::size_t kMaxNameOctets = 255;  // RFC 1035 section 2.3.4, length octets and root included
inline constexpr std::size_t kMaxLabelOctets = 63;
inline constexpr std::size_t kMaxLabels = kMaxNameOctets / 2;

// Borrows the name. The root, and what is no name in wire form, has no labels.
class Labels {
 public:
  explicit Labels(std::span<const std::uint8_t> wire_name) noexcept : name_(wire_name) {
    if (name_.size() > kMaxNameOctets) return;
    std::size_t at = 0;
    std::size_t found = 0;
    while (at < name_.size() && name_[at] != 0 && name_[at] <= kMaxLabelOctets) {
      starts_[found++] = static_cast<std::uint8_t>(at);
      at += 1 + std::size_t{name_[at]};
    }
    if (at + 1 == name_.size() && name_[at] == 0) count_ = found;
  }

  std::size_t count() const noexcept { return count_; }

  // Without its length octet; 0 is the top-level label, `place` is below count().
  std::span<const std::uint8_t> from_right(std::size_t place) const noexcept {
    const std::size_t start = starts_[count_ - 1 - place];
    return name_.subspan(start + 1, name_[start]);
  }

  // Octets of the name's last `labels` labels with the root.
  std::size_t suffix_octets(std::size_t labels) const noexcept {
    return labels == 0 ? 1 : name_.size() - starts_[count_ - labels];
  }

 private:
  std::span<const std::uint8_t> name_;
  std::size_t count_ = 0;
  std::array<std::uint8_t, kMaxLabels + 1> starts_;  // those of labels found
};

}  // namespace matchers

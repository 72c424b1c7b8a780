// The names of a burst, one after the other in one buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "matchers/labels.h"

namespace matchers {

// Names are in presentation form, lower-cased and without a final dot; each ends in a line end, which no name
// has in it. Octets that are not printable, and those that are special in a zone file, are escaped (RFC 1035
// section 5.1), so a name may be four times as long as on the wire. Memory is reserved once.
class NameBatch {
 public:
  static constexpr std::size_t kMaxNames = 1024;
  static constexpr std::size_t kMaxTextOctets = 4 * kMaxNameOctets;  // of a name

  // Room for `names`, 1 to kMaxNames.
  explicit NameBatch(std::size_t names);

  // Adds a name in wire form, lower-cased; its index is size() before. False if there is no room. Of what is
  // no name in wire form, as much as can be read, and at most 255 octets.
  bool add(std::span<const std::uint8_t> wire_name) noexcept;

  void clear() noexcept { count_ = 0; }

  std::size_t size() const noexcept { return count_; }
  std::string_view name(std::size_t index) const noexcept {
    return {text_.data() + start(index), end(index) - start(index)};
  }

  // Where name `index` starts and ends in text().
  std::size_t start(std::size_t index) const noexcept { return index == 0 ? 0 : ends_[index - 1] + 1; }
  std::size_t end(std::size_t index) const noexcept { return ends_[index]; }
  std::string_view text() const noexcept {
    return {text_.data(), count_ == 0 ? 0 : std::size_t{ends_[count_ - 1]}};
  }

 private:
  std::vector<char> text_;
  std::vector<std::uint32_t> ends_;
  std::size_t count_ = 0;
};

}  // namespace matchers

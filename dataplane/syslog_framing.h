// A TCP stream of syslog, cut into messages (RFC 6587 section 3.4).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "dataplane/log_facts.h"

namespace dataplane {

// A message without the LF, CR LF or NULs that some senders put behind it.
std::string_view without_line_end(std::string_view message) noexcept;

// Each message is octet-counted ("40 <34>1 ...", section 3.4.1) or ends with LF (3.4.2); a sender may change
// its mind with every one. What stands before a '<' is a count only if it is 1 to 7 digits without a leading
// zero and a space: else it belongs to a line. One thread; 16 KiB, never more.
class SyslogFraming {
 public:
  // Where the next octets of the stream go; not empty once next() found nothing.
  std::span<char> room() noexcept;
  void added(std::size_t octets) noexcept { end_ += octets; }

  // The next message, without its LF, CR LF or NULs, and never empty; it stays until room(). Of one longer
  // than kMaxLineOctets one octet more than that is there, and the rest is left out.
  std::optional<std::string_view> next() noexcept;

  // The stream has ended, and next() found nothing: a line that has no end.
  std::optional<std::string_view> last() noexcept;

  // Octets of a message are here, or were, whose end is not.
  bool within_message() const noexcept { return begin_ < end_ || left_out_ > 0 || leaving_out_line_; }

 private:
  static constexpr std::size_t kBufferOctets = 2 * kMaxLineOctets;
  static constexpr std::size_t kMaxDigits = 7;

  struct Count {
    std::size_t octets = 0;  // of the message
    std::size_t header = 0;  // of digits and space; 0: there is no count
    bool complete = true;    // false: more octets will tell
  };

  bool leave_out() noexcept;
  void skip_gaps() noexcept;
  Count read_count() const noexcept;
  std::optional<std::string_view> counted(const Count& count) noexcept;
  std::optional<std::string_view> line() noexcept;
  std::string_view here() const noexcept { return {buffer_.data() + begin_, end_ - begin_}; }

  std::array<char, kBufferOctets> buffer_{};
  std::size_t begin_ = 0;  // of what is not yet handed out
  std::size_t end_ = 0;
  std::size_t left_out_ = 0;       // octets that are still to come of a counted message that is too long
  bool leaving_out_line_ = false;  // what is to come up to LF is of a line that is too long
};

}  // namespace dataplane

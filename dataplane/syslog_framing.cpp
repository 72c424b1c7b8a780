#include "dataplane/syslog_framing.h"

#include <algorithm>
#include <cstring>

namespace dataplane {
namespace {

// Between two messages, and at the end of one: a counted message may end like a line (RFC 6587, appendix A).
constexpr std::string_view kGaps("\n\r\0", 3);

}  // namespace

std::string_view without_line_end(std::string_view message) noexcept {
  return message.substr(0, message.find_last_not_of(kGaps) + 1);
}

std::span<char> SyslogFraming::room() noexcept {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  return std::span(buffer_).subspan(end_);
}

std::optional<std::string_view> SyslogFraming::next() noexcept {
  for (;;) {
    if (!leave_out()) return std::nullopt;
    skip_gaps();
    const Count count = read_count();
    if (!count.complete) return std::nullopt;
    const auto message = count.header > 0 ? counted(count) : line();
    if (!message || !message->empty()) return message;
  }
}

std::optional<std::string_view> SyslogFraming::last() noexcept {
  const Count count = read_count();
  const bool is_line = begin_ < end_ && count.complete && count.header == 0;
  if (!is_line || leaving_out_line_ || left_out_ > 0) return std::nullopt;
  const std::string_view message = without_line_end(here());
  begin_ = end_;
  return message;
}

// False: all that is here is of a message that is too long.
bool SyslogFraming::leave_out() noexcept {
  const std::size_t counted = std::min(left_out_, end_ - begin_);
  left_out_ -= counted;
  begin_ += counted;
  if (leaving_out_line_) {
    const std::size_t line_end = here().find('\n');
    leaving_out_line_ = line_end == std::string_view::npos;
    begin_ = leaving_out_line_ ? end_ : begin_ + line_end + 1;
  }
  return left_out_ == 0 && !leaving_out_line_;
}

void SyslogFraming::skip_gaps() noexcept {
  begin_ += std::min(here().find_first_not_of(kGaps), here().size());
}

SyslogFraming::Count SyslogFraming::read_count() const noexcept {
  const std::string_view text = here();
  Count count;
  std::size_t digits = 0;
  while (digits < text.size() && digits <= kMaxDigits && text[digits] >= '0' && text[digits] <= '9')
    count.octets = count.octets * 10 + static_cast<std::size_t>(text[digits++] - '0');
  if (digits > kMaxDigits || (digits > 0 && text[0] == '0')) return {};
  if (digits == text.size()) return {.octets = 0, .header = 0, .complete = digits == 0};
  if (digits == 0 || text[digits] != ' ') return {};
  if (digits + 1 == text.size()) return {.octets = 0, .header = 0, .complete = false};
  if (text[digits + 1] != '<') return {};
  count.header = digits + 1;
  return count;
}

std::optional<std::string_view> SyslogFraming::counted(const Count& count) noexcept {
  const std::size_t wanted = std::min(count.octets, kMaxLineOctets + 1);
  if (here().size() < count.header + wanted) return std::nullopt;
  const std::string_view message = here().substr(count.header, wanted);
  begin_ += count.header + wanted;
  left_out_ = count.octets - wanted;
  return left_out_ > 0 ? message : without_line_end(message);
}

// One that is just too long is seen to be so once its CR LF has had room.
std::optional<std::string_view> SyslogFraming::line() noexcept {
  const std::string_view text = here().substr(0, kMaxLineOctets + 2);
  const std::size_t line_end = text.find('\n');
  if (line_end != std::string_view::npos) {
    begin_ += line_end + 1;
    return without_line_end(text.substr(0, line_end));
  }
  if (text.size() < kMaxLineOctets + 2) return std::nullopt;
  begin_ += text.size();
  leaving_out_line_ = true;
  return text.substr(0, kMaxLineOctets + 1);
}

}  // namespace dataplane

#include "mgmt/bench_progress.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/progress.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::size_t kWidestBar = 30;
constexpr std::size_t kNarrowestBar = 5;

}  // namespace

std::string bench_progress_line(double done, std::string_view what, double elapsed_s, std::size_t columns,
                                const TextStyle& style) {
  const std::size_t room = columns > 0 ? columns - 1 : 0;  // The last column would make the cursor wrap.
  const std::string left = done > 0 ? time_left_text(done, elapsed_s) : "";
  const std::string text =
      fmt::format(" {:3.0f} %  {}{}{}", std::floor(done * 100), what, left.empty() ? "" : "  ", left);
  if (room < text.size() + kNarrowestBar) return text.substr(0, room);
  return bar_text(done, std::min(kWidestBar, room - text.size()), style) + text;
}

BenchProgress::BenchProgress(bool wanted, const TextStyle& style)
    : drawing_(wanted && is_terminal(STDERR_FILENO)), style_(style) {
  style_.color = style_.color && shows_color(STDERR_FILENO);
  if (drawing_) erase_on_signal_.emplace();
}

void BenchProgress::show(double done, std::string_view what) noexcept {
  const Clock::time_point now = Clock::now();
  if (!drawing_ || now - last_drawn_ < kBetweenDrawings) return;
  last_drawn_ = now;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  const std::string line = "\r" +
                           bench_progress_line(std::clamp(done, 0.0, 1.0), what, elapsed_s,
                                               terminal_columns(STDERR_FILENO), style_) +
                           "\x1b[K";
  drawing_ = write(STDERR_FILENO, line.data(), line.size()) >= 0;
}

void BenchProgress::finish() noexcept {
  if (last_drawn_ != start_) drawing_ = write(STDERR_FILENO, kEraseLine.data(), kEraseLine.size()) >= 0;
  drawing_ = false;
  last_drawn_ = start_;
  erase_on_signal_.reset();
}

}  // namespace mgmt

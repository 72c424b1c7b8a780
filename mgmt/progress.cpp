#include "mgmt/progress.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <unistd.h>

#include "mgmt/number_text.h"
#include "mgmt/terminal.h"

namespace mgmt {
namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::size_t kWidestBar = 40;
constexpr std::size_t kNarrowestBar = 5;
constexpr std::size_t kTimeLeftColumns = 14;  // "59:59 min left": so the bar keeps its length
constexpr double kLongestWaitShown = 100 * 3600;

std::string rates(const ProgressSample& sample) {
  const double elapsed_s = std::max(sample.elapsed_s, 1e-3);
  constexpr double kMostShown = 1e18;
  const auto frames_per_s =
      static_cast<std::uint64_t>(std::min(static_cast<double>(sample.frames) / elapsed_s, kMostShown));
  return fmt::format("{:>5} frames/s  {:>7}/s", compact(frames_per_s),
                     bytes_text(static_cast<double>(sample.bytes) / elapsed_s));
}

std::string counts(const ProgressSample& sample) {
  return fmt::format("{} frames  {}  {}", grouped(sample.frames),
                     bytes_text(static_cast<double>(sample.bytes)), rates(sample));
}

}  // namespace

std::string time_left_text(double done, double elapsed_s) {
  const double left_s = elapsed_s * (1 - done) / done;
  if (!(left_s < kLongestWaitShown)) return "";
  const auto seconds = static_cast<std::uint64_t>(std::ceil(left_s));
  if (seconds < 60) return fmt::format("{} s left", seconds);
  if (seconds < 3600) return fmt::format("{}:{:02} min left", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02} h left", seconds / 3600, seconds / 60 % 60);
}

std::string bar_text(double done, std::size_t columns, const TextStyle& style) {
  const auto filled = static_cast<std::size_t>(done * static_cast<double>(columns));
  std::string cells;
  std::string rest;
  for (std::size_t i = 0; i < filled; ++i) cells += style.utf8 ? "█" : "#";
  for (std::size_t i = filled; i < columns; ++i) rest += style.utf8 ? "░" : ".";
  return bar_color(cells, style) + faint(rest, style);
}

std::string progress_line(const ProgressSample& sample, std::size_t columns, const TextStyle& style) {
  const std::size_t room = columns > 0 ? columns - 1 : 0;  // The last column would make the cursor wrap.
  if (!sample.total_bytes || *sample.total_bytes == 0) return counts(sample).substr(0, room);
  const double done =
      std::min(1.0, static_cast<double>(sample.bytes) / static_cast<double>(*sample.total_bytes));
  const std::string text = fmt::format(" {:3.0f} %  {}  {:<{}}", std::floor(done * 100), rates(sample),
                                       time_left_text(done, sample.elapsed_s), kTimeLeftColumns);
  if (room < text.size() + kNarrowestBar) return text.substr(0, room);
  return bar_text(done, std::min(kWidestBar, room - text.size()), style) + text;
}

Progress::Progress(bool wanted, std::optional<std::uint64_t> total_bytes, const TextStyle& style)
    : drawing_(wanted && is_terminal(STDERR_FILENO)), total_bytes_(total_bytes), style_(style) {
  style_.color = style_.color && shows_color(STDERR_FILENO);
  if (drawing_) erase_on_signal_.emplace();
}

void Progress::draw_if_due(std::uint64_t frames, std::uint64_t bytes) noexcept {
  const Clock::time_point now = Clock::now();
  if (now - last_drawn_ < kBetweenDrawings) return;
  last_drawn_ = now;
  drawn_ = true;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  const std::string line =
      "\r" +
      progress_line({frames, bytes, total_bytes_, elapsed_s}, terminal_columns(STDERR_FILENO), style_) +
      "\x1b[K";
  drawing_ = write(STDERR_FILENO, line.data(), line.size()) >= 0;
}

void Progress::finish() noexcept {
  if (drawn_) drawing_ = write(STDERR_FILENO, kEraseLine.data(), kEraseLine.size()) >= 0;
  drawing_ = false;
  drawn_ = false;
  erase_on_signal_.reset();
}

}  // namespace mgmt

// A progress bar on standard error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "mgmt/erase_on_signal.h"
#include "mgmt/text_style.h"

namespace mgmt {

struct ProgressSample {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;                   // of the input as stored
  std::optional<std::uint64_t> total_bytes;  // nothing: not known, as of standard input
  double elapsed_s = 0;
};

// A bar of so many columns, and how long the rest takes: "" if that cannot be told. `done` from 0 to 1.
std::string bar_text(double done, std::size_t columns, const TextStyle& style);
std::string time_left_text(double done, double elapsed_s);

// One line of less than `columns` columns: a bar with share, rates and time left; without a total, counts.
std::string progress_line(const ProgressSample& sample, std::size_t columns, const TextStyle& style);

// Draws nothing where standard error is no terminal, and at most ten times a second. One thread.
class Progress {
 public:
  Progress(bool wanted, std::optional<std::uint64_t> total_bytes, const TextStyle& style);
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // How far the input has been read. Cheap enough for each burst: most calls only count.
  void update(std::uint64_t frames, std::uint64_t bytes) noexcept {
    if (drawing_ && ++calls_ % kCallsPerClockReading == 0) draw_if_due(frames, bytes);
  }

  // Erases the line, and leaves signals to themselves. Before anything else is written to the terminal.
  void finish() noexcept;

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::uint64_t kCallsPerClockReading = 16;

  void draw_if_due(std::uint64_t frames, std::uint64_t bytes) noexcept;

  bool drawing_;
  bool drawn_ = false;
  std::optional<EraseOnSignal> erase_on_signal_;
  std::optional<std::uint64_t> total_bytes_;
  TextStyle style_;
  std::uint64_t calls_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_ = start_;
};

}  // namespace mgmt

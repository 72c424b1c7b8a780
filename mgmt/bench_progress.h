// A progress bar for a search whose length is guessed.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "mgmt/erase_on_signal.h"
#include "mgmt/text_style.h"

namespace mgmt {

// Less than `columns` columns.
std::string bench_progress_line(double done, std::string_view what, double elapsed_s, std::size_t columns,
                                const TextStyle& style);

// Draws nothing where standard error is no terminal, and at most ten times a second. One thread.
class BenchProgress {
 public:
  BenchProgress(bool wanted, const TextStyle& style);
  ~BenchProgress() { finish(); }
  BenchProgress(const BenchProgress&) = delete;
  BenchProgress& operator=(const BenchProgress&) = delete;

  // `done` from 0 to 1.
  void show(double done, std::string_view what) noexcept;

  // Erases the line. Before anything else is written to the terminal.
  void finish() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  bool drawing_;
  std::optional<EraseOnSignal> erase_on_signal_;
  TextStyle style_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_ = start_;
};

}  // namespace mgmt

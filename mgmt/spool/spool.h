// Keeps the frames that the workers' taps give in files of the spool folder.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "aggregator/summary.h"
#include "dataplane/frame_tap.h"
#include "mgmt/eve/recent_losses.h"
#include "mgmt/privacy/hidden_frames.h"
#include "mgmt/spool/spool_folder.h"
#include "mgmt/spool/spool_part.h"
#include "mgmt/spool/spool_selection.h"
#include "mgmt/spool/spool_settings.h"

namespace mgmt {

// Made, switched and ended by the control thread; a thread of its own drains the taps and writes. A disk that
// is slow makes the taps' rings full, which counts there; what a disk does not take at all is lost here and
// counted.
class Spool {
 public:
  using Say = std::function<void(const std::string&)>;

  // `taps` are borrowed, of a worker each. `say` is called by both threads, a line at a time. `patterns` are
  // what selects names, until selection() is told others. `hidden` are what is kept instead of the frames;
  // null: these themselves. Frames without an address, in which nobody can be hidden, count as not selected.
  // Throws SpoolError.
  Spool(const SpoolSettings& settings, std::vector<dataplane::FrameTap*> taps, Say say,
        SpoolSelection::Patterns patterns = nullptr, std::unique_ptr<HiddenFrames> hidden = nullptr);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Workers follow with their next burst. What was taken before is still written.
  void turn(bool on);
  bool on() const noexcept { return on_; }

  // Of what is kept if that is not everything. The control thread tells it.
  SpoolSelection& selection() noexcept { return selection_; }

  // All that the rings hold is written and the files are closed. The workers have ended. Can be called again.
  void end();

  aggregator::LiveSpool state();

 private:
  using Clock = std::chrono::steady_clock;
  struct Lane;

  void run();
  bool drain(std::size_t worker, Lane& lane);
  std::optional<wire::Frame> kept(const wire::Frame& frame);
  void write(std::size_t worker, Lane& lane);
  void put(std::size_t worker, Lane& lane);
  void tend(std::size_t worker, Lane& lane);
  void close(Lane& lane);
  std::uint64_t open_bytes() const;
  void count_disk();
  void say_trouble(const std::string& reason);
  void well();

  const SpoolSettings settings_;
  const std::uint64_t rotate_bytes_;
  const std::vector<dataplane::FrameTap*> taps_;
  const Say say_;
  bool on_ = false;      // the control thread's
  RecentLosses recent_;  // likewise

  // The thread's.
  std::vector<std::unique_ptr<Lane>> lanes_;
  SpoolSelection selection_;
  const std::unique_ptr<HiddenFrames> hidden_;
  SpoolFolder folder_;
  std::uint64_t lost_before_trouble_ = 0;

  std::atomic<std::uint64_t> written_{0};
  std::atomic<std::uint64_t> not_selected_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<std::uint64_t> disk_bytes_{0};
  std::atomic<std::uint64_t> disk_files_{0};
  std::mutex trouble_mutex_;
  std::string trouble_;
  std::atomic<bool> ending_{false};
  std::jthread thread_;
};

}  // namespace mgmt

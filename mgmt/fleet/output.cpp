#include "mgmt/fleet/output.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "dataplane/pinned_thread.h"
#include "mgmt/fleet/sender.h"
#include "mgmt/number_text.h"

namespace mgmt {

FleetOutput::FleetOutput(FleetOutputSettings settings, Say say)
    : settings_(std::move(settings)), say_(std::move(say)), clickhouse_(settings_.fleet, settings_.limits) {
  try {
    spool_.emplace(settings_.folder, settings_.fleet.spool_bytes);
    spool_open_ = true;
  } catch (const SpoolError& error) {
    disk_trouble(error.what());
  }
  keeper_ = dataplane::pinned_thread("fleet-spool", std::nullopt, [this] { keep(); });
  sender_ = dataplane::pinned_thread("fleet-send", std::nullopt, [this] { send(); });
}

FleetOutput::~FleetOutput() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  clickhouse_.stop();
  changed_.notify_all();
}

void FleetOutput::put(HistoryMinute minute, std::vector<HistoryFinding> findings) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= settings_.most_waiting) {
      const HistoryMinute& oldest = waiting_.front().minute;
      lose(oldest.from, oldest.until);
      waiting_.pop_front();
    }
    waiting_.push_back({std::move(minute), std::move(findings)});
  }
  changed_.notify_all();
}

// Minutes that touch are one gap, so that there are few of them however long it lasts.
void FleetOutput::lose(std::uint64_t from, std::uint64_t until) {
  ++lost_count_;
  if (!lost_.empty() && lost_.back().end == from) {
    lost_.back().end = until;
  } else if (lost_.size() < settings_.most_waiting) {
    lost_.push_back({from, until, ""});
  }
}

std::uint64_t FleetOutput::lost_so_far() const {
  return lost_count_ + (spool_open_ ? spool_->content().lost : 0);
}

bool FleetOutput::finish(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  finishing_ = true;
  changed_.notify_all();
  changed_.wait_for(lock, patience, [&] { return all_kept_ && all_sent_; });
  return all_kept_;
}

aggregator::LiveFleet FleetOutput::state() {
  const std::lock_guard lock(mutex_);
  aggregator::LiveFleet state;
  state.to = to_text(settings_.fleet.url);
  state.sent = sent_;
  state.waiting = waiting_.size() + (in_hand_ ? 1 : 0);
  state.lost = lost_so_far();
  if (spool_open_) {
    const FleetSpool::Content content = spool_->content();
    state.waiting += content.minutes;
    state.waiting_bytes = content.bytes;
  }
  state.lost_late = recent_.of_last_minute(state.lost, RecentLosses::Clock::now());
  state.trouble = disk_trouble_.empty() ? send_trouble_ : disk_trouble_;
  return state;
}

void FleetOutput::keep() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || finishing_ || !waiting_.empty(); });
    if (stopping_) return;
    if (waiting_.empty()) break;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    in_hand_ = true;
    lock.unlock();
    keep(next);
    lock.lock();
    in_hand_ = false;
    if (stopping_) return;
    ++kept_;
    changed_.notify_all();
  }
  lock.unlock();
  try {
    if (spool_) spool_->end_run();
  } catch (const SpoolError& error) {
    disk_trouble(error.what());  // the next start takes this run for one that was killed
  }
  lock.lock();
  all_kept_ = true;
  changed_.notify_all();
}

// Tries until it is on the disk, or nobody wants it any more.
void FleetOutput::keep(const Waiting& waiting) {
  while (true) {
    try {
      if (!spool_) {
        spool_.emplace(settings_.folder, settings_.fleet.spool_bytes);
        const std::lock_guard lock(mutex_);
        spool_open_ = true;
      }
      std::vector<HistoryGap> lost;
      {
        const std::lock_guard lock(mutex_);
        lost.swap(lost_);
      }
      for (const HistoryGap& gap : lost) spool_->add_gap(gap.begin, gap.end);
      spool_->add(waiting.minute.from, waiting.minute.until,
                  fleet_lines(settings_.sensor, waiting.minute, waiting.findings));
      return disk_well();
    } catch (const SpoolError& error) {
      disk_trouble(error.what());
    } catch (const HistoryError& error) {
      disk_trouble(error.what());
    }
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, settings_.disk_retry, [&] { return stopping_; })) return;
  }
}

void FleetOutput::send() {
  std::chrono::milliseconds pause = settings_.first_pause;
  std::uint64_t seen = ~std::uint64_t{0};  // what the last run left is sent at once
  std::unique_lock lock(mutex_);
  for (bool well = true; !stopping_;) {
    if (well) {
      changed_.wait(lock, [&] { return stopping_ || (spool_open_ && kept_ != seen) || all_kept_; });
    } else {
      changed_.wait_for(lock, pause, [&] { return stopping_ || all_kept_; });
      pause = std::min(pause * 2, settings_.longest_pause);
    }
    if (stopping_) return;
    const bool last = all_kept_;
    const bool open = spool_open_;
    seen = kept_;
    lock.unlock();
    if (open) well = send_all();
    lock.lock();
    if (well) pause = settings_.first_pause;
    if (!last) continue;
    all_sent_ = true;
    changed_.notify_all();
    return;
  }
}

// False if something still waits that could not be sent.
bool FleetOutput::send_all() {
  FleetSender sender(settings_.fleet, settings_.sensor, *spool_, clickhouse_);
  try {
    while (const std::size_t minutes = sender.send_batch()) {
      const std::lock_guard lock(mutex_);
      sent_ += minutes;
    }
    send_well();
    return true;
  } catch (const ClickHouseError& error) {
    send_trouble(error.what());
  } catch (const SpoolError& error) {
    send_trouble(error.what());
  }
  return false;
}

void FleetOutput::disk_trouble(const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    const bool first = disk_trouble_.empty();
    disk_trouble_ = reason;
    if (!first) return;
  }
  say_(fmt::format(
      "fleet: minutes cannot be kept for sending: {}. It is tried again; the last {} minutes wait", reason,
      settings_.most_waiting));
}

void FleetOutput::disk_well() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(disk_trouble_, "").empty()) return;
  }
  say_("fleet: minutes are kept for sending again");
}

void FleetOutput::send_trouble(const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || std::exchange(send_trouble_, reason) == reason) return;
  }
  say_(fmt::format("fleet: {}{} Minutes wait on the disk, at most {}, and are sent later", reason,
                   reason.ends_with('?') ? "" : ".",
                   bytes_text(static_cast<double>(settings_.fleet.spool_bytes))));
}

void FleetOutput::send_well() {
  std::uint64_t lost = 0;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(send_trouble_, "").empty()) return;
    lost = lost_so_far();
  }
  say_(lost == 0 ? std::string("fleet: is written to again, nothing was lost")
                 : fmt::format("fleet: is written to again; minutes lost so far: {}", lost));
}

}  // namespace mgmt

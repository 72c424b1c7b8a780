// What waits to be written: a bounded queue between the control thread and an event log's own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>

#include "mgmt/eve/event_record.h"

namespace mgmt {

// Never makes the one who offers wait. One thread takes, any may offer. Strangers decide how long a line is,
// so octets are bounded, too.
class RecordQueue {
 public:
  static constexpr std::size_t kMostOctets = 64 << 20;

  explicit RecordQueue(std::size_t most) : most_(most) {}

  // Returns whether there was room.
  bool offer(SharedRecord record) {
    const std::lock_guard lock(mutex_);
    if (ended_ || records_.size() >= room_for(*record, most_) ||
        octets_ + record->json.size() > room_for(*record, kMostOctets))
      return false;
    octets_ += record->json.size();
    records_.push_back(std::move(record));
    changed_.notify_one();
    return true;
  }

  // The oldest, which stays until it is taken away; null: none came within `patience`, or nudge() was called.
  SharedRecord front(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return !records_.empty() || nudged_ || ended_; });
    nudged_ = false;
    return records_.empty() ? nullptr : records_.front();
  }

  void pop() {
    const std::lock_guard lock(mutex_);
    octets_ -= records_.front()->json.size();
    records_.pop_front();
  }

  // Sleeps for `time`, less if nudge() or end() is called.
  void rest(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [&] { return nudged_ || ended_; });
    nudged_ = false;
  }

  // Whoever takes looks around at once.
  void nudge() {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
    changed_.notify_one();
  }

  // Nothing is taken in any more.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_one();
  }
  bool ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }

 private:
  // DNS messages come by the thousand: they leave room for what tells of them all.
  static std::size_t room_for(const EventRecord& record, std::size_t most) noexcept {
    return record.type == EventType::kDns ? most - most / 8 : most;
  }

  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<SharedRecord> records_;
  std::size_t octets_ = 0;  // of their JSON
  bool nudged_ = false;
  bool ended_ = false;
};

}  // namespace mgmt

#include "mgmt/api/pulse.h"

#include <utility>

namespace mgmt {

void Pulse::publish(std::string kind, std::string data) {
  const std::lock_guard lock(mutex_);
  beats_.push_back({++newest_, std::move(kind), std::move(data)});
  if (beats_.size() > kKept) beats_.pop_front();
  beaten_.notify_all();
}

std::vector<Pulse::Beat> Pulse::after(std::uint64_t number, std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  beaten_.wait_for(lock, time, [&] { return newest_ > number || ended_; });
  std::vector<Beat> beats;
  for (const Beat& beat : beats_) {
    if (beat.number > number) beats.push_back(beat);
  }
  return beats;
}

std::uint64_t Pulse::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

void Pulse::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  beaten_.notify_all();
}

bool Pulse::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

}  // namespace mgmt

// What happens, as it happens, for those who wait for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mgmt {

// One writer, any number of readers; a reader that is too slow misses the oldest.
class Pulse {
 public:
  struct Beat {
    std::uint64_t number = 0;  // from 1
    std::string kind;          // "second", "finding"
    std::string data;          // one line of JSON
  };

  void publish(std::string kind, std::string data);

  // Those after `number` that are still there; waits for one. Empty: time is up, or the end came.
  std::vector<Beat> after(std::uint64_t number, std::chrono::milliseconds time);

  std::uint64_t newest() const;

  // Nothing more comes, and nobody waits any more.
  void end();
  bool ended() const;

 private:
  static constexpr std::size_t kKept = 128;

  mutable std::mutex mutex_;
  std::condition_variable beaten_;
  std::deque<Beat> beats_;
  std::uint64_t newest_ = 0;
  bool ended_ = false;
};

}  // namespace mgmt

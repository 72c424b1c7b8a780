// Ends a connection that takes too long, or brings too much: headers without an end too, which no HTTP
// library counts.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace mgmt {

class ConnectionGuard {
 public:
  enum class Ended : std::uint8_t {
    kNot,
    kTooLong,
    kTooMuch,
    kStopped
  };

  // Looks often enough, on a thread of its own. `stop` is borrowed.
  ConnectionGuard(std::chrono::milliseconds most_time, std::uint64_t most_bytes,
                  const std::atomic<bool>& stop);
  ~ConnectionGuard();
  ConnectionGuard(const ConnectionGuard&) = delete;
  ConnectionGuard& operator=(const ConnectionGuard&) = delete;

  // From here on it looks after this socket, and no other. Keeps a descriptor of its own to it.
  void watch(int socket);

  // From here on so many octets, of all that came.
  void allow(std::uint64_t most_bytes) noexcept { most_bytes_ = most_bytes; }

  Ended ended() const noexcept { return ended_; }

 private:
  void run();
  void look();

  const std::chrono::steady_clock::time_point deadline_;
  std::atomic<std::uint64_t> most_bytes_;
  const std::atomic<bool>& stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int socket_ = -1;
  bool over_ = false;
  std::atomic<Ended> ended_{Ended::kNot};
  std::jthread thread_;
};

}  // namespace mgmt

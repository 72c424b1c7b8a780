#include "mgmt/fleet/connection_guard.h"

#include <linux/in.h>
#include <linux/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mgmt {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};

// What still lies in the kernel's buffer takes no memory of ours.
std::uint64_t bytes_taken(int socket) {
  tcp_info info{};
  socklen_t length = sizeof info;
  int unread = 0;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &length) != 0 || ioctl(socket, FIONREAD, &unread) != 0)
    return 0;
  const auto waiting = static_cast<std::uint64_t>(unread);
  return info.tcpi_bytes_received > waiting ? info.tcpi_bytes_received - waiting : 0;
}

}  // namespace

ConnectionGuard::ConnectionGuard(std::chrono::milliseconds most_time, std::uint64_t most_bytes,
                                 const std::atomic<bool>& stop)
    : deadline_(std::chrono::steady_clock::now() + most_time),
      most_bytes_(most_bytes),
      stop_(stop),
      thread_([this] { run(); }) {}

ConnectionGuard::~ConnectionGuard() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (socket_ >= 0) close(socket_);
}

void ConnectionGuard::watch(int socket) {
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) close(socket_);
  socket_ = dup(socket);
}

void ConnectionGuard::run() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kBetweenLooks, [&] { return over_; })) look();
}

// Shut down again and again: there may be a new one, to the next address of the host.
void ConnectionGuard::look() {
  if (stop_) ended_ = Ended::kStopped;
  if (socket_ < 0) return;
  if (ended_ == Ended::kNot && bytes_taken(socket_) > most_bytes_) ended_ = Ended::kTooMuch;
  if (ended_ == Ended::kNot && std::chrono::steady_clock::now() > deadline_) ended_ = Ended::kTooLong;
  if (ended_ != Ended::kNot) shutdown(socket_, SHUT_RDWR);
}

}  // namespace mgmt

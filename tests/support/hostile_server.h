// Answers every connection with the same octets, once or for ever, as fast as they are taken.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {

class HostileServer {
 public:
  // First `begin`, then `again` until the other side has had enough, with a pause between two times; nothing
  // at all if both are "".
  HostileServer(std::string begin, std::string again, std::chrono::milliseconds pause = {})
      : begin_(std::move(begin)), again_(std::move(again)), pause_(pause) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof here;
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&here), length) != 0 || listen(socket_, 8) != 0)
      abort();
    getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &length);
    port_ = ntohs(here.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer() {
    stop_ = true;
    thread_.join();
    close(socket_);
  }

  int port() const { return port_; }
  std::uint64_t said() const { return said_; }

 private:
  void serve() {
    while (!stop_) {
      pollfd look = {socket_, POLLIN, 0};
      if (poll(&look, 1, 20) != 1) continue;
      const int connection = accept(socket_, nullptr, nullptr);
      talk(connection);
      close(connection);
    }
  }

  void talk(int connection) {
    char request[4096];
    recv(connection, request, sizeof request, 0);
    bool heard = begin_.empty() || say(connection, begin_);
    while (heard && !stop_ && !again_.empty()) {
      heard = say(connection, again_);
      if (pause_.count() > 0) std::this_thread::sleep_for(pause_);
    }
    while (heard && !stop_ && begin_.empty())
      heard = recv(connection, request, sizeof request, MSG_DONTWAIT) != 0;
  }

  bool say(int connection, const std::string& words) {
    timeval patience = {0, 100'000};
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    for (std::size_t at = 0; at < words.size() && !stop_;) {
      const ssize_t sent = send(connection, words.data() + at, words.size() - at, MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) return false;
      if (sent > 0) at += static_cast<std::size_t>(sent), said_ += static_cast<std::uint64_t>(sent);
    }
    return true;
  }

  const std::string begin_, again_;
  const std::chrono::milliseconds pause_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> said_{0};
  std::thread thread_;
};

}  // namespace tests

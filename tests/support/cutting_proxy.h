// Stands before a server; cuts connections once that has begun to answer, before the client hears of it.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {

// One connection at a time.
class CuttingProxy {
 public:
  explicit CuttingProxy(int server_port) : server_port_(server_port) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here = loopback(0);
    socklen_t length = sizeof here;
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&here), length) != 0 || listen(socket_, 8) != 0)
      abort();
    getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &length);
    port_ = ntohs(here.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy() {
    stop_ = true;
    thread_.join();
    close(socket_);
  }

  int port() const { return port_; }
  // Of so many connections from here on every other one.
  void cut(int connections) { to_cut_ = connections; }
  int still_to_cut() const { return to_cut_; }
  int cuts() const { return cuts_; }

 private:
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
  }

  void serve() {
    for (int number = 0; !stop_;) {
      pollfd look = {socket_, POLLIN, 0};
      if (poll(&look, 1, 20) != 1) continue;
      const int client = accept(socket_, nullptr, nullptr);
      const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in there = loopback(server_port_);
      if (connect(server, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0)
        carry(client, server, to_cut_ > 0 && number++ % 2 == 0);
      close(server);
      close(client);
    }
  }

  void carry(int client, int server, bool cut) {
    std::array<pollfd, 2> both = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    std::array<char, 65'536> block{};
    while (!stop_) {
      poll(both.data(), both.size(), 20);
      for (std::size_t i = 0; i < both.size(); ++i) {
        if (both[i].revents == 0) continue;
        if (i == 1 && cut) {
          to_cut_ = std::max(0, to_cut_ - 1);
          ++cuts_;
          return;
        }
        const ssize_t length = recv(both[i].fd, block.data(), block.size(), 0);
        if (length <= 0) return;
        for (ssize_t at = 0; at < length;) {
          const ssize_t sent =
              send(both[1 - i].fd, block.data() + at, static_cast<std::size_t>(length - at), MSG_NOSIGNAL);
          if (sent <= 0) return;
          at += sent;
        }
      }
    }
  }

  const int server_port_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> to_cut_{0}, cuts_{0};
  std::thread thread_;
};

}  // namespace tests

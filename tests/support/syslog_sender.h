// Sends syslog, well formed or not, from an address of one's choice; over the loopback unless told otherwise.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/address.h"
#include "wire/network.h"

namespace tests {

// One end of a connection, of either family.
class SocketEnd {
 public:
  SocketEnd(const std::string& text, std::uint16_t port) {
    const wire::Address address = *wire::address_from(text);
    if (address.is_v4()) {
      const auto word = static_cast<std::uint32_t>(address.low >> 32);
      v4_.sin_family = AF_INET;
      v4_.sin_port = htons(port);
      std::memcpy(&v4_.sin_addr, &word, sizeof word);
    } else {
      v6_.sin6_family = AF_INET6;
      v6_.sin6_port = htons(port);
      std::memcpy(&v6_.sin6_addr, &address, sizeof address);
    }
  }

  int family() const { return any_.sa_family; }
  bool bind(int socket) const { return ::bind(socket, &any_, octets()) == 0; }
  bool connect(int socket) const { return ::connect(socket, &any_, octets()) == 0; }

 private:
  socklen_t octets() const { return family() == AF_INET ? sizeof v4_ : sizeof v6_; }

  union {
    sockaddr any_;
    sockaddr_in v4_;
    sockaddr_in6 v6_{};
  };
};

class SyslogSender {
 public:
  // `type`: SOCK_DGRAM or SOCK_STREAM.
  SyslogSender(int type, const std::string& from, std::uint16_t port, const std::string& to = "127.0.0.1") {
    const SocketEnd here(from, 0);
    socket_ = socket(here.family(), type, 0);
    connected_ = here.bind(socket_) && SocketEnd(to, port).connect(socket_);
  }
  SyslogSender(SyslogSender&& other) noexcept : socket_(other.socket_), connected_(other.connected_) {
    other.socket_ = -1;
  }
  SyslogSender(const SyslogSender&) = delete;
  SyslogSender& operator=(const SyslogSender&) = delete;
  ~SyslogSender() { finish(); }

  bool connected() const { return connected_; }

  // All of it. False: the other side did not take it.
  bool send(std::string_view octets) const {
    do {
      const ssize_t sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      octets.remove_prefix(static_cast<std::size_t>(sent));
    } while (!octets.empty());
    return true;
  }

  // Whether the other side has closed, or does within two seconds.
  bool closed_by_other() const {
    pollfd look = {socket_, POLLIN, 0};
    char octet = 0;
    return poll(&look, 1, 2000) == 1 && recv(socket_, &octet, 1, 0) <= 0;
  }

  void finish() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
  }

  // In the middle of whatever it was: with a reset.
  void break_off() {
    const linger at_once = {1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    finish();
  }

 private:
  int socket_ = -1;
  bool connected_ = false;
};

inline bool can_bind(const SocketEnd& end, int type) {
  const int probe = socket(end.family(), type, 0);
  const bool bound = end.bind(probe);
  close(probe);
  return bound;
}

inline bool has_ipv6() {
  return can_bind({"::1", 0}, SOCK_DGRAM);
}

inline bool is_free(std::uint16_t port) {
  return can_bind({"127.0.0.1", port}, SOCK_DGRAM) && can_bind({"127.0.0.1", port}, SOCK_STREAM);
}

// One that nobody has, of either protocol, and that no socket is given by itself: those are from 32768 on.
inline std::uint16_t free_port() {
  std::random_device random;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(10'000 + random() % 20'000);
    if (is_free(port)) return port;
  }
}

}  // namespace tests

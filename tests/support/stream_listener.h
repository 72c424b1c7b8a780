// Listens on a Unix socket or a TCP port, and keeps what those who connect send; by TLS if it has a
// certificate.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/un.h>

#include "tests/support/syslog_sender.h"
#include "tests/support/test_certificate.h"

namespace tests {

// Serves one after the other, until destroyed. Whoever uses TLS ignores SIGPIPE.
class StreamListener {
 public:
  explicit StreamListener(const std::string& unix_path) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un here{};
    here.sun_family = AF_UNIX;
    unix_path.copy(here.sun_path, sizeof here.sun_path - 1);
    unlink(unix_path.c_str());
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) abort();
    start();
  }
  explicit StreamListener(std::uint16_t port, const TestCertificate* certificate = nullptr)
      : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!SocketEnd("127.0.0.1", port).bind(socket_)) abort();
    if (certificate != nullptr) certificate_ = certificate;
    start();
  }
  StreamListener(const StreamListener&) = delete;
  StreamListener& operator=(const StreamListener&) = delete;
  ~StreamListener() {
    stop_ = true;
    thread_.join();
    close(socket_);
  }

  // Accepts, but reads no more.
  void stop_reading(bool stop = true) { reading_ = !stop; }
  // Rests so long after each 4 KiB.
  void read_slowly(std::chrono::milliseconds rest) { rest_ = rest; }

  std::string received() const {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    const std::string text = received();
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
      lines.push_back(text.substr(begin, end - begin));
    return lines;
  }
  int connections() const { return connections_; }

 private:
  void start() {
    if (listen(socket_, 4) != 0) abort();
    thread_ = std::thread([this] { serve(); });
  }

  void serve() {
    while (!stop_) {
      pollfd look = {socket_, POLLIN, 0};
      if (poll(&look, 1, 20) != 1) continue;
      const int connection = accept(socket_, nullptr, nullptr);
      const timeval patience = {0, 50'000};
      setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      ++connections_;
      certificate_ == nullptr ? read_plainly(connection) : read_by_tls(connection);
      close(connection);
    }
  }

  void read_plainly(int connection) {
    std::array<char, 4096> block{};
    while (!stop_) {
      if (!reading_) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        continue;
      }
      const ssize_t length = recv(connection, block.data(), block.size(), 0);
      if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) return;
      if (length > 0) keep(block.data(), static_cast<std::size_t>(length));
      if (const auto rest = rest_.load(); rest.count() > 0) std::this_thread::sleep_for(rest);
    }
  }

  void read_by_tls(int connection) {
    const std::unique_ptr<SSL, void (*)(SSL*)> session(SSL_new(certificate_->context()), SSL_free);
    SSL_set_fd(session.get(), connection);
    std::array<char, 4096> block{};
    const auto goes_on = [&](int result) {
      const int error = SSL_get_error(session.get(), result);
      ERR_clear_error();
      return !stop_ && (result > 0 || error == SSL_ERROR_WANT_READ);
    };
    for (int result = 0; result != 1;) {
      result = SSL_accept(session.get());
      if (!goes_on(result)) return;
    }
    for (int length = 1; goes_on(length);) {
      length = SSL_read(session.get(), block.data(), block.size());
      if (length > 0) keep(block.data(), static_cast<std::size_t>(length));
    }
  }

  void keep(const char* octets, std::size_t count) {
    const std::lock_guard lock(mutex_);
    received_.append(octets, count);
  }

  int socket_;
  const TestCertificate* certificate_ = nullptr;
  std::atomic<bool> stop_{false};
  std::atomic<bool> reading_{true};
  std::atomic<std::chrono::milliseconds> rest_{};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::string received_;
  std::thread thread_;
};

}  // namespace tests

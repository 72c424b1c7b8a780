// A TCP connection on which both sides speak in lines, as in SMTP and POP3.
#pragma once

#include <optional>
#include <string>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {

// From the namespace of the calling thread. Whoever says nothing for 30 s is not waited for.
class LineSession {
 public:
  LineSession(const std::string& from, const std::string& to, std::uint16_t port)
      : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience = {.tv_sec = 30, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const sockaddr_in near = endpoint(from, 0);
    const sockaddr_in far = endpoint(to, port);
    open_ = bind(socket_, reinterpret_cast<const sockaddr*>(&near), sizeof near) == 0 &&
            connect(socket_, reinterpret_cast<const sockaddr*>(&far), sizeof far) == 0;
  }
  LineSession(const LineSession&) = delete;
  LineSession& operator=(const LineSession&) = delete;
  ~LineSession() { close(socket_); }

  // The other side's next line, without its LF.
  std::optional<std::string> hear() {
    for (;;) {
      if (const std::size_t end = heard_.find('\n'); end != heard_.npos) {
        std::string line = heard_.substr(0, end);
        heard_.erase(0, end + 1);
        return line;
      }
      char octets[512];
      const ssize_t count = open_ ? recv(socket_, octets, sizeof octets, 0) : 0;
      if (count <= 0) return std::nullopt;
      heard_.append(octets, static_cast<std::size_t>(count));
    }
  }

  bool say(const std::string& line) const {
    const std::string octets = line + "\r\n";
    return open_ && send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL) >= 0;
  }

 private:
  static sockaddr_in endpoint(const std::string& address, std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &result.sin_addr);
    return result;
  }

  int socket_;
  bool open_ = false;
  std::string heard_;
};

}  // namespace tests

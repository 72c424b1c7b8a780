// Sends what a program adds to its log file by syslog, as rsyslog's imfile does.
#pragma once

#include <atomic>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "tests/support/live/namespace.h"
#include "tests/support/syslog_sender.h"

namespace tests {

// From the namespace `host`, line by line, from now until finish() is called and all is sent.
class LogTail {
 public:
  // What becomes of a line before it is sent.
  using Dress = std::function<std::string(const std::string& line)>;

  struct Address {
    std::string from;
    std::string to;
    std::uint16_t port = 514;
  };

  LogTail(const std::string& host, const std::string& file, const Address& address, Dress dress)
      : file_(file), dress_(std::move(dress)), begin_(std::filesystem::file_size(file)), thread_([=, this] {
          run_inside(host,
                     [&] { send_all(SyslogSender(SOCK_DGRAM, address.from, address.port, address.to)); });
        }) {}
  ~LogTail() { finish(); }

  // Returns how many lines were sent.
  std::size_t finish() {
    finishing_ = true;
    if (thread_.joinable()) thread_.join();
    return sent_;
  }

 private:
  void send_all(const SyslogSender& sender) {
    std::ifstream in(file_);
    in.seekg(static_cast<std::streamoff>(begin_));
    std::string line;
    for (bool last = false; !last;) {
      last = finishing_;
      for (std::string more; std::getline(in, more);) {
        line += more;
        if (in.eof()) break;  // the program has not written its end yet
        sent_ += sender.send(dress_(line));
        line.clear();
      }
      in.clear();
      if (!last) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  const std::string file_;
  const Dress dress_;
  const std::uintmax_t begin_;
  std::atomic<bool> finishing_ = false;
  std::atomic<std::size_t> sent_ = 0;
  std::thread thread_;
};

}  // namespace tests

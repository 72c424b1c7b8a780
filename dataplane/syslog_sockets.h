// The sockets that syslog comes in by. None ever waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "matchers/line_batch.h"
#include "wire/address.h"

namespace dataplane {

// Closed when destroyed.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const noexcept { return number_; }

 private:
  int number_;
};

// UDP. One thread; allocates in the constructor only.
class DatagramSocket {
 public:
  // Throws std::runtime_error, in a sentence, if the port cannot be had.
  DatagramSocket(const wire::Address& address, std::uint16_t port);
  ~DatagramSocket();

  struct Datagram {
    wire::Address from;
    std::string_view text;  // of one longer than kMaxLineOctets, one octet more than that
  };

  // What has come, at most LineBatch::kMaxLines; it stays until the next call.
  std::span<const Datagram> receive() noexcept;

  // By the kernel since the start, as it said with the newest datagram that came after them.
  std::uint64_t dropped() const noexcept { return dropped_; }
  int descriptor() const noexcept { return socket_.number(); }

 private:
  struct Burst;

  Descriptor socket_;
  std::unique_ptr<Burst> burst_;
  std::uint32_t dropped_ = 0;
};

// One TCP connection.
class StreamSocket {
 public:
  explicit StreamSocket(Descriptor socket) noexcept : socket_(std::move(socket)) {}

  enum class State {
    kOpen,
    kEnded,  // by the sender, in order
    kBroken
  };
  struct Read {
    State state = State::kOpen;
    std::size_t octets = 0;  // 0 and kOpen: there is nothing yet
  };
  Read read(std::span<char> into) noexcept;

  int descriptor() const noexcept { return socket_.number(); }

 private:
  Descriptor socket_;
};

class ListeningSocket {
 public:
  // Throws as DatagramSocket does.
  ListeningSocket(const wire::Address& address, std::uint16_t port);

  struct Accepted {
    wire::Address from;
    StreamSocket stream;
  };
  std::optional<Accepted> accept() noexcept;  // nothing: nobody waits

  int descriptor() const noexcept { return socket_.number(); }

 private:
  Descriptor socket_;
};

}  // namespace dataplane

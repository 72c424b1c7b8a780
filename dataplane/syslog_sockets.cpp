#include "dataplane/syslog_sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dataplane/log_facts.h"

namespace dataplane {
namespace {

constexpr int kBacklog = 128;
// Some seconds of a busy server, should this thread be kept from its core. Without the right to more, the
// system gives what it allows.
constexpr int kReceiveBufferBytes = 8 << 20;

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

SocketAddress socket_address(const wire::Address& address, std::uint16_t port) noexcept {
  SocketAddress to{};
  if (address.is_v4()) {
    to.v4.sin_family = AF_INET;
    to.v4.sin_port = htons(port);
    const auto word = static_cast<std::uint32_t>(address.low >> 32);
    std::memcpy(&to.v4.sin_addr, &word, sizeof word);
  } else {
    to.v6.sin6_family = AF_INET6;
    to.v6.sin6_port = htons(port);
    std::memcpy(&to.v6.sin6_addr, &address, sizeof address);
  }
  return to;
}

// An IPv4 peer of an IPv6 socket has the address that wire::Address gives it anyway.
wire::Address address_of(const SocketAddress& from) noexcept {
  std::array<std::uint8_t, sizeof(in6_addr)> bytes{};
  if (from.any.sa_family == AF_INET) {
    std::memcpy(bytes.data(), &from.v4.sin_addr, sizeof from.v4.sin_addr);
    return wire::Address::v4(bytes.data());
  }
  std::memcpy(bytes.data(), &from.v6.sin6_addr, bytes.size());
  return wire::Address::v6(bytes.data());
}

void set_option(int socket, int level, int option, int value) noexcept {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

[[noreturn]] void cannot_listen(const wire::Address& address, std::uint16_t port, int type) {
  const int reason = errno;
  const std::string host = address.is_v4() ? wire::to_text(address) : "[" + wire::to_text(address) + "]";
  const std::string protocol = type == SOCK_DGRAM ? "udp" : "tcp";
  throw std::runtime_error("cannot listen for syslog on " + protocol + " " + host + ":" +
                           std::to_string(port) + ": " + std::strerror(reason) + ".");
}

Descriptor bound_socket(const wire::Address& address, std::uint16_t port, int type) {
  const SocketAddress to = socket_address(address, port);
  Descriptor socket(::socket(to.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) cannot_listen(address, port, type);
  if (!address.is_v4()) set_option(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (type == SOCK_STREAM) set_option(socket.number(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(socket.number(), &to.any, sizeof to) != 0) cannot_listen(address, port, type);
  return socket;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

struct DatagramSocket::Burst {
  static constexpr std::size_t kMost = matchers::LineBatch::kMaxLines;
  static constexpr std::size_t kTextOctets = kMaxLineOctets + 1;
  using Control = std::array<char, CMSG_SPACE(sizeof(std::uint32_t))>;

  void make_ready() noexcept {
    for (std::size_t i = 0; i < kMost; ++i) {
      parts[i] = {&texts[i * kTextOctets], kTextOctets};
      headers[i] = {};
      msghdr& header = headers[i].msg_hdr;
      header.msg_name = &peers[i];
      header.msg_namelen = sizeof peers[i];
      header.msg_iov = &parts[i];
      header.msg_iovlen = 1;
      header.msg_control = controls[i].data();
      header.msg_controllen = controls[i].size();
    }
  }

  std::vector<char> texts = std::vector<char>(kMost * kTextOctets);
  std::array<SocketAddress, kMost> peers{};
  std::array<iovec, kMost> parts{};
  alignas(cmsghdr) std::array<Control, kMost> controls{};
  std::array<mmsghdr, kMost> headers{};
  std::array<Datagram, kMost> datagrams;
};

DatagramSocket::DatagramSocket(const wire::Address& address, std::uint16_t port)
    : socket_(bound_socket(address, port, SOCK_DGRAM)), burst_(std::make_unique<Burst>()) {
  set_option(descriptor(), SOL_SOCKET, SO_RXQ_OVFL, 1);
  set_option(descriptor(), SOL_SOCKET, SO_RCVBUF, kReceiveBufferBytes);
  set_option(descriptor(), SOL_SOCKET, SO_RCVBUFFORCE, kReceiveBufferBytes);
}

DatagramSocket::~DatagramSocket() = default;

std::span<const DatagramSocket::Datagram> DatagramSocket::receive() noexcept {
  burst_->make_ready();
  const int received = ::recvmmsg(descriptor(), burst_->headers.data(), Burst::kMost, 0, nullptr);
  const std::size_t count = received < 0 ? 0 : static_cast<std::size_t>(received);
  for (std::size_t i = 0; i < count; ++i) {
    msghdr& header = burst_->headers[i].msg_hdr;
    burst_->datagrams[i] = {
        address_of(burst_->peers[i]),
        {static_cast<const char*>(burst_->parts[i].iov_base), burst_->headers[i].msg_len}};
    const cmsghdr* control = CMSG_FIRSTHDR(&header);
    if (control != nullptr && control->cmsg_type == SO_RXQ_OVFL)
      std::memcpy(&dropped_, CMSG_DATA(control), sizeof dropped_);
  }
  return std::span(burst_->datagrams).first(count);
}

StreamSocket::Read StreamSocket::read(std::span<char> into) noexcept {
  const ssize_t octets = ::recv(descriptor(), into.data(), into.size(), 0);
  if (octets > 0) return {State::kOpen, static_cast<std::size_t>(octets)};
  if (octets == 0) return {State::kEnded, 0};
  const bool waits = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {waits ? State::kOpen : State::kBroken, 0};
}

ListeningSocket::ListeningSocket(const wire::Address& address, std::uint16_t port)
    : socket_(bound_socket(address, port, SOCK_STREAM)) {
  if (::listen(descriptor(), kBacklog) != 0) cannot_listen(address, port, SOCK_STREAM);
}

std::optional<ListeningSocket::Accepted> ListeningSocket::accept() noexcept {
  for (;;) {
    SocketAddress from{};
    socklen_t length = sizeof from;
    Descriptor socket(::accept4(descriptor(), &from.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.number() >= 0) return Accepted{address_of(from), StreamSocket(std::move(socket))};
    // One that was given up while it waited says nothing of those behind it.
    if (errno != ECONNABORTED && errno != EINTR) return std::nullopt;
  }
}

}  // namespace dataplane

#include "mgmt/eve/peer_socket.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace mgmt {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{50};  // whether to give up
constexpr std::chrono::seconds kPatience{5};            // with one who has not answered yet

[[noreturn]] void fail(int reason) {
  throw WriteError(std::strerror(reason));
}

[[noreturn]] void fail_to_connect(int reason) {
  throw WriteError(fmt::format("cannot be connected to: {}", std::strerror(reason)));
}

bool ready(int socket, short events) {
  pollfd look = {socket, events, 0};
  return poll(&look, 1, static_cast<int>(kBetweenLooks.count())) > 0;
}

int stream_socket(int family) {
  const int made = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) fail(errno);
  return made;
}

}  // namespace

PeerSocket::PeerSocket(const Endpoint& peer, GiveUp give_up) : give_up_(std::move(give_up)) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string host = wire::to_text(peer.address);
  if (getaddrinfo(host.c_str(), std::to_string(peer.port).c_str(), &hints, &found) != 0) fail(EAFNOSUPPORT);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> address(found, freeaddrinfo);
  socket_ = stream_socket(found->ai_family);
  connect_to(found->ai_addr, found->ai_addrlen);
  const int on = 1;  // a server that vanishes without a word is noticed, if late
  setsockopt(socket_, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

PeerSocket::PeerSocket(const std::string& unix_path, GiveUp give_up) : give_up_(std::move(give_up)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
  socket_ = stream_socket(AF_UNIX);
  connect_to(&address, sizeof address);
}

PeerSocket::~PeerSocket() {
  close(socket_);
}

void PeerSocket::connect_to(const void* address, unsigned octets) {
  try {
    if (connect(socket_, static_cast<const sockaddr*>(address), octets) == 0) return;
    if (errno != EINPROGRESS) fail_to_connect(errno);
    wait_briefly_for(POLLOUT);
    int reason = 0;
    socklen_t length = sizeof reason;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &reason, &length);
    if (reason != 0) fail_to_connect(reason);
  } catch (const WriteError&) {
    close(socket_);
    throw;
  }
}

void PeerSocket::send(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      octets.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      wait_for(POLLOUT);
    } else if (errno != EINTR) {
      fail(errno);
    }
  }
}

void PeerSocket::check() {
  std::array<char, 512> ignored{};
  const ssize_t length = recv(socket_, ignored.data(), ignored.size(), MSG_DONTWAIT);
  if (length == 0) throw WriteError("the other side has closed the connection");
  if (length < 0 && errno != EAGAIN && errno != EINTR) fail(errno);
}

void PeerSocket::wait_for(short events) const {
  while (!ready(socket_, events)) {
    if (give_up_()) throw WriteError("the other side takes nothing");
  }
}

void PeerSocket::wait_briefly_for(short events) const {
  const Clock::time_point end = Clock::now() + kPatience;
  while (!ready(socket_, events)) {
    if (give_up_() || Clock::now() > end) throw WriteError("the other side does not answer");
  }
}

}  // namespace mgmt

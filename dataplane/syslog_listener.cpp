#include "dataplane/syslog_listener.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include <sys/epoll.h>

namespace dataplane {
namespace {

// Much less than SyslogEvents::kAheadNs, which this thread has to keep up with.
constexpr int kLongestWaitMs = 5;
// What a sender has handed to its kernel comes after a delayed acknowledgement (40 ms) or a first
// retransmission (200 ms): the end waits for so long a silence, and not longer for who goes on sending.
constexpr auto kSilence = std::chrono::milliseconds(250);
constexpr auto kLongestDrain = std::chrono::seconds(1);
constexpr std::size_t kMaxReady = 64;

constexpr std::uint64_t kDatagrams = 0;
constexpr std::uint64_t kDoor = 1;
constexpr std::uint64_t kFirstConnection = 2;

SyslogSettings with_sorted_senders(SyslogSettings settings) {
  std::ranges::sort(settings.senders, {}, &SyslogSender::from);
  return settings;
}

}  // namespace

SyslogListener::SyslogListener(const SyslogSettings& settings, Outlet& outlet, CurrentRules& rules,
                               std::size_t reader, Clock clock, const std::atomic<bool>& stop)
    : settings_(with_sorted_senders(settings)),
      rules_(rules),
      reader_(reader),
      clock_(std::move(clock)),
      stop_(stop),
      events_(settings_, outlet, reader, *this),
      poll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(settings.tcp ? settings.connections : 0) {
  bool watched = true;
  if (settings.udp) {
    datagrams_.emplace(settings.address, settings.port);
    watched = watch(datagrams_->descriptor(), EPOLLIN, kDatagrams);
  }
  if (settings.tcp) {
    door_.emplace(settings.address, settings.port);
    // By the edge: were there no descriptor left for who waits there, the level would wake this thread for
    // ever.
    watched = watched && watch(door_->descriptor(), EPOLLIN | EPOLLET, kDoor);
  }
  if (!watched)
    throw std::runtime_error(std::string("cannot watch the sockets for syslog: ") + std::strerror(errno) +
                             ".");
}

void SyslogListener::run() noexcept {
  using Steady = std::chrono::steady_clock;  // the packets' clock may stand, or be set
  while (!stop_.load(std::memory_order_relaxed)) look();
  const Steady::time_point stopped = Steady::now();
  Steady::time_point heard = stopped;
  for (auto now = stopped; now - heard < kSilence && now - stopped < kLongestDrain; now = Steady::now()) {
    if (look()) heard = now;
  }
  for (Connection& connection : connections_) {
    if (connection.socket) end_connection(connection, StreamSocket::State::kBroken);
  }
  events_.finish();
  rules_.leave(reader_);
}

SyslogReport SyslogListener::report_before(std::uint64_t window) const noexcept {
  SyslogReport report = {.window = window,
                         .last_window = events_.window(),
                         .ledger = events_.ledger(),
                         .lines = events_.log_ledger(),
                         .senders = ledger_};
  report.senders.late = events_.late();
  if (datagrams_) report.senders.dropped_datagrams = datagrams_->dropped();
  return report;
}

void SyslogListener::follow_rules() noexcept {
  const WorkerRules& rules = rules_.read(reader_);
  if (rules.version == rules_version_) return;
  rules_version_ = rules.version;
  events_.follow(rules);
}

bool SyslogListener::watch(int descriptor, std::uint32_t events, std::uint64_t who) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u64 = who;
  return ::epoll_ctl(poll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

// Whether a socket had something.
bool SyslogListener::look() noexcept {
  follow_rules();
  now_ns_ = clock_();
  const bool heard = poll_sockets();
  close_idle();
  events_.announce(now_ns_);
  return heard;
}

bool SyslogListener::poll_sockets() noexcept {
  std::array<epoll_event, kMaxReady> ready;
  const int count = ::epoll_wait(poll_.number(), ready.data(), kMaxReady, kLongestWaitMs);
  now_ns_ = clock_();
  for (int i = 0; i < count; ++i) serve(ready[static_cast<std::size_t>(i)].data.u64);
  return count > 0;
}

void SyslogListener::serve(std::uint64_t who) noexcept {
  if (who == kDatagrams) {
    receive_datagrams();
  } else if (who == kDoor) {
    accept_connections();
  } else {
    read_connection(who - kFirstConnection);
  }
}

// Neighbours of one sender are taken together.
void SyslogListener::receive_datagrams() noexcept {
  std::array<std::string_view, matchers::LineBatch::kMaxLines> lines;
  std::size_t count = 0;
  std::size_t sender = 0;
  const auto take = [&] {
    if (count > 0) events_.take(sender, std::span(lines).first(count), now_ns_);
    count = 0;
  };
  for (const DatagramSocket::Datagram& datagram : datagrams_->receive()) {
    const auto from = sender_of(datagram.from);
    ledger_.refused_datagrams += !from;
    if (!from) continue;
    if (*from != sender) take();
    sender = *from;
    ++ledger_.datagrams;
    lines[count++] = without_line_end(datagram.text);
  }
  take();
}

void SyslogListener::accept_connections() noexcept {
  while (auto accepted = door_->accept()) take_connection(std::move(*accepted));
}

void SyslogListener::take_connection(ListeningSocket::Accepted&& accepted) noexcept {
  const auto from = sender_of(accepted.from);
  ledger_.refused_connections += !from;
  if (!from) return;
  const auto place = std::ranges::find_if(connections_, [](const Connection& each) { return !each.socket; });
  const auto number = static_cast<std::uint64_t>(place - connections_.begin());
  const bool taken =
      place != connections_.end() && watch(accepted.stream.descriptor(), EPOLLIN, kFirstConnection + number);
  ledger_.too_many_connections += !taken;
  if (!taken) return;
  ++ledger_.connections;
  place->socket = std::move(accepted.stream);
  place->sender = *from;
  place->framing = {};
  place->heard_ns = now_ns_;
}

void SyslogListener::read_connection(std::size_t place) noexcept {
  Connection& connection = connections_[place];
  if (!connection.socket) return;  // ended by an event before this one
  const StreamSocket::Read read = connection.socket->read(connection.framing.room());
  if (read.octets > 0) {
    connection.heard_ns = now_ns_;
    connection.framing.added(read.octets);
    take_messages(connection);
  } else if (read.state != StreamSocket::State::kOpen) {
    end_connection(connection, read.state);
  }
}

void SyslogListener::take_messages(Connection& connection) noexcept {
  std::array<std::string_view, matchers::LineBatch::kMaxLines> lines;
  for (std::size_t count = lines.size(); count == lines.size();) {
    count = 0;
    while (count < lines.size()) {
      const auto message = connection.framing.next();
      if (!message) break;
      lines[count++] = *message;
    }
    ledger_.messages += count;
    events_.take(connection.sender, std::span(lines).first(count), now_ns_);
  }
}

// A line without an end is whole only if its sender ended in order.
void SyslogListener::end_connection(Connection& connection, StreamSocket::State state) noexcept {
  if (const auto line = state == StreamSocket::State::kEnded ? connection.framing.last() : std::nullopt) {
    ++ledger_.messages;
    events_.take(connection.sender, std::span(&*line, 1), now_ns_);
  }
  ledger_.cut_messages += connection.framing.within_message();
  connection.socket.reset();
}

void SyslogListener::close_idle() noexcept {
  for (Connection& connection : connections_) {
    if (!connection.socket || now_ns_ - connection.heard_ns < settings_.idle_ns) continue;
    ++ledger_.idle_connections;
    end_connection(connection, StreamSocket::State::kBroken);
  }
}

std::optional<std::size_t> SyslogListener::sender_of(const wire::Address& address) const noexcept {
  const auto place = std::ranges::lower_bound(settings_.senders, address, {}, &SyslogSender::from);
  if (place == settings_.senders.end() || place->from != address) return std::nullopt;
  return static_cast<std::size_t>(place - settings_.senders.begin());
}

}  // namespace dataplane

// Logs as they are written: syslog by UDP and TCP, from those that the configuration names.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "dataplane/report_queue.h"
#include "dataplane/syslog_events.h"
#include "dataplane/syslog_framing.h"
#include "dataplane/syslog_ledger.h"
#include "dataplane/syslog_sockets.h"

namespace dataplane {

// All events before `window` began are counted, and none of it; the newest are of `last_window`. Lines and
// senders are those of the burst that began it, too.
struct SyslogReport {
  std::uint64_t window = 0;
  std::uint64_t last_window = 0;
  Ledger ledger;  // of the events; there are no frames
  LogLedger lines;
  SyslogLedger senders;
};

// Made by the thread that controls, run by its own. A sender that is not configured costs a comparison, one
// that is slow or silent a place among the connections; nothing that any of them sends ends it.
class SyslogListener : private SyslogEvents::OnWindow {
 public:
  // In ns since 1970; the clock that the ports give packets their time by.
  using Clock = std::function<std::int64_t()>;

  // Reads `rules` as their reader number `reader`, which is that of its scanner too. Throws
  // std::runtime_error, in a sentence, if it cannot listen.
  SyslogListener(const SyslogSettings& settings, Outlet& outlet, CurrentRules& rules, std::size_t reader,
                 Clock clock, const std::atomic<bool>& stop);

  // Until `stop` is set and what the sockets hold is read.
  void run() noexcept;

  // The controlling thread. The reports in their order; one that found no room is left out, and the next one
  // covers it.
  std::optional<SyslogReport> next_report() noexcept { return reports_.pop(); }

  // After run() has returned: all of it.
  SyslogReport final_report() const noexcept { return report_before(kFinished); }

 private:
  struct Connection {
    std::optional<StreamSocket> socket;  // none: the place is free
    std::size_t sender = 0;
    SyslogFraming framing;
    std::int64_t heard_ns = 0;  // when octets came last
  };

  void window_begins(std::uint64_t window) noexcept override { reports_.push(report_before(window)); }
  SyslogReport report_before(std::uint64_t window) const noexcept;
  void follow_rules() noexcept;
  bool watch(int descriptor, std::uint32_t events, std::uint64_t who) noexcept;
  bool look() noexcept;
  bool poll_sockets() noexcept;
  void serve(std::uint64_t who) noexcept;
  void receive_datagrams() noexcept;
  void accept_connections() noexcept;
  void take_connection(ListeningSocket::Accepted&& accepted) noexcept;
  void read_connection(std::size_t place) noexcept;
  void take_messages(Connection& connection) noexcept;
  void end_connection(Connection& connection, StreamSocket::State state) noexcept;
  void close_idle() noexcept;
  std::optional<std::size_t> sender_of(const wire::Address& address) const noexcept;

  const SyslogSettings settings_;
  CurrentRules& rules_;
  const std::size_t reader_;
  const Clock clock_;
  const std::atomic<bool>& stop_;
  std::uint64_t rules_version_ = 0;
  std::int64_t now_ns_ = 0;  // of this look at the sockets
  SyslogLedger ledger_;
  SyslogEvents events_;
  std::optional<DatagramSocket> datagrams_;
  std::optional<ListeningSocket> door_;
  Descriptor poll_;
  std::vector<Connection> connections_;
  ReportQueue<SyslogReport, 8> reports_;
};

}  // namespace dataplane

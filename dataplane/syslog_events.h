// What lines mean that come now: events in the order of arrival, and the time announced to the shards.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dataplane/log_events.h"
#include "dataplane/log_source.h"
#include "dataplane/packet_windows.h"
#include "dataplane/syslog_settings.h"

namespace dataplane {

// One thread; borrows the outlet. `worker` is the number of its scanner.
class SyslogEvents {
 public:
  // Told before the first event of a window is counted, as PortQueue does; window() is still the one before.
  class OnWindow {
   public:
    virtual ~OnWindow() = default;
    virtual void window_begins(std::uint64_t window) noexcept = 0;
  };

  // A time further from ours is not believed.
  static constexpr std::int64_t kBelievedNs = 60'000'000'000;
  // So much of the time to come is announced beforehand, so that shards do not wait for a thread that sleeps.
  // What comes meanwhile takes its place behind.
  static constexpr std::int64_t kAheadNs = 20'000'000;

  SyslogEvents(const SyslogSettings& settings, Outlet& outlet, std::size_t worker, OnWindow& on_window);

  void follow(const WorkerRules& rules) noexcept { events_.follow(rules); }

  // Lines of the sender with this number in the settings, at most LineBatch::kMaxLines, that came at
  // `now_ns`.
  void take(std::size_t sender, std::span<const std::string_view> lines, std::int64_t now_ns) noexcept;

  // To be called more often than every kAheadNs, also when nothing comes.
  void announce(std::int64_t now_ns) noexcept;
  void finish() noexcept { outlet_.publish(kFinished); }

  std::uint64_t window() const noexcept { return window_; }
  const Ledger& ledger() const noexcept { return ledger_; }
  const LogLedger& log_ledger() const noexcept { return log_ledger_; }
  std::uint64_t late() const noexcept { return late_; }

 private:
  struct Source {
    SyslogSender sender;
    LogSource log;
    std::int64_t latest_ns = 0;
  };

  void send(Source& source, LogFact& fact, std::int64_t now_ns) noexcept;
  void advance_to(std::uint64_t order) noexcept;

  Outlet& outlet_;
  OnWindow& on_window_;
  Ledger ledger_;
  LogLedger log_ledger_;
  LogFacts facts_;
  LogEvents events_;
  std::vector<Source> sources_;
  std::array<LogFact, matchers::LineBatch::kMaxLines> found_;
  std::uint64_t reached_ = 0;
  std::uint64_t window_ = 0;
  std::uint64_t late_ = 0;
};

}  // namespace dataplane

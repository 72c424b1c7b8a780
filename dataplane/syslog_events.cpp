#include "dataplane/syslog_events.h"

#include <algorithm>

#include "matchers/log_patterns.h"

namespace dataplane {

SyslogEvents::SyslogEvents(const SyslogSettings& settings, Outlet& outlet, std::size_t worker,
                           OnWindow& on_window)
    : outlet_(outlet),
      on_window_(on_window),
      facts_(matchers::compile_log_patterns()),
      events_(outlet, ledger_, log_ledger_, worker) {
  for (const SyslogSender& sender : settings.senders)
    sources_.push_back({sender, LogSource(wire::LogClock(settings.east_s))});
}

void SyslogEvents::take(std::size_t sender, std::span<const std::string_view> lines,
                        std::int64_t now_ns) noexcept {
  Source& source = sources_[sender];
  source.log.clock.near(now_ns);
  facts_.parse(lines, source.log, found_);
  log_ledger_.lines += lines.size();
  for (const std::string_view line : lines) log_ledger_.bytes += line.size();
  for (LogFact& fact : std::span(found_).first(lines.size())) send(source, fact, now_ns);
}

void SyslogEvents::announce(std::int64_t now_ns) noexcept {
  advance_to(std::max(reached_, static_cast<std::uint64_t>(std::max<std::int64_t>(now_ns + kAheadNs, 0))));
  outlet_.publish(reached_);
}

void SyslogEvents::send(Source& source, LogFact& fact, std::int64_t now_ns) noexcept {
  const auto& server =
      fact.verdict == LogVerdict::kMail ? source.sender.mail_server : source.sender.dns_server;
  const bool tells = fact.verdict == LogVerdict::kMail || fact.verdict == LogVerdict::kQuery;
  if (tells && !server) fact.verdict = LogVerdict::kOther;
  ++log_ledger_[fact.verdict];
  if (!tells || !server) return;
  const bool believed = fact.seen_ns >= now_ns - kBelievedNs && fact.seen_ns <= now_ns + kBelievedNs;
  late_ += !believed;
  if (!believed) fact.seen_ns = now_ns;
  log_ledger_.time_went_back += fact.seen_ns < source.latest_ns;
  source.latest_ns = fact.seen_ns;
  advance_to(std::max(reached_ + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(now_ns, 0))));
  if (fact.verdict == LogVerdict::kMail) {
    events_.mail(reached_, *server, fact);
  } else {
    events_.query(reached_, *server, fact);
  }
}

void SyslogEvents::advance_to(std::uint64_t order) noexcept {
  reached_ = order;
  if (const std::uint64_t window = packet_window_of(order); window != window_) {
    on_window_.window_begins(window);
    window_ = window;
  }
}

}  // namespace dataplane

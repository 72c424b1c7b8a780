#include "mgmt/eve/event_log.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mgmt/eve/syslog_message.h"
#include "mgmt/number_text.h"

namespace mgmt {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::chrono::seconds kAtTheEnd{2};  // for what still waits

std::uint64_t interval_of(std::uint64_t second, const EventLogSettings& settings) {
  return second / static_cast<std::uint64_t>(settings.stats_every_ns / kSecondNs);
}

}  // namespace

EventLog::EventLog(const std::vector<EventLogSettings>& settings,
                   std::function<aggregator::LiveLedger()> live, const std::function<Disguise()>& disguise,
                   const DnsFrames& dns)
    : host_(host_name()), live_(std::move(live)), disguise_(disguise()) {
  for (const EventLogSettings& each : settings)
    logs_.push_back({each, std::make_unique<EventOutput>(each, host_), std::nullopt, started_, 0});
  if (!dns.taps.empty()) dns_log_ = dns_log(dns, disguise());
}

std::unique_ptr<DnsLog> EventLog::dns_log(const DnsFrames& frames, Disguise disguise) const {
  std::vector<EventOutput*> wanting;
  for (const Log& log : logs_) {
    if (log.settings.events.dns) wanting.push_back(log.output.get());
  }
  return std::make_unique<DnsLog>(frames, std::move(wanting), std::move(disguise), host_);
}

void EventLog::take(const std::vector<LiveSecond>& seconds) {
  for (const LiveSecond& second : seconds) {
    for (Log& log : logs_) {
      if (log.settings.events.stats) take(second, log);
    }
    second_ = second.window;
    ledger_ = second.ledger;
    events_drained_ = second.events_drained;
  }
  for (Log& log : logs_) {
    if (log.span && interval_of(log.span->last + 1, log.settings) > interval_of(log.span->last, log.settings))
      write_stats(log);
  }
}

// The intervals are those of the clock, so that all sensors have the same.
void EventLog::take(const LiveSecond& second, Log& log) {
  if (log.span && interval_of(second.window, log.settings) != interval_of(log.span->last, log.settings))
    write_stats(log);
  if (!log.span) log.span = StatsSpan{second.window, second.window, 0, {}};
  log.span->last = second.window;
  log.span->clients_most = std::max(log.span->clients_most, second.clients);
  log.span->counts += second.counts;
}

void EventLog::take(const std::vector<aggregator::FindingChange>& changes) {
  for (const aggregator::FindingChange& change : changes) {
    const std::optional<AlertChange> became = alerts_.take(change);
    if (!became || logs_.empty()) continue;
    const std::int64_t at_ns =
        std::max(static_cast<std::int64_t>(second_ + 1) * kSecondNs, change.finding.since_ns);
    const auto record = std::make_shared<const EventRecord>(
        alert_record(*became, disguise_.finding(change.finding), at_ns, host_));
    for (const Log& log : logs_) {
      if (log.settings.events.alert) log.output->offer(record);
    }
  }
}

void EventLog::write_stats(Log& log) {
  const StatsSpan span = *std::exchange(log.span, std::nullopt);
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - started_);
  aggregator::LiveLedger live = live_();
  live.events_drained = events_drained_;
  log.output->offer(std::make_shared<const EventRecord>(
      stats_record(span, live, ledger_, static_cast<std::uint64_t>(uptime.count()), host_)));
}

void EventLog::reopen() {
  for (const Log& log : logs_) log.output->reopen();
}

void EventLog::tell_losses(BoundedTelling& say) {
  constexpr std::chrono::minutes kBetween{1};
  for (Log& log : logs_) {
    const aggregator::LiveEventLog state = log.output->state();
    const bool early = log.lost_told > 0 && Clock::now() - log.told < kBetween;
    if (!state.trouble.empty() || state.lost == log.lost_told || early) continue;
    say(fmt::format("event log {}: takes its lines too slowly; {} were lost so far", state.to,
                    grouped(state.lost)));
    log.lost_told = state.lost;
    log.told = Clock::now();
  }
}

std::vector<aggregator::LiveEventLog> EventLog::states() const {
  std::vector<aggregator::LiveEventLog> states;
  for (const Log& log : logs_) states.push_back(log.output->state());
  return states;
}

void EventLog::end() {
  const Clock::time_point deadline = Clock::now() + kAtTheEnd;
  if (dns_log_) dns_log_->end(deadline - kAtTheEnd / 2);
  for (Log& log : logs_) {
    if (log.span) write_stats(log);
    log.output->end();
  }
  for (const Log& log : logs_) log.output->finish(deadline);
}

}  // namespace mgmt

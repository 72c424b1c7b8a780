#include "aggregator/detectors.h"

#include <algorithm>

namespace aggregator {

Detectors::Detectors(const DetectorSettings& settings)
    : settings_(settings),
      steps_(settings),
      logs_(settings.mail_servers.size()),
      habits_(settings.hosts),
      book_(settings),
      backscatter_(settings),
      mass_mailer_(settings),
      connections_without_resolution_(settings),
      answers_without_connections_(settings),
      query_flood_(settings),
      ptr_flood_(settings),
      nxdomain_burst_(settings),
      smtp_flood_(settings),
      mail_regression_(settings),
      mail_efficiency_(settings),
      dominant_smtp_client_(settings),
      deferred_mail_(settings),
      user_unknown_flood_(settings) {}

void Detectors::observe(const HostStep& step) {
  if (!first_begin_ns_) begin(step);
  std::int64_t number = (step.begin_ns - *first_begin_ns_) / settings_.step_ns;
  if (number <= number_) return;
  if (learning() && number - number_ > forgotten_after()) {
    *this = Detectors(settings_);
    begin(step);
    number = 0;
  }
  fill_gap(number);
  observe(step, number);
}

void Detectors::begin(const HostStep& step) {
  constexpr std::int64_t kLongestGap_ns = 7 * 86'400'000'000'000;
  first_begin_ns_ = step.begin_ns;
  const std::optional<Baselines> earlier = std::exchange(earlier_, std::nullopt);
  if (!earlier) return;
  earlier_refused_ = true;
  if (earlier->step_ns != settings_.step_ns || earlier->window_ns != settings_.window_ns) return;
  // The step in which a run ended may be the one in which the next begins: both saw a part of it.
  if (earlier->end_ns > step.begin_ns + settings_.step_ns) return;
  if (earlier->end_ns < step.begin_ns - kLongestGap_ns) return;
  // From before 1970?
  if (earlier->steps <= 0 || earlier->steps > earlier->end_ns / settings_.step_ns) return;
  earlier_refused_ = false;
  first_number_ = earlier->steps;
  number_ = first_number_ - 1;
  first_begin_ns_ = step.begin_ns - first_number_ * settings_.step_ns;
  Baselines in = *earlier;
  carry(in, BaselineCarrier::Way::kIn);
}

Baselines Detectors::baselines() {
  Baselines out;
  out.step_ns = settings_.step_ns;
  out.window_ns = settings_.window_ns;
  out.steps = number_ + 1;
  if (first_begin_ns_) out.end_ns = *first_begin_ns_ + out.steps * settings_.step_ns;
  out.hosts.reserve(habits_.size());
  habits_.visit([&](const wire::Address& host, const HostHabits& habits) {
    out.hosts.push_back({host, habits.seen(), habits.answers});
  });
  carry(out, BaselineCarrier::Way::kOut);
  return out;
}

void Detectors::carry(Baselines& baselines, BaselineCarrier::Way way) {
  BaselineCarrier carrier(baselines, way);
  if (way == BaselineCarrier::Way::kIn) resume_hosts(baselines);
  for (std::size_t i = 0; i < logs_.size(); ++i) {
    double began = logs_[i].began ? static_cast<double>(*logs_[i].began) : -1;
    double queries = logs_[i].queries ? 1 : 0;
    carrier.numbers("logs", "began", settings_.mail_servers[i].addresses.front(), {&began, &queries});
    if (began >= 0 && began <= static_cast<double>(number_))
      logs_[i].began = static_cast<std::int64_t>(began);
    logs_[i].queries = queries != 0;
  }
  backscatter_.carry(carrier, settings_.mail_servers);
  mass_mailer_.carry(carrier, number_);
  connections_without_resolution_.carry(carrier, number_, [this](const wire::Address& host) {
    if (HostHabits* habits = habits_.find(host)) habits->scan_suspect = true;
  });
  if (way == BaselineCarrier::Way::kOut) {
    baselines.accepts_seen = connections_without_resolution_.accepts_seen();
  } else {
    connections_without_resolution_.resume_accepts(baselines.accepts_seen);
  }
  query_flood_.carry(carrier, settings_.dns_servers);
  ptr_flood_.carry(carrier, settings_.dns_servers);
  nxdomain_burst_.carry(carrier, settings_.dns_servers);
  smtp_flood_.carry(carrier, settings_.mail_servers);
  mail_regression_.carry(carrier, settings_.mail_servers);
  mail_efficiency_.carry(carrier, settings_.mail_servers);
  dominant_smtp_client_.carry(carrier, settings_.mail_servers);
  deferred_mail_.carry(carrier, settings_.mail_servers);
  user_unknown_flood_.carry(carrier, settings_.mail_servers);
}

void Detectors::resume_hosts(const Baselines& baselines) {
  for (const Baselines::Host& host : baselines.hosts) {
    if (HostHabits* habits = habits_.at(host.address, number_))
      habits->resume(host.habits, host.answers, number_);
  }
}

// After as many empty steps nothing is left in a window and no finding is open: what follows is skipped.
void Detectors::fill_gap(std::int64_t number) {
  const std::int64_t end = std::min(number, number_ + 1 + forgotten_after());
  HostStep empty;
  empty.length_ns = settings_.step_ns;
  for (std::int64_t missing = number_ + 1; missing < end; ++missing) {
    empty.begin_ns = *first_begin_ns_ + missing * settings_.step_ns;
    observe(empty, missing);
  }
}

void Detectors::observe(const HostStep& step, std::int64_t number) {
  number_ = number;
  auto mail_servers = server_steps(settings_.mail_servers, step);
  find_logs(mail_servers, number);
  const auto dns_servers = server_steps(settings_.dns_servers, step);
  find_habits(step, number);
  std::vector<std::vector<ClientDemand>> demands;
  demands.reserve(dns_servers.size());
  for (const ServerStep& server : dns_servers) demands.push_back(dns_demands(server, step, dns_servers));
  const StepView view = {step,
                         number,
                         number < steps_.learn,
                         number - first_number_ >= steps_.learn,
                         habits_of_step_,
                         mail_servers,
                         dns_servers,
                         demands};
  book_.begin_step(step, number);
  backscatter_.observe(view, book_);
  mass_mailer_.observe(view, book_);
  connections_without_resolution_.observe(view, book_);
  answers_without_connections_.observe(view, book_);
  query_flood_.observe(view, book_);
  ptr_flood_.observe(view, book_);
  nxdomain_burst_.observe(view, book_);
  smtp_flood_.observe(view, book_);
  mail_regression_.observe(view, book_);
  mail_efficiency_.observe(view, book_);
  dominant_smtp_client_.observe(view, book_);
  deferred_mail_.observe(view, book_);
  user_unknown_flood_.observe(view, book_);
  book_.end_step();
}

void Detectors::find_habits(const HostStep& step, std::int64_t number) {
  constexpr std::size_t kAhead = 8;
  habits_of_step_.resize(step.hosts.size());
  for (std::size_t i = 0; i < step.hosts.size(); ++i) {
    if (i + kAhead < step.hosts.size()) habits_.prefetch(step.hosts[i + kAhead].host);
    habits_of_step_[i] = habits_.at(step.hosts[i].host, number);
    if (habits_of_step_[i] != nullptr) habits_of_step_[i]->observe(step.hosts[i].counts);
  }
}

std::vector<UnjudgeableRow> Detectors::not_judgeable() const {
  std::vector<UnjudgeableRow> rows;
  habits_.visit([&](const wire::Address& host, const HostHabits& habits) {
    const Unjudgeable reason = habits.unjudgeable();
    if (reason == Unjudgeable::kNot) return;
    const bool internal = std::ranges::any_of(
        settings_.internal, [&](const wire::Network& network) { return network.contains(host); });
    if (internal) rows.push_back({host, reason});
  });
  std::ranges::sort(rows, {}, &UnjudgeableRow::client);
  return rows;
}

void Detectors::find_logs(std::vector<ServerStep>& servers, std::int64_t number) {
  for (std::size_t i = 0; i < servers.size(); ++i) {
    Log& log = logs_[i];
    log.queries |= servers[i].query_logged;
    servers[i].query_logged = log.queries;
    if (servers[i].logged && !log.began) log.began = number;
    if (!log.began) continue;
    servers[i].logged = true;
    servers[i].log_learning = number < *log.began + steps_.learn;
  }
}

DetectorLosses Detectors::losses() const noexcept {
  return {habits_.evicted() + mass_mailer_.evicted() + connections_without_resolution_.evicted(),
          book_.dropped(), book_.refused(), book_.withheld()};
}

}  // namespace aggregator

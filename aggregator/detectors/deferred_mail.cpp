#include "aggregator/detectors/deferred_mail.h"

#include <algorithm>

#include "aggregator/detectors/counts_by.h"
#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr double kAttemptsBunch = 4;  // a queue is worked off in runs
constexpr std::size_t kDomains = 10;
constexpr std::int64_t kBlocksOfWindow = 5;

}  // namespace

DeferredMail::DeferredMail(const DetectorSettings& settings)
    : settings_(settings),
      steps_(settings),
      block_steps_((steps_.window + kBlocksOfWindow - 1) / kBlocksOfWindow) {
  const auto series = [this] {
    return SurgeSeries(settings_.surge, steps_, kAttemptsBunch, settings_.mail.deferred);
  };
  for (std::size_t i = 0; i < settings.mail_servers.size(); ++i) {
    servers_.push_back(
        {series(), series(), series(), series(), TopShares<std::string>(steps_.window), {}, 0});
  }
}

void DeferredMail::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const ServerStep& step = view.mail_servers[i];
    Server& server = servers_[i];
    if (!step.logged) continue;
    add(server, step, view.number, view.learn_log(book, kName, step));
    if (view.learning_log(step)) continue;
    const Surge surge = server.deferred.surge();
    const bool open = book.is_open(kName, step.subject());
    if (open ? !surge.lasting : !surge.clear || !tried_again(server, surge)) continue;
    for (SurgeSeries* series : {&server.deferred, &server.attempts, &server.mails, &server.recipients}) {
      series->hold();
    }
    book.saw(sighting(server, step, surge));
  }
}

void DeferredMail::add(Server& server, const ServerStep& step, std::int64_t number,
                       SurgeSeries::Learn learn) {
  const std::uint64_t deferred = step.mail[MailField::kDeferred];
  server.deferred.add(deferred, learn);
  server.attempts.add(step.mail.to(), learn);
  server.mails.add(step.mail[MailField::kFrom], learn);
  server.recipients.add(step.mail[MailField::kRecipients], learn);
  server.domains.add(number, counts_by(step.mail_domains, &MailDomainRow::domain, &MailDomainRow::deferred));
  if (server.block_steps == 0) {
    if (server.history.size() == kBlocks) server.history.erase(server.history.begin());
    server.history.push_back(0);
  }
  server.history.back() += static_cast<double>(deferred);
  server.block_steps = (server.block_steps + 1) % block_steps_;
}

// Logs that do not say how many recipients a mail has count it as one.
double DeferredMail::attempts_each(double attempts, double mails, double recipients) {
  return attempts / std::max({1.0, mails, recipients});
}

bool DeferredMail::tried_again(const Server& server, const Surge& surge) const {
  const std::size_t steps = surge.steps;
  const double attempts = server.attempts.sum(steps);
  if (server.deferred.sum(steps) < settings_.mail.deferred_share * attempts) return false;
  const auto times = static_cast<double>(steps);
  const double usual = attempts_each(server.attempts.baseline() * times, server.mails.baseline() * times,
                                     server.recipients.baseline() * times);
  const double now = attempts_each(attempts, server.mails.sum(steps), server.recipients.sum(steps));
  return now >= settings_.mail.attempts_ratio * std::max(1.0, usual);
}

// Nothing if it is not sure.
std::optional<Ripple> DeferredMail::ripple(const Server& server) {
  constexpr double kSure = 0.01;
  const std::span<const double> whole(server.history.data(),
                                      server.history.size() - (server.block_steps == 0 ? 0 : 1));
  const Ripple found = find_ripple(whole);
  return found.chance <= kSure ? std::optional(found) : std::nullopt;
}

Sighting DeferredMail::sighting(const Server& server, const ServerStep& step, const Surge& surge) const {
  const double seconds = static_cast<double>(surge.steps) * steps_.step_seconds;
  const double attempts = server.attempts.sum(surge.steps);
  const double mails = server.mails.sum(surge.steps);
  std::vector<std::string> domains;
  for (auto& [domain, count] : server.domains.top(kDomains)) domains.push_back(domain);

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(surge.since);
  const auto retries = ripple(server);
  sighting.score = 0.9 * surge.sureness() + (retries ? 0.1 : 0);
  sighting.severity = surge.severity();
  sighting.evidence = {
      {"deferred_per_s", surge.rate / steps_.step_seconds},
      {"baseline_per_s", surge.baseline / steps_.step_seconds},
      {"attempts_per_s", attempts / seconds},
      {"mails_per_s", mails / seconds},
      {"attempts_for_a_mail", attempts / std::max(1.0, mails)},
      {"deferred_domains", domains},
  };
  if (retries) {
    sighting.evidence.emplace_back("ripple_period_s",
                                   retries->period * static_cast<double>(block_steps_) * steps_.step_seconds);
    sighting.evidence.emplace_back("ripple_chance", retries->chance);
  }
  sighting.advice =
      "The queue of " + name_of(*step.server) + " fills with mail that is not taken" +
      (domains.empty() ? "" : ", most of it for " + domains.front()) +
      ": look in it for mail that nobody here wrote, hold that, and find the host that hands it "
      "in.";
  return sighting;
}

}  // namespace aggregator

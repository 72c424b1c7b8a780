#include "aggregator/detectors/user_unknown_flood.h"

#include "aggregator/detectors/backscatter.h"
#include "aggregator/detectors/counts_by.h"
#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr double kUnknownBunch = 4;  // a connection names several recipients
constexpr double kConnectsBunch = 1.5;
constexpr std::size_t kDomains = 5;

}  // namespace

UserUnknownFlood::UserUnknownFlood(const DetectorSettings& settings) : steps_(settings) {
  for (std::size_t i = 0; i < settings.mail_servers.size(); ++i) {
    servers_.push_back({SurgeSeries(settings.surge, steps_, kUnknownBunch, settings.mail.user_unknown),
                        SurgeSeries(settings.surge, steps_, kConnectsBunch, settings.mail.connects),
                        Source(settings, steps_), TopShares<std::string>(steps_.window)});
  }
}

void UserUnknownFlood::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const ServerStep& step = view.mail_servers[i];
    Server& server = servers_[i];
    if (!step.logged) continue;
    const SurgeSeries::Learn learn = view.learn_log(book, kName, step);
    server.unknown.add(step.mail[MailField::kUserUnknown], learn);
    server.connects.add(step.mail[MailField::kConnects], learn);
    server.source.add(view.number,
                      counts_by(step.mail_clients, &MailClientRow::client, &MailClientRow::rejected));
    server.domains.add(view.number,
                       counts_by(step.mail_domains, &MailDomainRow::domain, &MailDomainRow::rejected));
    if (view.learning_log(step)) continue;
    const Surge surge = server.unknown.surge();
    if (!(book.is_open(kName, step.subject()) ? surge.lasting : surge.clear)) continue;
    server.unknown.hold();
    server.connects.hold();
    if (!book.is_open(Backscatter::kName, step.subject())) book.saw(sighting(server, step, surge));
  }
}

Sighting UserUnknownFlood::sighting(const Server& server, const ServerStep& step, const Surge& surge) const {
  const double seconds = static_cast<double>(surge.steps) * steps_.step_seconds;
  const auto client = server.source.one_client();
  std::vector<std::string> domains;
  for (auto& [domain, count] : server.domains.top(kDomains)) domains.push_back(domain);

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(surge.since);
  sighting.score = surge.sureness();
  sighting.severity = surge.severity();
  sighting.evidence = {{"user_unknown_per_s", surge.rate / steps_.step_seconds},
                       {"baseline_per_s", surge.baseline / steps_.step_seconds},
                       {"connects_per_s", server.connects.sum(surge.steps) / seconds},
                       {"baseline_connects_per_s", server.connects.baseline() / steps_.step_seconds},
                       {"rejected_domains", domains}};
  server.source.add_to(sighting.evidence);
  const std::string name = name_of(*step.server);
  sighting.advice = client ? to_text(*client) + " tries names of users that " + name +
                                 " does not have: reject it in the access list."
                           : "Many clients send to users that " + name +
                                 " does not have: end a connection after a few unknown recipients "
                                 "(smtpd_hard_error_limit, confBAD_RCPT_THROTTLE), and use block lists.";
  return sighting;
}

}  // namespace aggregator

#include "aggregator/detectors/smtp_flood.h"

#include "aggregator/detectors/counts_by.h"
#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr double kConnectionsBunch = 1.5;
constexpr double kNamesBunch = 4;

}  // namespace

SmtpFlood::SmtpFlood(const DetectorSettings& settings) : steps_(settings) {
  for (std::size_t i = 0; i < settings.mail_servers.size(); ++i) {
    servers_.push_back({SurgeSeries(settings.surge, steps_, kConnectionsBunch, settings.flood.connections),
                        SurgeSeries(settings.surge, steps_, kNamesBunch, settings.backscatter.least),
                        Source(settings, steps_)});
  }
}

void SmtpFlood::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    Server& server = servers_[i];
    const ServerStep& step = view.mail_servers[i];
    const SurgeSeries::Learn learn = view.learn(book, kName, step.subject());
    server.connections.add(step.counts[HostField::kReceivedSmtp], learn);
    server.unresolved.add(step.counts[HostField::kUnresolved], learn);
    server.source.add(view.number, counts_by(step.peers, &PeerRow::client, &PeerRow::smtp_connections));
    if (view.learning) continue;
    const Surge surge = server.connections.surge();
    const bool stands_out = book.is_open(kName, step.subject()) ? surge.lasting : surge.clear;
    if (!stands_out) continue;
    server.connections.hold();
    server.unresolved.hold();
    if (!bounces(server, surge)) book.saw(sighting(server, step, surge));
  }
}

// Each bounce looks up a name or more, some of which a cache answers.
bool SmtpFlood::bounces(const Server& server, const Surge& surge) const {
  constexpr double kNamesForBounce = 0.5;
  if (server.source.one_client()) return false;
  return server.unresolved.excess(surge.steps) >= kNamesForBounce * surge.excess();
}

Sighting SmtpFlood::sighting(const Server& server, const ServerStep& step, const Surge& surge) const {
  const double seconds = steps_.step_seconds;
  const auto client = server.source.one_client();

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(surge.since);
  sighting.score = surge.sureness();
  sighting.severity = surge.severity();
  sighting.evidence = {{"connections_per_s", surge.rate / seconds},
                       {"baseline_per_s", surge.baseline / seconds}};
  server.source.add_to(sighting.evidence);
  sighting.advice = client ? "Reject " + to_text(*client) + " in the access list of " +
                                 name_of(*step.server) + ", or limit how many connections a client may open."
                           : "Limit connections per client and their rate on " + name_of(*step.server) +
                                 ", and turn away clients on block lists before they send.";
  return sighting;
}

}  // namespace aggregator

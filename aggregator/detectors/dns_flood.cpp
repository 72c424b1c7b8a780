#include "aggregator/detectors/dns_flood.h"

#include <utility>

#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr double kQueriesBunch = 4;  // a page, a mail asks for several names
constexpr double kNeedless = 0.5;

}  // namespace

DnsFlood::DnsFlood(const DetectorSettings& settings, DnsFloodKind kind)
    : kind_(std::move(kind)), steps_(settings) {
  const SurgeSeries series(settings.surge, steps_, kQueriesBunch, kind_.least);
  for (std::size_t i = 0; i < settings.dns_servers.size(); ++i) {
    servers_.push_back({series, series, Source(settings, steps_)});
  }
}

void DnsFlood::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    Server& server = servers_[i];
    const ServerStep& step = view.dns_servers[i];
    add(server, view.dns_demands[i], view.number, view.learn(book, kind_.name, step.subject()));
    if (view.learning) continue;
    const Surge surge = server.all.surge();
    const bool stands_out = book.is_open(kind_.name, step.subject()) ? surge.lasting : surge.clear;
    if (!stands_out || server.needless.excess(surge.steps) < kNeedless * surge.excess()) continue;
    book.saw(sighting(server, step, surge));
    server.all.hold();
    server.needless.hold();
  }
}

void DnsFlood::add(Server& server, const std::vector<ClientDemand>& demands, std::int64_t number,
                   SurgeSeries::Learn learn) const {
  std::uint64_t all = 0;
  std::uint64_t needless = 0;
  Source::Counts clients;
  for (const ClientDemand& demand : demands) {
    const std::uint64_t count = demand.*kind_.count;
    if (count == 0) continue;
    all += count;
    const auto needed =
        static_cast<std::uint64_t>(kind_.for_connection * static_cast<double>(demand.connections) +
                                   kind_.for_received * static_cast<double>(demand.received));
    if (count <= needed) continue;
    needless += count - needed;
    clients.emplace_back(demand.client, count - needed);
  }
  server.all.add(all, learn);
  server.needless.add(needless, learn);
  server.source.add(number, std::move(clients));
}

Sighting DnsFlood::sighting(const Server& server, const ServerStep& step, const Surge& surge) const {
  const double seconds = steps_.step_seconds;
  const auto client = server.source.one_client();

  Sighting sighting;
  sighting.detector = kind_.name;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(surge.since);
  sighting.score = surge.sureness();
  sighting.severity = surge.severity();
  sighting.evidence = {{std::string(kind_.rate_name), surge.rate / seconds},
                       {"baseline_per_s", surge.baseline / seconds}};
  server.source.add_to(sighting.evidence);
  sighting.advice =
      (client ? "Look at " + to_text(*client) + ", which alone makes most of it, and limit or block it at "
              : "Limit the rate of each client and of equal responses (RRL) on ") +
      name_of(*step.server) + ". " + kind_.advice;
  return sighting;
}

}  // namespace aggregator

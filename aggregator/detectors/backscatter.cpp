#include "aggregator/detectors/backscatter.h"

#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr std::size_t kDomains = 10;

// A bounce makes several queries, and a message may come in several connections.
constexpr double kQueriesBunch = 4;
constexpr double kMailBunch = 1.5;

std::uint64_t smtp_clients(const ServerStep& step, Distinct<10>& clients) {
  std::uint64_t count = 0;
  for (const auto& peers : step.peers) {
    for (const PeerRow& peer : peers) {
      if (peer.smtp_connections == 0) continue;
      clients.add(wire::hash(peer.client));
      ++count;
    }
  }
  return count;
}

std::vector<std::pair<std::string, std::uint64_t>> domains(const ServerStep& step) {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  for (const auto& names : step.formed) {
    for (const FormedName& name : names) counts.emplace_back(name.domain, name.queries);
  }
  return counts;
}

bool rises(const SurgeSeries& series, std::size_t steps) {
  constexpr double kRise = 1.3;
  const double count = series.sum(steps);
  return count >= 3 && count >= kRise * series.baseline() * static_cast<double>(steps);
}

}  // namespace

Backscatter::Backscatter(const DetectorSettings& settings) : settings_(settings), steps_(settings) {
  const auto series = [this](double bunch) {
    return SurgeSeries(settings_.surge, steps_, bunch, settings_.backscatter.least);
  };
  for (std::size_t i = 0; i < settings.mail_servers.size(); ++i) {
    servers_.push_back({series(kQueriesBunch), series(kQueriesBunch), series(kQueriesBunch),
                        series(kMailBunch), series(kMailBunch), series(kMailBunch), series(kMailBunch),
                        series(kQueriesBunch), TimeBlocks<Distinct<10>>(steps_.window),
                        TopShares<std::string>(steps_.window)});
  }
}

void Backscatter::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    Server& server = servers_[i];
    const ServerStep& step = view.mail_servers[i];
    add(server, step, view.number, view.learn(book, kName, step.subject()));
    if (view.learning) continue;
    const Surge surge = server.unresolved.surge();
    const bool stands_out =
        book.is_open(kName, step.subject()) ? surge.lasting : surge.clear && corroborated(server, surge);
    if (!stands_out || explained(server, surge)) continue;
    book.saw(sighting(server, step, surge));
    for (SurgeSeries* series :
         {&server.unresolved, &server.formed, &server.queries, &server.smtp_received, &server.smtp_clients,
          &server.smtp_sent, &server.logged_connects, &server.user_unknown}) {
      series->hold();
    }
  }
}

void Backscatter::add(Server& server, const ServerStep& step, std::int64_t number, SurgeSeries::Learn learn) {
  server.unresolved.add(step.counts[HostField::kUnresolved], learn);
  server.formed.add(step.counts[HostField::kFormed], learn);
  server.queries.add(step.counts.queries(), learn);
  server.smtp_received.add(step.counts[HostField::kReceivedSmtp], learn);
  server.smtp_clients.add(smtp_clients(step, server.clients.now(number)), learn);
  server.smtp_sent.add(step.counts[HostField::kConnectSmtp], learn);
  server.domains.add(number, domains(step));
  if (!step.logged) return;
  const SurgeSeries::Learn learn_log = step.log_learning ? SurgeSeries::Learn::kAtOnce : learn;
  server.logged_connects.add(step.mail[MailField::kConnects], learn_log);
  server.user_unknown.add(step.mail[MailField::kUserUnknown], learn_log);
}

void Backscatter::add_log(const Server& server, const Surge& surge, Evidence& evidence) const {
  const double seconds = static_cast<double>(surge.steps) * steps_.step_seconds;
  evidence.emplace_back("log_user_unknown_per_s", server.user_unknown.sum(surge.steps) / seconds);
  evidence.emplace_back("log_baseline_user_unknown_per_s",
                        server.user_unknown.baseline() / steps_.step_seconds);
  evidence.emplace_back("log_connects_per_s", server.logged_connects.sum(surge.steps) / seconds);
  evidence.emplace_back("log_baseline_connects_per_s",
                        server.logged_connects.baseline() / steps_.step_seconds);
}

bool Backscatter::explained(const Server& server, const Surge& surge) const {
  const double unresolved = surge.excess();
  const double formed = server.formed.excess(surge.steps);
  if (unresolved < settings_.backscatter.unresolved_share * formed) return true;
  const double sent = server.smtp_sent.excess(surge.steps);
  const double received = server.smtp_received.excess(surge.steps);
  return sent > unresolved && sent > 2 * received;
}

// Another sign of it; or it is twice as unlikely by itself.
bool Backscatter::corroborated(const Server& server, const Surge& surge) const {
  constexpr double kTogether = 0.5;
  return rises(server.smtp_received, surge.steps) || rises(server.smtp_clients, surge.steps) ||
         rises(server.user_unknown, surge.steps) ||
         r_squared(server.queries, server.unresolved) >= kTogether ||
         surge.log10_chance <= 2 * settings_.surge.log10_chance;
}

Sighting Backscatter::sighting(const Server& server, const ServerStep& step, const Surge& surge) const {
  const double seconds = steps_.step_seconds;
  const double steps = static_cast<double>(surge.steps);
  const double r2 = r_squared(server.queries, server.unresolved);
  const bool more_mail = rises(server.smtp_received, surge.steps);
  const bool more_clients = rises(server.smtp_clients, surge.steps);
  const double queries = server.queries.sum(surge.steps) / steps;
  std::vector<std::string> forged;
  for (auto& [domain, count] : server.domains.top(kDomains)) forged.push_back(domain);

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(surge.since);
  sighting.score = 0.4 * surge.sureness() + 0.3 * r2 + (more_mail ? 0.15 : 0) + (more_clients ? 0.15 : 0);
  sighting.severity = surge.severity();
  sighting.evidence = {
      {"unresolved_per_s", surge.rate / seconds},
      {"baseline_per_s", surge.baseline / seconds},
      {"r_squared", r2},
      {"queries_per_s", queries / seconds},
      {"unresolved_share", queries > 0 ? surge.rate / queries : 0.0},
      {"smtp_connections_per_s", server.smtp_received.sum(surge.steps) / steps / seconds},
      {"baseline_smtp_connections_per_s", server.smtp_received.baseline() / seconds},
      {"smtp_clients", distinct_count(server.clients.last(TimeBlocks<Distinct<10>>::kWindow))},
      {"smtp_clients_per_s", server.smtp_clients.sum(surge.steps) / steps / seconds},
      {"baseline_smtp_clients_per_s", server.smtp_clients.baseline() / seconds},
      {"forged_domains", forged},
  };
  if (step.logged) add_log(server, surge, sighting.evidence);
  sighting.advice =
      "Others send mail in the name of your users, and its bounces come to " + name_of(*step.server) +
      ". Reject unknown recipients during SMTP, before names are looked up, and publish SPF and "
      "DMARC for the forged domains" +
      (forged.empty() ? "." : ", first of all " + forged.front() + ".");
  return sighting;
}

}  // namespace aggregator

#include "aggregator/detectors/dominant_smtp_client.h"

#include <algorithm>
#include <map>

#include "aggregator/detectors/access_lines.h"
#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr double kConnectsBunch = 1.5;
constexpr double kQueriesBunch = 4;
constexpr std::size_t kClientsOfAStep = 16;

}  // namespace

DominantSmtpClient::DominantSmtpClient(const DetectorSettings& settings)
    : settings_(settings), steps_(settings) {
  const auto series = [this](double bunch) {
    return SurgeSeries(settings_.surge, steps_, bunch, settings_.mail.connects);
  };
  for (std::size_t i = 0; i < settings.mail_servers.size(); ++i) {
    servers_.push_back({series(kConnectsBunch), series(kConnectsBunch), series(kQueriesBunch), {}});
  }
}

void DominantSmtpClient::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const ServerStep& step = view.mail_servers[i];
    Server& server = servers_[i];
    if (!step.logged) continue;
    add(server, step, view.learn_log(book, kName, step));
    if (view.learning_log(step)) continue;
    const Surge surge = server.connects.surge();
    const bool open = book.is_open(kName, step.subject());
    if (!(open ? surge.lasting : surge.clear)) continue;
    const Client client = top_client(server, surge.steps);
    if (client.connects < settings_.flood.one_client * surge.excess()) continue;
    if (!fruitless(server, client, surge)) continue;
    for (SurgeSeries* series : {&server.connects, &server.mails, &server.queries}) series->hold();
    book.saw(sighting(server, view, step, client, surge));
  }
}

std::vector<DominantSmtpClient::Client> DominantSmtpClient::busiest(const ServerStep& step) {
  std::vector<Client> clients;
  for (const auto& rows : step.mail_clients) {
    for (const MailClientRow& row : rows) {
      clients.push_back({row.client, static_cast<double>(row.connects), static_cast<double>(row.rejected)});
    }
  }
  std::ranges::stable_sort(clients, std::ranges::greater{}, &Client::connects);
  clients.resize(std::min(clients.size(), kClientsOfAStep));
  return clients;
}

void DominantSmtpClient::add(Server& server, const ServerStep& step, SurgeSeries::Learn learn) {
  server.connects.add(step.mail[MailField::kConnects], learn);
  server.mails.add(step.mail[MailField::kFrom], learn);
  server.queries.add(step.queries(), learn);
  server.recent.push_back(busiest(step));
  if (server.recent.size() > static_cast<std::size_t>(steps_.window)) server.recent.pop_front();
}

// Of the newest steps, as far as the window goes.
DominantSmtpClient::Client DominantSmtpClient::top_client(const Server& server, std::size_t steps) {
  std::map<wire::Address, Client> sums;
  const std::size_t kept = std::min(steps, server.recent.size());
  for (std::size_t age = 0; age < kept; ++age) {
    for (const Client& client : server.recent[server.recent.size() - 1 - age]) {
      Client& sum = sums[client.address];
      sum.address = client.address;
      sum.connects += client.connects;
      sum.rejected += client.rejected;
    }
  }
  Client top;
  for (const auto& [address, sum] : sums) {
    if (sum.connects > top.connects) top = sum;
  }
  return top;
}

bool DominantSmtpClient::fruitless(const Server& server, const Client& client, const Surge& surge) const {
  const double share = settings_.mail.fruitless;
  return client.rejected >= share * client.connects ||
         server.mails.excess(surge.steps) <= (1 - share) * surge.excess();
}

Sighting DominantSmtpClient::sighting(const Server& server, const StepView& view, const ServerStep& step,
                                      const Client& client, const Surge& surge) const {
  const double seconds = static_cast<double>(surge.steps) * steps_.step_seconds;
  const double connects = server.connects.sum(surge.steps);
  const double queries = server.queries.sum(surge.steps);
  const double share = std::min(1.0, client.connects / connects);
  // What is above the baselines, connection for connection.
  const double queries_each = std::max(0.0, server.queries.excess(surge.steps) / surge.excess());
  const auto until = std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::nanoseconds>(
                         std::chrono::nanoseconds(view.step.begin_ns))) +
                     std::chrono::days(settings_.mail.access_days);

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(surge.since);
  sighting.score = surge.sureness() * (0.5 + share / 2);
  sighting.severity = surge.severity();
  sighting.evidence = {
      {"client", to_text(client.address)},
      {"client_share", share},
      {"client_connects_per_s", client.connects / seconds},
      {"client_rejected_per_s", client.rejected / seconds},
      {"connects_per_s", connects / seconds},
      {"baseline_connects_per_s", surge.baseline / steps_.step_seconds},
      {"connects_per_s_without", std::max(0.0, connects - client.connects) / seconds},
      {"queries_per_s", queries / seconds},
      {"queries_per_s_without", std::max(0.0, queries - queries_each * client.connects) / seconds},
      {"postfix_check_client_access", postfix_access_lines(client.address, until)},
      {"sendmail_access_map", sendmail_access_lines(client.address, until)},
  };
  sighting.advice = "Most connections to " + name_of(*step.server) + " are those of " +
                    to_text(client.address) +
                    " and bring no mail: put one of the lines into its access list, and take it out again on "
                    "the day that the line says.";
  return sighting;
}

}  // namespace aggregator

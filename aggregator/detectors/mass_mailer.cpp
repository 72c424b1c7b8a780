#include "aggregator/detectors/mass_mailer.h"

#include <algorithm>

#include "aggregator/detectors/wording.h"

namespace aggregator {

MassMailer::Mail& MassMailer::Mail::operator+=(const Mail& other) noexcept {
  destinations += other.destinations;
  connections += other.connections;
  unresolved += other.unresolved;
  mx_queries += other.mx_queries;
  received += other.received;
  return *this;
}

MassMailer::MassMailer(const DetectorSettings& settings)
    : settings_(settings), steps_(settings), hosts_(settings.suspects) {
  for (const WatchedServer& server : settings.mail_servers) {
    servers_.insert(server.addresses.begin(), server.addresses.end());
  }
}

void MassMailer::observe(const StepView& view, FindingBook& book) {
  for (const HostRow& row : view.step.hosts) {
    if (row.counts[HostField::kConnectSmtp] + row.counts[HostField::kQueriesMx] == 0) continue;
    if (!is_server(row.host)) observe_host(row, view, book);
  }
}

void MassMailer::observe_host(const HostRow& row, const StepView& view, FindingBook& book) {
  Host* host = hosts_.at(row.host, view.number);
  if (host == nullptr) return;
  if (!host->known) {
    host->mail = TimeBlocks<Mail>(steps_.window);
    host->last = view.number - steps_.window - 1;
    host->known = true;
  }
  const std::uint64_t connections = row.counts[HostField::kConnectSmtp];
  host->mail.now(view.number) +=
      Mail{row.smtp_destinations, connections, row.counts[HostField::kWithoutResolution],
           row.counts[HostField::kQueriesMx], row.counts[HostField::kReceivedSmtp]};
  if (connections == 0) return;
  if (view.number - host->last > steps_.window) host->since = view.number;
  host->last = view.number;

  const Mail window = host->mail.last(TimeBlocks<Mail>::kWindow);
  if (view.learning) {
    host->learned = std::max(host->learned, window.destinations.estimate());
    return;
  }
  const Mail four_windows = host->mail.last(TimeBlocks<Mail>::kFourWindows);
  if (stands_out(window, four_windows, host->learned, book.is_open(kName, row.host))) {
    book.saw(sighting(row, *host, view));
  }
}

bool MassMailer::stands_out(const Mail& window, const Mail& four_windows, double learned, bool open) const {
  const MassMailerThresholds& wanted = settings_.mass_mailer;
  const bool asks = four_windows.mx_queries >= wanted.mx_queries;
  // Without names it is a scan, which is another finding.
  if (!asks && 2 * four_windows.unresolved > four_windows.connections) return false;
  const auto least = static_cast<double>(asks ? wanted.destinations : wanted.destinations_without_mx);
  const double now = window.destinations.estimate();
  const double lately = four_windows.destinations.estimate();
  if (open) return now >= std::max(2.0, learned) || lately >= least;
  constexpr double kHalf = 0.5;  // the estimate of a whole number
  return (now > least - kHalf && now >= wanted.ratio * learned) ||
         (lately > 2 * least - kHalf && lately >= 2 * wanted.ratio * learned);
}

Sighting MassMailer::sighting(const HostRow& row, const Host& host, const StepView& view) const {
  const Mail window = host.mail.last(TimeBlocks<Mail>::kWindow);
  const Mail four_windows = host.mail.last(TimeBlocks<Mail>::kFourWindows);
  const double seconds = static_cast<double>(steps_.window) * steps_.step_seconds;
  const double destinations = four_windows.destinations.estimate();
  const bool asks = four_windows.mx_queries >= settings_.mass_mailer.mx_queries;
  const bool receives = four_windows.received > 0;
  const std::string subject = to_text(row.host);

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = row.host;
  sighting.steps_ago = view.number - host.since;
  sighting.score = (1 - std::exp2(-destinations / static_cast<double>(settings_.mass_mailer.destinations))) *
                   (asks ? 1 : 0.8) * (receives ? 0.6 : 1);
  sighting.severity = receives                                                   ? Severity::kLow
                      : destinations >= 4.0 * settings_.mass_mailer.destinations ? Severity::kHigh
                                                                                 : Severity::kMedium;
  sighting.evidence = {
      {"smtp_destinations", distinct_count(window.destinations)},
      {"smtp_destinations_in_four_windows", distinct_count(four_windows.destinations)},
      {"baseline_smtp_destinations", host.learned},
      {"smtp_connections_per_s", static_cast<double>(window.connections) / seconds},
      {"mx_queries_per_s", static_cast<double>(window.mx_queries) / seconds},
      {"smtp_connections_received", four_windows.received},
  };
  sighting.advice = "Look for malware on " + subject +
                    ", and block its connections to port 25 except to your own mail server. "
                    "If it is a mail server, list it under [[mail_server]].";
  return sighting;
}

}  // namespace aggregator

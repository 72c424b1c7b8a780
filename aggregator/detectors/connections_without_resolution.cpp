#include "aggregator/detectors/connections_without_resolution.h"

#include <algorithm>
#include <cmath>

#include "aggregator/detectors/rows_of.h"
#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr std::size_t at(HostField field) {
  return static_cast<std::size_t>(field) - static_cast<std::size_t>(kConnectFields.first);
}

HostField field_of(std::uint16_t port) {
  switch (port) {
    case 25:
      return HostField::kConnectSmtp;
    case 53:
      return HostField::kConnectDns;
    case 80:
      return HostField::kConnectHttp;
    case 110:
    case 995:
      return HostField::kConnectPop;
    case 135:
      return HostField::kConnectRpc;
    case 139:
      return HostField::kConnectNetbios;
    case 143:
    case 993:
      return HostField::kConnectImap;
    case 443:
      return HostField::kConnectHttps;
    case 445:
      return HostField::kConnectSmb;
    case 853:
      return HostField::kConnectDot;
    default:
      return HostField::kConnectOther;
  }
}

bool browsers_use(std::uint16_t port) {
  return port == 80 || port == 443 || port == 8080 || port == 8443;
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

ConnectionsWithoutResolution::Connections& ConnectionsWithoutResolution::Connections::operator+=(
    const Connections& other) noexcept {
  destinations += other.destinations;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += other.to[i];
  unresolved += other.unresolved;
  not_judged += other.not_judged;
  accepted += other.accepted;
  mx_queries += other.mx_queries;
  return *this;
}

std::uint64_t ConnectionsWithoutResolution::Connections::all() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : to) sum += count;
  return sum;
}

ConnectionsWithoutResolution::ConnectionsWithoutResolution(const DetectorSettings& settings)
    : settings_(settings), steps_(settings), hosts_(settings.suspects) {}

void ConnectionsWithoutResolution::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < view.step.hosts.size(); ++i) {
    const HostRow& row = view.step.hosts[i];
    HostHabits* habits = view.habits[i];
    accepts_seen_ |= row.counts[HostField::kGotAccept] > 0;
    if (interesting(row, habits)) observe_host(row, habits, view, book);
  }
}

bool ConnectionsWithoutResolution::interesting(const HostRow& row, const HostHabits* habits) const {
  const HostCounts& counts = row.counts;
  const bool windows_ports =
      counts[HostField::kConnectRpc] + counts[HostField::kConnectNetbios] + counts[HostField::kConnectSmb] >
      0;
  const bool suspect = habits != nullptr && habits->scan_suspect && counts.connections() > 0;
  return suspect || counts[HostField::kWithoutResolution] > 0 ||
         (windows_ports && counts[HostField::kNotJudged] > 0);
}

void ConnectionsWithoutResolution::observe_host(const HostRow& row, HostHabits* habits, const StepView& view,
                                                FindingBook& book) {
  Host* host = exempt(row.host) ? nullptr : hosts_.at(row.host, view.number);
  if (host == nullptr) return;
  if (habits != nullptr) habits->scan_suspect = true;
  if (!host->known) {
    host->connections = TimeBlocks<Connections>(steps_.window);
    host->last = view.number - steps_.window - 1;
    host->known = true;
  }
  Connections& now = host->connections.now(view.number);
  now.destinations += row.destinations;
  for (std::size_t i = 0; i < now.to.size(); ++i) {
    now.to[i] += row.counts.of[static_cast<std::size_t>(kConnectFields.first) + i];
  }
  now.unresolved += row.counts[HostField::kWithoutResolution];
  now.not_judged += row.counts[HostField::kNotJudged];
  now.accepted += row.counts[HostField::kGotAccept];
  now.mx_queries += row.counts[HostField::kQueriesMx];

  const std::size_t attempts = add_attempts(*host, row, view, habits != nullptr && habits->asked);
  if (attempts + row.counts[HostField::kNotJudged] == 0) return;
  if (view.number - host->last > steps_.window) host->since = view.number;
  host->last = view.number;

  const Scan found = scan(*host, habits, view.number);
  if (view.learning) {
    host->learned = std::max(host->learned, static_cast<double>(found.pattern.addresses));
    return;
  }
  if (!view.answers_known) return;
  const double enough = book.is_open(kName, row.host) ? 0.5 : 1;
  if (found.strength < enough) return;
  if (explained_by_loss(found, book.loss_share())) {
    book.withhold();
    return;
  }
  book.saw(sighting(row, *host, found, view.number));
}

std::size_t ConnectionsWithoutResolution::add_attempts(Host& host, const HostRow& row, const StepView& view,
                                                       bool resolver) {
  std::size_t added = 0;
  for (const UnresolvedConnect& connect :
       rows_of(view.step.unresolved, row.host, &UnresolvedConnect::client)) {
    if (exempt(connect.port)) continue;
    if (resolver && field_of(connect.port) == HostField::kConnectDns) continue;  // glue told it the address
    host.attempts.add(view.number, connect.destination, connect.port, connect.packets);
    ++added;
  }
  return added;
}

ConnectionsWithoutResolution::Scan ConnectionsWithoutResolution::scan(const Host& host,
                                                                      const HostHabits* habits,
                                                                      std::int64_t number) const {
  const bool asks = habits != nullptr && habits->known_to_resolve_by_port_53();
  const Scan window = scan_in(host, asks, number - steps_.window + 1, TimeBlocks<Connections>::kWindow, 1);
  if (window.strength >= 1) return window;
  const Scan four_windows =
      scan_in(host, asks, number - 4 * steps_.window + 1, TimeBlocks<Connections>::kFourWindows, 2);
  return four_windows.strength > window.strength ? four_windows : window;
}

// `more`: so many times as many are enough.
ConnectionsWithoutResolution::Scan ConnectionsWithoutResolution::scan_in(const Host& host, bool asks,
                                                                         std::int64_t first_step,
                                                                         std::int64_t blocks,
                                                                         double more) const {
  Scan scan;
  scan.connections = host.connections.last(blocks);
  scan.pattern = host.attempts.pattern(first_step);
  scan.strength = horizontal(scan.pattern, scan.connections, asks);
  const double vertical =
      static_cast<double>(scan.pattern.ports) / static_cast<double>(settings_.scan.ports) / (asks ? 1 : 2);
  if (vertical > scan.strength) {
    scan.vertical = true;
    scan.strength = vertical;
  }
  const double unjudged = windows_ports(scan.connections);
  if (unjudged > scan.strength) {
    scan.vertical = false;
    scan.judged = false;
    scan.strength = unjudged;
  }
  if (!scan.vertical && scan.judged && host.learned > 0) {
    const double baseline = settings_.scan.ratio * host.learned;
    scan.strength = std::min(scan.strength, static_cast<double>(scan.pattern.addresses) / baseline);
  }
  scan.strength /= more;
  return scan;
}

double ConnectionsWithoutResolution::horizontal(const ScanPattern& pattern, const Connections& connections,
                                                bool asks) const {
  const ScanThresholds& wanted = settings_.scan;
  if (pattern.concentration < wanted.concentration) return 0;
  const std::uint64_t to_port = connections.to[at(field_of(pattern.port))];
  const double share =
      std::max(ratio(pattern.packets, to_port), ratio(connections.unresolved, connections.all()));
  if (share < wanted.share) return 0;
  // A mass mailer that takes addresses from the answers to its MX queries.
  if (pattern.port == 25 && 3 * connections.mx_queries > to_port) return 0;

  const auto addresses = static_cast<double>(pattern.addresses);
  if (browsers_use(pattern.port)) {
    if (!asks || (accepts_seen_ && failed(connections) < wanted.web_failed)) return 0;
    return addresses / static_cast<double>(wanted.web_addresses);
  }
  const bool all_answer = accepts_seen_ && failed(connections) < 0.2;
  return addresses / static_cast<double>(wanted.addresses) / (asks ? 1 : 2) / (all_answer ? 3 : 1);
}

double ConnectionsWithoutResolution::windows_ports(const Connections& connections) const {
  const ScanThresholds& wanted = settings_.scan;
  const std::uint64_t to_windows = connections.to[at(HostField::kConnectRpc)] +
                                   connections.to[at(HostField::kConnectNetbios)] +
                                   connections.to[at(HostField::kConnectSmb)];
  if (ratio(to_windows, connections.all()) < wanted.share) return 0;
  if (ratio(connections.not_judged, connections.all()) < wanted.share) return 0;
  if (accepts_seen_ && failed(connections) < 0.3) return 0;
  return connections.destinations.estimate() / (3 * static_cast<double>(wanted.addresses));
}

// Each answer that was lost leaves a connection without resolution.
bool ConnectionsWithoutResolution::explained_by_loss(const Scan& scan, double loss_share) const {
  const std::uint64_t unresolved = scan.judged ? scan.connections.unresolved : scan.connections.not_judged;
  const double lost = settings_.loss_factor * loss_share * static_cast<double>(scan.connections.all());
  return loss_share > 0 && static_cast<double>(unresolved) <= lost;
}

Sighting ConnectionsWithoutResolution::sighting(const HostRow& row, const Host& host, const Scan& scan,
                                                std::int64_t number) const {
  const Connections window = host.connections.last(TimeBlocks<Connections>::kWindow);
  const double seconds = static_cast<double>(steps_.window) * steps_.step_seconds;
  const std::string subject = to_text(row.host);
  const std::string port = std::to_string(scan.pattern.port);
  const std::uint64_t addresses =
      scan.judged && scan.pattern.addresses < ScanAttempts::kCapacity / 2
          ? scan.pattern.addresses
          : std::max<std::uint64_t>(scan.pattern.addresses, distinct_count(scan.connections.destinations));

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = row.host;
  sighting.steps_ago = number - host.since;
  sighting.score = 1 - std::exp2(-std::min(scan.strength, 20.0));
  if (accepts_seen_) sighting.score *= 0.7 + 0.3 * failed(scan.connections);
  sighting.severity = scan.strength >= 3 ? Severity::kHigh : Severity::kMedium;
  sighting.evidence = {{"pattern", std::string(scan.vertical ? "vertical" : "horizontal")}};
  Evidence& evidence = sighting.evidence;
  if (scan.vertical) {
    evidence.emplace_back("target", to_text(scan.pattern.target));
    evidence.emplace_back("ports", std::uint64_t{scan.pattern.ports});
  } else {
    if (scan.judged) evidence.emplace_back("port", std::uint64_t{scan.pattern.port});
    evidence.emplace_back("addresses", addresses);
    evidence.emplace_back("baseline_addresses", host.learned);
  }
  evidence.emplace_back("without_resolution_per_s", static_cast<double>(window.unresolved) / seconds);
  evidence.emplace_back("connections_per_s", static_cast<double>(window.all()) / seconds);
  evidence.emplace_back("without_resolution_share", ratio(window.unresolved, window.all()));
  if (accepts_seen_) evidence.emplace_back("failed_share", failed(scan.connections));
  sighting.advice =
      "Isolate " + subject + " and look for malware: it connects to " +
      (scan.vertical ? std::to_string(scan.pattern.ports) + " ports of " + to_text(scan.pattern.target)
       : scan.judged ? std::to_string(addresses) + " addresses at port " + port
                     : std::to_string(addresses) + " addresses at ports 135, 139 and 445") +
      ", which no DNS answer told anybody. If it is a scanner of your own, list it under exempt_hosts.";
  return sighting;
}

bool ConnectionsWithoutResolution::exempt(const wire::Address& host) const {
  return std::ranges::any_of(settings_.exempt_hosts,
                             [&](const wire::Network& network) { return network.contains(host); });
}

bool ConnectionsWithoutResolution::exempt(std::uint16_t port) const {
  return std::ranges::find(settings_.exempt_ports, port) != settings_.exempt_ports.end();
}

double ConnectionsWithoutResolution::failed(const Connections& connections) const noexcept {
  return 1 - ratio(connections.accepted, connections.all());
}

}  // namespace aggregator

#include "mgmt/analysis_settings.h"

#include <algorithm>
#include <functional>

#include "mgmt/pattern_loading.h"

namespace mgmt {
namespace {

// Without the list domains are not counted; it takes names of [network] to need it.
std::vector<wire::Address> server_addresses(const Config& config) {
  std::vector<wire::Address> addresses;
  for (const auto* servers : {&config.mail_servers, &config.dns_servers}) {
    for (const aggregator::WatchedServer& server : *servers) {
      addresses.insert(addresses.end(), server.addresses.begin(), server.addresses.end());
    }
  }
  return addresses;
}

std::vector<matchers::WireName> longest_first(const std::vector<std::string>& domains) {
  std::vector<matchers::WireName> names;
  for (const std::string& domain : domains) names.push_back(matchers::host_domain(domain));
  std::ranges::sort(names, std::ranges::greater{}, &matchers::WireName::size);
  return names;
}

std::vector<std::uint16_t> ports_of(const std::vector<std::uint64_t>& numbers) {
  return {numbers.begin(), numbers.end()};
}

aggregator::HostStepSettings step_settings(const Config& config, const aggregator::ShardSettings& shard) {
  aggregator::HostStepSettings settings;
  settings.exempt_hosts = config.detectors.exempt_hosts;
  settings.exempt_ports = ports_of(config.detectors.exempt_ports);
  settings.told_bytes = shard.hosts.told_bytes;
  settings.hash = shard.hosts.hash;
  settings.local_domains = longest_first(config.network.local_domains);
  settings.suffixes = shard.suffixes;
  settings.mail_servers = config.mail_servers;
  settings.tap = !shard.logs_alone;
  return settings;
}

aggregator::DetectorSettings detector_settings(const Config& config) {
  aggregator::DetectorSettings settings;
  settings.step_ns = config.detectors.step_ns;
  settings.learn_ns = config.detectors.learn_ns;
  settings.window_ns = config.detectors.window_ns;
  settings.internal = config.network.internal;
  settings.mail_servers = config.mail_servers;
  settings.dns_servers = config.dns_servers;
  settings.exempt_hosts = config.detectors.exempt_hosts;
  settings.exempt_ports = ports_of(config.detectors.exempt_ports);
  settings.surge = config.detectors.surge;
  settings.backscatter = config.detectors.backscatter;
  settings.mass_mailer = config.detectors.mass_mailer;
  settings.scan = config.detectors.scan;
  settings.answer_flood = config.detectors.answer_flood;
  settings.flood = config.detectors.flood;
  settings.mail = config.detectors.mail;
  settings.calendar = {config.detectors.holidays, config.detectors.utc_offset_s};
  return settings;
}

}  // namespace

std::shared_ptr<const matchers::PublicSuffixes> suffixes_if_there() {
  try {
    return std::make_shared<const matchers::PublicSuffixes>(matchers::PublicSuffixes::read());
  } catch (const matchers::PublicSuffixError&) {
    return nullptr;
  }
}

std::shared_ptr<const matchers::UnresolvedNames> unresolved_names(const Config::Network& network) {
  if (network.local_domains.empty()) return nullptr;
  try {
    return std::make_shared<const matchers::UnresolvedNames>(network.local_domains, network.subdomains,
                                                             matchers::PublicSuffixes::read());
  } catch (const matchers::DomainError& error) {
    throw ConfigError(std::string("[network]: ") + error.what());
  } catch (const matchers::PublicSuffixError& error) {
    throw ConfigError(error.what());
  }
}

dataplane::ObserverSettings observer_settings(const Config& config, std::size_t workers) {
  dataplane::ObserverSettings settings;
  settings.reassemble = config.decode.reassemble;
  settings.duplicates.window_ns = config.decode.dedup_ns;
  settings.duplicates.packets = static_cast<std::uint32_t>(config.memory.dedup_packets);
  settings.fragments.datagrams = static_cast<std::uint32_t>(config.memory.fragments);
  settings.streams.streams = static_cast<std::uint32_t>(config.memory.dns_streams);
  settings.streams.blocks =
      static_cast<std::uint32_t>(config.memory.dns_stream_bytes / dataplane::OctetStore::kBlockBytes);
  settings.unresolved_names = unresolved_names(config.network);
  settings.patterns = pattern_scanners(config, workers);
  return settings;
}

aggregator::ShardSettings shard_settings(const Config& config, std::span<const wire::Address> others) {
  aggregator::ShardSettings settings;
  settings.mode = config.pairing.correlate;
  settings.window_ns = config.pairing.window_ns;
  settings.open_answers = config.memory.pairing_entries;
  settings.clients = config.memory.clients;
  settings.names = config.memory.names;
  settings.domains = std::max(config.memory.names / 4, aggregator::kTopNames);
  settings.hosts.internal = config.network.internal;
  settings.hosts.hosts = config.memory.hosts;
  settings.hosts.peers = config.memory.server_clients;
  settings.hosts.resolutions = config.memory.resolutions;
  settings.hosts.unknown = config.memory.unresolved;
  settings.hosts.doh_names = aggregator::DohNames(config.detectors.doh_names);
  settings.hosts.patterns = !config.patterns.file.empty();
  settings.hosts.servers = server_addresses(config);
  settings.hosts.others.assign(others.begin(), others.end());
  settings.mail.servers = config.mail_servers;
  settings.mail.hash = settings.hosts.hash;
  if (settings.hosts.any()) settings.suffixes = suffixes_if_there();
  return settings;
}

std::optional<aggregator::HostAnalysisSettings> host_analysis_settings(
    const Config& config, const aggregator::ShardSettings& shard,
    const dataplane::PatternScanners* patterns) {
  if (!shard.hosts.any()) return std::nullopt;
  aggregator::HostAnalysisSettings settings;
  settings.steps = step_settings(config, shard);
  settings.detectors = detector_settings(config);
  settings.pattern_labels = pattern_labels(patterns);
  settings.series.hosts = shard.hosts.servers;
  settings.series.hosts.insert(settings.series.hosts.end(), shard.hosts.others.begin(),
                               shard.hosts.others.end());
  settings.series.busiest = config.memory.series_hosts;
  settings.series.east_s = config.detectors.utc_offset_s;
  return settings;
}

std::map<std::uint32_t, std::string> pattern_labels(const dataplane::PatternScanners* patterns) {
  std::map<std::uint32_t, std::string> labels;
  if (patterns == nullptr) return labels;
  for (const matchers::Pattern& pattern : patterns->database().patterns()) labels[pattern.id] = pattern.label;
  return labels;
}

}  // namespace mgmt

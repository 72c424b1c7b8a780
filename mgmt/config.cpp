#include "mgmt/config.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "aggregator/doh_names.h"
#include "matchers/domain_text.h"
#include "mgmt/detector_thresholds.h"
#include "mgmt/eve/event_log_config.h"
#include "mgmt/fleet/fleet_config.h"
#include "mgmt/syslog_settings.h"
#include "mgmt/text_style.h"
#include "mgmt/time_text.h"
#include "mgmt/toml_section.h"
#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

constexpr std::size_t kMaxConfigBytes = 1 << 20;
constexpr std::size_t kMaxReasonColumns = 200;
constexpr std::ptrdiff_t kMaxDotsInLine = 500;  // toml++ calls itself once for each part of a dotted key
constexpr std::array<std::string_view, 2> kCorrelateNames = {"client", "address"};

void read_replay(TomlSection& in, Config::Replay& replay) {
  in.count("workers", replay.workers, kWorkersRange);
  in.count("shards", replay.shards, kShardsRange);
}

void read_pairing(TomlSection& in, Config::Pairing& pairing) {
  in.duration("window", pairing.window_ns, kWindowRangeNs);
  in.choice("correlate", pairing.correlate, kCorrelateNames);
}

void read_decode(TomlSection& in, Config::Decode& decode) {
  in.boolean("reassemble", decode.reassemble);
  in.duration_or_off("dedup", decode.dedup_ns, kDedupRangeNs);
}

void read_memory(TomlSection& in, Config::Memory& memory) {
  in.count("pairing_entries", memory.pairing_entries, kPairingEntriesRange);
  in.count("clients", memory.clients, kClientsRange);
  in.count("names", memory.names, kNamesRange);
  in.count("fragments", memory.fragments, kFragmentsRange);
  in.count("dns_streams", memory.dns_streams, kDnsStreamsRange);
  in.count("dns_stream_bytes", memory.dns_stream_bytes, kDnsStreamBytesRange);
  in.power_of_two("dedup_packets", memory.dedup_packets, kDedupPacketsRange);
  in.count("hosts", memory.hosts, kHostsRange);
  in.count("server_clients", memory.server_clients, kHostsRange);
  in.count("resolutions", memory.resolutions, kResolutionsRange);
  in.count("unresolved", memory.unresolved, kHostsRange);
  in.count("series_hosts", memory.series_hosts, kSeriesHostsRange);
  in.power_of_two("ring_events", memory.ring_events, kRingEventsRange);
}

void networks(TomlSection& in, std::string_view key, std::vector<wire::Network>& value) {
  in.list(key, value,
          "networks such as \"10.1.0.0/16\" or \"2001:db8:1::/48\", with no bit set behind the prefix",
          wire::network_from);
}

std::optional<std::string> domain_from(std::string_view text) {
  try {
    matchers::host_domain(text);
    return std::string(text);
  } catch (const matchers::DomainError&) {
    return std::nullopt;
  }
}

void domains(TomlSection& in, std::string_view key, std::vector<std::string>& value) {
  in.list(key, value, "domain names such as \"campus.example\"", domain_from);
}

void read_network(TomlSection& in, Config::Network& network) {
  networks(in, "internal", network.internal);
  domains(in, "local_domains", network.local_domains);
  domains(in, "subdomains", network.subdomains);
}

void read_patterns(TomlSection& in, Config::Patterns& patterns) {
  in.text("file", patterns.file);
  in.text("cache", patterns.cache);
}

void read_syslog(TomlSection& in, Config::Syslog& syslog) {
  in.parsed_text("listen", syslog.listen, "an address and a port such as \"0.0.0.0:514\" or \"[::]:514\"",
                 parse_endpoint);
  in.require("listen");
  in.boolean("udp", syslog.udp);
  in.boolean("tcp", syslog.tcp);
  in.refuse_if(!syslog.udp && !syslog.tcp, "tcp", "true where udp is not");
  in.count("connections", syslog.connections, kSyslogConnectionsRange);
  in.duration("idle", syslog.idle_ns, kSyslogIdleRangeNs);
  in.parsed_text("zone", syslog.zone_s, "\"UTC\" or an offset from it such as \"+09:00\"", parse_zone);
}

void read_state(TomlSection& in, Config::State& state) {
  in.text("folder", state.folder);
  in.refuse_if(state.folder.empty(), "folder", "the name of a folder");
}

void read_history(TomlSection& in, Config::History& history) {
  in.boolean("enabled", history.enabled);
  in.duration("keep_minutes", history.keep_minutes_ns, kHistoryKeepRangeNs);
  in.duration("keep_hours", history.keep_hours_ns, kHistoryKeepRangeNs);
  in.duration("keep_days", history.keep_days_ns, kHistoryKeepRangeNs);
  in.count("max_bytes", history.max_bytes, kHistoryBytesRange);
}

// `state` has been read.
void read_spool(TomlSection& in, const Config::State& state, SpoolSettings& spool) {
  spool.folder = state.folder + "/spool";
  in.text("folder", spool.folder);
  in.refuse_if(spool.folder.empty(), "folder", "the name of a folder");
  in.choice("what", spool.what, kSpoolWhatNames);
  in.boolean("enabled", spool.enabled);
  in.count("snap_length", spool.snap_length, kSpoolSnapRange);
  in.count("rotate_bytes", spool.rotate_bytes, kSpoolRotateBytesRange);
  in.duration_or_off("rotate", spool.rotate_ns, kRotateRangeNs);
  in.count("max_bytes", spool.max_bytes, kSpoolBytesRange);
  in.refuse_if(spool.max_bytes / 2 < spool.rotate_bytes, "max_bytes", "at least twice rotate_bytes");
  in.power_of_two("ring_bytes", spool.ring_bytes, kSpoolRingRange);
}

void read_socket(TomlSection& in, SocketSettings& socket) {
  in.text("path", socket.path);
  in.text("group", socket.group);
}

void read_http(TomlSection& in, HttpSettings& http) {
  in.parsed_text("listen", http.listen, "an address and a port such as \"127.0.0.1:8053\" or \"[::1]:8053\"",
                 parse_endpoint);
  in.text("tls_cert", http.tls_cert);
  in.text("tls_key", http.tls_key);
  in.refuse_if(http.tls_cert.empty() != http.tls_key.empty(), http.tls_key.empty() ? "tls_cert" : "tls_key",
               "beside the other of tls_cert and tls_key");
  in.text("token_file", http.token_file);
  const bool open = !is_loopback(http.listen.address) && (http.tls_cert.empty() || http.token_file.empty());
  in.refuse_if(
      open, "listen",
      "127.0.0.1 or [::1] unless there are tls_cert, tls_key and token_file, since other machines reach it");
  in.count("connections", http.connections, kHttpConnectionsRange);
}

std::optional<Sink> sink_from(std::string_view text) {
  const auto found = std::ranges::find(kSinkNames, text);
  if (found == kSinkNames.end()) return std::nullopt;
  return static_cast<Sink>(found - kSinkNames.begin());
}

void read_privacy(TomlSection& in, PrivacySettings& privacy) {
  in.required_text("key_file", privacy.key_file);
  in.list("sinks", privacy.sinks, "of \"api\", \"event_log\", \"fleet\", \"spool\" and \"history\"",
          sink_from);
}

using Servers = std::vector<aggregator::WatchedServer>;

// A line does not say whose it is: by its sender alone that is known.
bool shares_sender(const Servers& others, const aggregator::WatchedServer& server) {
  return std::ranges::any_of(log_senders(server), [&](const wire::Address& from) {
    return std::ranges::any_of(others, [&](const aggregator::WatchedServer& other) {
      return std::ranges::count(log_senders(other), from) > 0;
    });
  });
}

void addresses(TomlSection& in, std::string_view key, std::vector<wire::Address>& value) {
  in.list(key, value, "addresses such as \"10.1.0.25\" or \"2001:db8:1::25\"", wire::address_from);
}

void read_server(TomlSection& in, Servers& servers, bool with_logs) {
  aggregator::WatchedServer server;
  in.required_text("name", server.name);
  addresses(in, "address", server.addresses);
  in.require("address");
  addresses(in, "log_from", server.log_from);
  in.refuse_if(with_logs && shares_sender(servers, server), "log_from",
               "addresses that send no log of another such server");
  servers.push_back(std::move(server));
}

void whole_seconds(TomlSection& in, std::string_view key, std::int64_t& value_ns) {
  in.duration(key, value_ns, kDetectorTimeRangeNs);
  in.refuse_if(value_ns % 1'000'000'000 != 0, key, "a time of whole seconds");
}

void read_threshold(TomlSection& in, std::string_view key, std::uint64_t& value, Range<std::uint64_t> range) {
  in.count(key, value, range);
}
void read_threshold(TomlSection& in, std::string_view key, double& value, Range<double> range) {
  in.number(key, value, range);
}

void read_thresholds(TomlSection& in, Config::Detectors& detectors) {
  for (const std::string_view wanted : kThresholdSections) {
    in.section(wanted, [&](TomlSection& section) {
      visit_thresholds(detectors, [&](std::string_view of, std::string_view key, auto& value, auto range) {
        if (of == wanted) read_threshold(section, key, value, range);
      });
    });
  }
}

void utc_offset(TomlSection& in, std::int64_t& value_s) {
  std::string text = utc_offset_text(value_s);
  in.text("utc_offset", text);
  const auto offset_s = parse_utc_offset(text);
  in.refuse_if(!offset_s, "utc_offset", "an offset such as \"+09:00\" or \"-05:00\"");
  if (offset_s) value_s = *offset_s;
}

void read_detectors(TomlSection& in, Config::Detectors& detectors) {
  whole_seconds(in, "step", detectors.step_ns);
  whole_seconds(in, "learn", detectors.learn_ns);
  whole_seconds(in, "window", detectors.window_ns);
  in.refuse_if(detectors.window_ns < 2 * detectors.step_ns, "window", "at least two steps");
  networks(in, "exempt_hosts", detectors.exempt_hosts);
  in.counts("exempt_ports", detectors.exempt_ports, kIpPortRange);
  domains(in, "doh_names", detectors.doh_names);
  in.refuse_if(detectors.doh_names.size() > aggregator::DohNames::kMost, "doh_names",
               fmt::format("at most {} names", aggregator::DohNames::kMost));
  in.list("holidays", detectors.holidays, "dates such as \"2026-01-01\"", parse_date);
  utc_offset(in, detectors.utc_offset_s);
  read_thresholds(in, detectors);
}

// One port read twice would count every frame twice.
bool is_named(const std::vector<Config::Port>& ports, std::string_view name) {
  return !name.empty() &&
         std::ranges::any_of(ports, [&](const Config::Port& port) { return port.settings.name == name; });
}

void read_port(TomlSection& in, std::vector<Config::Port>& ports) {
  Config::Port port;
  dataplane::PortSettings& settings = port.settings;
  in.required_text("name", settings.name);
  in.refuse_if(is_named(ports, settings.name), "name", "a port that no section before it names");
  in.choice("driver", settings.driver, dataplane::kPortDriverNames);
  in.text("devargs", settings.devargs);
  in.count("queues", settings.queues, kQueuesRange);
  in.cores("cores", port.cores, kCoreRange);
  in.cores("shard_cores", port.shard_cores, kCoreRange);
  in.count("rx_descriptors", settings.rx_descriptors, kRxDescriptorsRange);
  in.count("mempool", settings.mempool, kMempoolRange);
  in.boolean("nic_filter", settings.nic_filter);
  in.boolean("expect_vlans", port.expect_vlans);
  ports.push_back(std::move(port));
}

void read_all(TomlSection& in, Config& config) {
  in.section("replay", [&](TomlSection& section) { read_replay(section, config.replay); });
  in.section("pairing", [&](TomlSection& section) { read_pairing(section, config.pairing); });
  in.section("decode", [&](TomlSection& section) { read_decode(section, config.decode); });
  in.section("memory", [&](TomlSection& section) { read_memory(section, config.memory); });
  in.sections("port", [&](TomlSection& section) { read_port(section, config.ports); });
  in.section("network", [&](TomlSection& section) { read_network(section, config.network); });
  in.section("patterns", [&](TomlSection& section) { read_patterns(section, config.patterns); });
  in.section("syslog", [&](TomlSection& section) { read_syslog(section, config.syslog.emplace()); });
  in.section("state", [&](TomlSection& section) { read_state(section, config.state); });
  in.section("history", [&](TomlSection& section) { read_history(section, config.history.emplace()); });
  in.section("fleet", [&](TomlSection& section) { read_fleet(section, config.fleet.emplace()); });
  in.section("spool",
             [&](TomlSection& section) { read_spool(section, config.state, config.spool.emplace()); });
  in.section("socket", [&](TomlSection& section) { read_socket(section, config.socket); });
  in.section("http", [&](TomlSection& section) { read_http(section, config.http.emplace()); });
  in.sections("event_log", [&](TomlSection& section) { read_event_log(section, config.event_logs); });
  in.section("privacy", [&](TomlSection& section) { read_privacy(section, config.privacy.emplace()); });
  const bool with_logs = config.syslog.has_value();
  in.sections("mail_server",
              [&](TomlSection& section) { read_server(section, config.mail_servers, with_logs); });
  in.sections("dns_server",
              [&](TomlSection& section) { read_server(section, config.dns_servers, with_logs); });
  in.refuse_if(with_logs && config.mail_servers.empty() && config.dns_servers.empty(), "syslog",
               "beside a [[mail_server]] or [[dns_server]], which is to send its log");
  in.section("detectors", [&](TomlSection& section) { read_detectors(section, config.detectors); });
  in.refuse_other_keys();
}

std::string shown(std::string_view file) {
  return printable(file, kPathColumns, TextStyle{});
}

std::string located(std::string_view file, const toml::source_position& where, std::string_view sentence) {
  return fmt::format("{}:{}:{}: {}", shown(file), where.line, where.column, sentence);
}

std::string sentences_of(TomlMistakes mistakes, std::string_view file) {
  std::ranges::stable_sort(mistakes, {}, [](const TomlMistake& mistake) {
    return std::tuple(mistake.where.line, mistake.where.column);
  });
  std::string sentences;
  for (const TomlMistake& mistake : mistakes) {
    sentences.append(sentences.empty() ? "" : "\n").append(located(file, mistake.where, mistake.sentence));
  }
  return sentences;
}

void refuse_lines_of_dots(std::string_view text, std::string_view file) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    if (std::ranges::count(text.substr(0, length), '.') > kMaxDotsInLine) {
      throw ConfigError(
          fmt::format("{}:{}: has more than {} dots, which no key needs; break a long list into lines",
                      shown(file), line, kMaxDotsInLine));
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
}

toml::table parse_toml(std::string_view text, std::string_view file) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw ConfigError(located(file, error.source().begin,
                              "not TOML: " + printable(error.description(), kMaxReasonColumns, TextStyle{})));
  }
}

std::string contents_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxConfigBytes + 1, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    const char* reason = std::strerror(errno);
    throw ConfigError(fmt::format("{}: cannot be read: {}", shown(file), reason));
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxConfigBytes) {
    throw ConfigError(fmt::format("{}: is longer than 1 MiB, which no configuration is", shown(file)));
  }
  return text;
}

}  // namespace

Config parse_config(std::string_view text, std::string_view file) {
  refuse_lines_of_dots(text, file);
  const toml::table root = parse_toml(text, file);
  Config config;
  TomlMistakes mistakes;
  TomlSection section("", root, mistakes);
  read_all(section, config);
  if (!mistakes.empty()) throw ConfigError(sentences_of(std::move(mistakes), file));
  return config;
}

Config read_config(const std::string& file) {
  return parse_config(contents_of(file), file);
}

}  // namespace mgmt

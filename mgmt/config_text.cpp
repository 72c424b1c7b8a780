#include "mgmt/config_text.h"

#include <functional>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "mgmt/core_list.h"
#include "mgmt/detector_thresholds.h"
#include "mgmt/duration_text.h"
#include "mgmt/eve/event_log_config.h"
#include "mgmt/time_text.h"
#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

// Keys aligned, values as TOML writes them.
class SectionText {
 public:
  explicit SectionText(std::string_view heading) : text_(fmt::format("{}\n", heading)) {}

  SectionText& raw(std::string_view key, std::string_view value) {
    text_ += fmt::format("{:<{}} = {}\n", key, kKeyColumns, value);
    return *this;
  }
  SectionText& count(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
  SectionText& boolean(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  SectionText& text(std::string_view key, const std::string& value) {
    std::ostringstream quoted;
    quoted << toml::value<std::string>(value);
    return raw(key, quoted.str());
  }
  SectionText& duration(std::string_view key, std::int64_t ns) {
    return text(key, ns == 0 ? "off" : duration_text(ns));
  }
  template <class Value, class Text>
  SectionText& list(std::string_view key, const std::vector<Value>& values, Text&& text) {
    toml::array array;
    for (const Value& value : values) array.push_back(text(value));
    std::ostringstream written;
    written << array;
    return raw(key, written.str());
  }
  // 0, an empty list and an empty text are what is chosen at start; the key is left out.
  SectionText& chosen_count(std::string_view key, std::uint64_t value) {
    return value == 0 ? *this : count(key, value);
  }
  template <class Value, class Text>
  SectionText& chosen_list(std::string_view key, const std::vector<Value>& values, Text&& text) {
    return values.empty() ? *this : list(key, values, text);
  }
  SectionText& chosen_text(std::string_view key, const std::string& value) {
    return value.empty() ? *this : text(key, value);
  }
  SectionText& chosen_cores(std::string_view key, const std::vector<std::uint64_t>& cores) {
    return cores.empty() ? *this : text(key, core_list_text(cores));
  }

  std::string str() const { return text_; }

 private:
  static constexpr int kKeyColumns = 23;
  std::string text_;
};

std::string number_text(std::uint64_t count) {
  return std::to_string(count);
}
// With a dot, so that it stays a number that may have one.
std::string number_text(double number) {
  const std::string text = fmt::format("{}", number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string replay_text(const Config::Replay& replay) {
  return SectionText("[replay]").count("workers", replay.workers).count("shards", replay.shards).str();
}

std::string pairing_text(const Config::Pairing& pairing) {
  const bool by_client = pairing.correlate == aggregator::Correlate::kClient;
  return SectionText("[pairing]")
      .duration("window", pairing.window_ns)
      .text("correlate", by_client ? "client" : "address")
      .str();
}

std::string decode_text(const Config::Decode& decode) {
  return SectionText("[decode]")
      .boolean("reassemble", decode.reassemble)
      .duration("dedup", decode.dedup_ns)
      .str();
}

std::string memory_text(const Config::Memory& memory) {
  return SectionText("[memory]")
      .count("pairing_entries", memory.pairing_entries)
      .count("clients", memory.clients)
      .count("names", memory.names)
      .count("fragments", memory.fragments)
      .count("dns_streams", memory.dns_streams)
      .count("dns_stream_bytes", memory.dns_stream_bytes)
      .count("dedup_packets", memory.dedup_packets)
      .count("hosts", memory.hosts)
      .count("server_clients", memory.server_clients)
      .count("resolutions", memory.resolutions)
      .count("unresolved", memory.unresolved)
      .count("series_hosts", memory.series_hosts)
      .count("ring_events", memory.ring_events)
      .str();
}

std::string network_text(const Config::Network& network) {
  const auto text = [](const wire::Network& value) { return wire::to_text(value); };
  return SectionText("[network]")
      .list("internal", network.internal, text)
      .list("local_domains", network.local_domains, std::identity{})
      .list("subdomains", network.subdomains, std::identity{})
      .str();
}

std::string patterns_text(const Config::Patterns& patterns) {
  return SectionText("[patterns]").text("file", patterns.file).text("cache", patterns.cache).str();
}

std::string syslog_text(const Config::Syslog& syslog) {
  return SectionText("[syslog]")
      .text("listen", to_text(syslog.listen))
      .boolean("udp", syslog.udp)
      .boolean("tcp", syslog.tcp)
      .count("connections", syslog.connections)
      .duration("idle", syslog.idle_ns)
      .chosen_text("zone", syslog.zone_s ? zone_text(*syslog.zone_s) : "")
      .str();
}

std::string state_text(const Config::State& state) {
  return SectionText("[state]").text("folder", state.folder).str();
}

std::string history_text(const Config::History& history) {
  return SectionText("[history]")
      .boolean("enabled", history.enabled)
      .duration("keep_minutes", history.keep_minutes_ns)
      .duration("keep_hours", history.keep_hours_ns)
      .duration("keep_days", history.keep_days_ns)
      .count("max_bytes", history.max_bytes)
      .str();
}

std::string fleet_text(const FleetSettings& fleet) {
  return SectionText("[fleet]")
      .text("url", to_text(fleet.url))
      .chosen_text("tls_ca", fleet.tls_ca)
      .text("database", fleet.database)
      .text("user", fleet.user)
      .text("password_file", fleet.password_file)
      .chosen_text("sensor", fleet.sensor)
      .count("spool_bytes", fleet.spool_bytes)
      .count("batch_minutes", fleet.batch_minutes)
      .count("batch_bytes", fleet.batch_bytes)
      .str();
}

std::string spool_text(const SpoolSettings& spool) {
  return SectionText("[spool]")
      .text("folder", spool.folder)
      .text("what", std::string(kSpoolWhatNames[static_cast<std::size_t>(spool.what)]))
      .boolean("enabled", spool.enabled)
      .count("snap_length", spool.snap_length)
      .count("rotate_bytes", spool.rotate_bytes)
      .duration("rotate", spool.rotate_ns)
      .count("max_bytes", spool.max_bytes)
      .count("ring_bytes", spool.ring_bytes)
      .str();
}

std::string socket_text(const SocketSettings& socket) {
  return SectionText("[socket]").text("path", socket.path).text("group", socket.group).str();
}

std::string http_text(const HttpSettings& http) {
  return SectionText("[http]")
      .text("listen", to_text(http.listen))
      .text("tls_cert", http.tls_cert)
      .text("tls_key", http.tls_key)
      .text("token_file", http.token_file)
      .count("connections", http.connections)
      .str();
}

std::string event_log_text(const EventLogSettings& log) {
  SectionText text("[[event_log]]");
  text.text("type", std::string(kEventLogTypeNames[static_cast<std::size_t>(log.type)]));
  if (log.type != EventLogType::kSyslog) text.text("path", log.path);
  if (log.type == EventLogType::kSyslog) {
    text.text("address", to_text(log.address)).boolean("tls", log.tls);
    text.chosen_text("tls_ca", log.tls_ca).chosen_text("tls_name", log.tls_name);
  }
  text.list("events", event_names(log.events), std::identity{});
  text.duration("stats_every", log.stats_every_ns).count("queue", log.queue);
  if (log.type == EventLogType::kFile)
    text.count("rotate_bytes", log.rotate_bytes).duration("rotate", log.rotate_ns);
  return text.str();
}

std::string privacy_text(const PrivacySettings& privacy) {
  const auto text = [](Sink sink) { return std::string(kSinkNames[static_cast<std::size_t>(sink)]); };
  return SectionText("[privacy]").text("key_file", privacy.key_file).list("sinks", privacy.sinks, text).str();
}

std::string server_text(std::string_view heading, const aggregator::WatchedServer& server) {
  const auto text = [](const wire::Address& value) { return wire::to_text(value); };
  return SectionText(heading)
      .text("name", server.name)
      .list("address", server.addresses, text)
      .chosen_list("log_from", server.log_from, text)
      .str();
}

std::string detectors_text(const Config::Detectors& detectors) {
  return SectionText("[detectors]")
      .duration("step", detectors.step_ns)
      .duration("learn", detectors.learn_ns)
      .duration("window", detectors.window_ns)
      .list("exempt_hosts", detectors.exempt_hosts,
            [](const wire::Network& value) { return wire::to_text(value); })
      .list("exempt_ports", detectors.exempt_ports,
            [](std::uint64_t port) { return static_cast<std::int64_t>(port); })
      .list("doh_names", detectors.doh_names, std::identity{})
      .list("holidays", detectors.holidays, date_text)
      .text("utc_offset", utc_offset_text(detectors.utc_offset_s))
      .str();
}

std::string thresholds_text(const Config::Detectors& detectors, std::string_view wanted) {
  SectionText text(fmt::format("[detectors.{}]", wanted));
  visit_thresholds(detectors, [&](std::string_view of, std::string_view key, const auto& value, auto) {
    if (of == wanted) text.raw(key, number_text(value));
  });
  return text.str();
}

std::string port_text(const Config::Port& port) {
  const dataplane::PortSettings& settings = port.settings;
  return SectionText("[[port]]")
      .text("name", settings.name)
      .text("driver", std::string(dataplane::kPortDriverNames[static_cast<std::size_t>(settings.driver)]))
      .text("devargs", settings.devargs)
      .chosen_count("queues", settings.queues)
      .chosen_cores("cores", port.cores)
      .chosen_cores("shard_cores", port.shard_cores)
      .chosen_count("rx_descriptors", settings.rx_descriptors)
      .chosen_count("mempool", settings.mempool)
      .boolean("nic_filter", settings.nic_filter)
      .boolean("expect_vlans", port.expect_vlans)
      .str();
}

}  // namespace

std::string config_text(const Config& config) {
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", replay_text(config.replay), pairing_text(config.pairing),
                  decode_text(config.decode), memory_text(config.memory), network_text(config.network),
                  patterns_text(config.patterns), detectors_text(config.detectors));
  const auto append = [&text](const std::string& section) { text.append("\n").append(section); };
  for (const std::string_view section : kThresholdSections)
    append(thresholds_text(config.detectors, section));
  append(state_text(config.state));
  if (config.history) append(history_text(*config.history));
  if (config.fleet) append(fleet_text(*config.fleet));
  if (config.spool) append(spool_text(*config.spool));
  append(socket_text(config.socket));
  if (config.http) append(http_text(*config.http));
  if (config.privacy) append(privacy_text(*config.privacy));
  if (config.syslog) append(syslog_text(*config.syslog));
  for (const EventLogSettings& log : config.event_logs) append(event_log_text(log));
  for (const auto& server : config.mail_servers) append(server_text("[[mail_server]]", server));
  for (const auto& server : config.dns_servers) append(server_text("[[dns_server]]", server));
  for (const Config::Port& port : config.ports) append(port_text(port));
  return text;
}

std::string config_json(const Config& config) {
  std::ostringstream json;
  json << toml::json_formatter(toml::parse(config_text(config))) << '\n';
  return json.str();
}

}  // namespace mgmt

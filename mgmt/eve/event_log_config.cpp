#include "mgmt/eve/event_log_config.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <sys/un.h>

#include "mgmt/toml_section.h"

namespace mgmt {
namespace {

constexpr std::size_t kMostSocketPath = sizeof(sockaddr_un::sun_path) - 1;

std::optional<std::string> event_from(std::string_view name) {
  const bool known = name == "alert" || name == "stats" || name == "dns";
  return known ? std::optional<std::string>(name) : std::nullopt;
}

void read_events(TomlSection& in, EventLogSettings::Events& events) {
  std::vector<std::string> names = event_names(events);
  in.list("events", names, "\"alert\", \"stats\" or \"dns\"", event_from);
  in.refuse_if(names.empty(), "events", "at least one of \"alert\", \"stats\" and \"dns\"");
  const auto has = [&](std::string_view name) { return std::ranges::count(names, name) > 0; };
  events = {has("alert"), has("stats"), has("dns")};
}

void read_file(TomlSection& in, EventLogSettings& log) {
  in.required_text("path", log.path);
  in.refuse_if(!log.path.empty() && (!log.path.starts_with('/') || log.path.ends_with('/')), "path",
               "the whole path of a file such as \"/var/log/tapline/eve.json\"");
  in.count("rotate_bytes", log.rotate_bytes, kRotateBytesRange);
  in.duration_or_off("rotate", log.rotate_ns, kRotateRangeNs);
}

void read_unix(TomlSection& in, EventLogSettings& log) {
  in.required_text("path", log.path);
  in.refuse_if(!log.path.empty() && (!log.path.starts_with('/') || log.path.size() > kMostSocketPath), "path",
               "the whole path of a socket, of at most 107 octets, such as \"/run/collector.sock\"");
}

void read_syslog(TomlSection& in, EventLogSettings& log) {
  in.parsed_text("address", log.address, "an address and a port such as \"10.1.0.9:6514\" or \"[::1]:6514\"",
                 parse_endpoint);
  in.require("address");
  in.boolean("tls", log.tls);
  in.text("tls_ca", log.tls_ca);
  in.text("tls_name", log.tls_name);
  in.refuse_if(!log.tls && !log.tls_ca.empty(), "tls_ca", "beside tls = true");
  in.refuse_if(!log.tls && !log.tls_name.empty(), "tls_name", "beside tls = true");
}

bool same_place(const EventLogSettings& one, const EventLogSettings& other) {
  return one.type == other.type && one.path == other.path && one.address == other.address;
}

}  // namespace

void read_event_log(TomlSection& in, std::vector<EventLogSettings>& logs) {
  static_assert(kMostSocketPath == 107, "as the sentence says");
  EventLogSettings log;
  in.choice("type", log.type, kEventLogTypeNames);
  in.require("type");
  switch (log.type) {
    case EventLogType::kFile:
      read_file(in, log);
      break;
    case EventLogType::kSyslog:
      read_syslog(in, log);
      break;
    case EventLogType::kUnix:
      read_unix(in, log);
      break;
  }
  read_events(in, log.events);
  in.duration("stats_every", log.stats_every_ns, kStatsEveryRangeNs);
  in.refuse_if(log.stats_every_ns % 1'000'000'000 != 0, "stats_every", "a time of whole seconds");
  in.count("queue", log.queue, kEventQueueRange);
  const bool twice = std::ranges::any_of(logs, [&](const auto& other) { return same_place(log, other); });
  in.refuse_if(twice, log.type == EventLogType::kSyslog ? "address" : "path",
               "one that no other [[event_log]] has");
  logs.push_back(std::move(log));
}

std::vector<std::string> event_names(const EventLogSettings::Events& events) {
  std::vector<std::string> names;
  if (events.alert) names.emplace_back("alert");
  if (events.stats) names.emplace_back("stats");
  if (events.dns) names.emplace_back("dns");
  return names;
}

}  // namespace mgmt

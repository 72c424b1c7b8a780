// Events in, what hosts did in each second out, through any number of shards.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "aggregator/host_step_maker.h"
#include "aggregator/shard.h"
#include "matchers/domain_text.h"
#include "tests/support/events.h"

namespace tests {

using aggregator::HostField;
using aggregator::HostStep;

// 10.0.0.0/24 is internal, its .25 a watched mail server and .53 a watched DNS server.
inline aggregator::HostSettings campus_hosts() {
  aggregator::HostSettings settings;
  settings.internal = {wire::Network(host(0), 120)};
  settings.servers = {host(25), host(53)};
  return settings;
}

inline std::shared_ptr<const matchers::PublicSuffixes> a_few_suffixes() {
  static const auto list = std::make_shared<const matchers::PublicSuffixes>(
      "// ===BEGIN ICANN DOMAINS===\ncom\nexample\njp\nac.jp\n*.ck\n// ===END ICANN DOMAINS===\n", "test");
  return list;
}

struct HostScenario {
  aggregator::HostSettings hosts = campus_hosts();
  aggregator::HostStepSettings steps;
  unsigned shards = 1;
};

// Of a second: the names' slots go with their query.
using EventsBySecond = std::map<std::uint64_t, std::vector<dataplane::Event>>;
inline EventsBySecond by_second(const std::vector<dataplane::Event>& events) {
  EventsBySecond seconds;
  std::vector<dataplane::Event> slots;
  for (const dataplane::Event& event : events) {
    slots.push_back(event);
    if (event.kind == dataplane::EventKind::kName) continue;
    auto& second = seconds[static_cast<std::uint64_t>(event.time_ns / kSecond)];
    second.insert(second.end(), slots.begin(), slots.end());
    slots.clear();
  }
  return seconds;
}

inline std::vector<HostStep> host_steps_of(const std::vector<dataplane::Event>& events,
                                           const HostScenario& scenario = {}) {
  aggregator::ShardSettings settings;
  settings.shards = scenario.shards;
  settings.hosts = scenario.hosts;
  settings.open_answers = settings.clients = settings.names = 1 << 14;
  aggregator::HostStepSettings step_settings = scenario.steps;
  step_settings.hash = scenario.hosts.hash;
  step_settings.told_bytes = scenario.hosts.told_bytes;
  aggregator::HostStepMaker maker(step_settings);
  std::vector<std::unique_ptr<aggregator::Shard>> shards;
  for (unsigned i = 0; i < scenario.shards; ++i)
    shards.push_back(std::make_unique<aggregator::Shard>(settings));

  std::vector<HostStep> steps;
  for (const auto& [second, of_second] : by_second(events)) {
    std::optional<aggregator::ShardStep> sum;
    const auto parts = divide(of_second, settings.mode, scenario.shards);
    for (unsigned i = 0; i < scenario.shards; ++i) {
      shards[i]->observe(parts[i]);
      auto part = shards[i]->close_step();
      if (sum) {
        *sum += std::move(*part);
      } else {
        sum = std::move(part);
      }
    }
    steps.push_back(maker.make(second, std::move(*sum)));
  }
  return steps;
}

// "queries_a 2, noerror 1": what is not 0.
inline std::string text_of(const aggregator::HostCounts& counts) {
  std::string text;
  for (std::size_t i = 0; i < aggregator::kHostFields; ++i) {
    if (counts.of[i] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", aggregator::kHostFieldNames[i], counts.of[i]);
  }
  return text;
}

// "" if the host has no row.
inline std::string counts_of(const HostStep& step, const wire::Address& host) {
  for (const aggregator::HostRow& row : step.hosts) {
    if (row.host == host) return text_of(row.counts);
  }
  return "";
}

inline std::string text_of(const aggregator::HostRow& row) {
  return fmt::format("{}: {}; {:.3f} {:.3f} {:.3f} {:.3f}\n", wire::to_text(row.host), text_of(row.counts),
                     row.destinations.estimate(), row.smtp_destinations.estimate(), row.names.estimate(),
                     row.sources.estimate());
}

inline std::string text_of(const aggregator::PeerRow& peer) {
  return fmt::format("{} <- {}: {} {} {} {}\n", wire::to_text(peer.server), wire::to_text(peer.client),
                     peer.smtp_connections, peer.queries, peer.ptr_queries, peer.nxdomain);
}

// Every figure of a step, to compare two.
inline std::string text_of(const HostStep& step) {
  std::string text = fmt::format("{} ns\n", step.begin_ns);
  for (const auto& row : step.hosts) text += text_of(row);
  text += "other " + text_of(step.other_hosts);
  for (const auto& peer : step.peers) text += text_of(peer);
  for (const auto& name : step.formed)
    text += fmt::format("{} {} {}\n", wire::to_text(name.host), name.domain, name.queries);
  for (const auto& connect : step.unresolved)
    text += fmt::format("{} -> {} {}: {}\n", wire::to_text(connect.client),
                        wire::to_text(connect.destination), connect.port, connect.packets);
  return text;
}

inline std::string text_of(const std::vector<HostStep>& steps) {
  std::string text;
  for (const HostStep& step : steps) text += text_of(step);
  return text;
}

}  // namespace tests

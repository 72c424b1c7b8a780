// What hosts did, the second implementation: sets and maps over a list of events, as slow as it is plain.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "tests/support/host_steps.h"
#include "tests/support/pairing_rule.h"

namespace tests {

// Of one capture; nothing overflows and nothing told is older than an hour.
class NaiveHosts {
 public:
  // `domains`: of formed names, by their hash.
  NaiveHosts(const std::vector<dataplane::Event>& events, const HostScenario& scenario,
             std::map<std::uint64_t, std::string> domains)
      : scenario_(scenario), domains_(std::move(domains)), paired_(paired_places(events)) {
    for (const dataplane::Event& event : events) {
      if (event.kind == dataplane::EventKind::kResolution || event.kind == dataplane::EventKind::kHint)
        told_seconds_[event.peer].insert(event.time_ns / kSecond);
    }
    for (place_ = 0; place_ < events.size(); ++place_) {
      if (events[place_].kind != dataplane::EventKind::kName) observe(events[place_]);
    }
  }

  std::vector<HostStep> steps() const {
    std::vector<HostStep> steps;
    for (const auto& [second, counted] : seconds_) {
      HostStep& step = steps.emplace_back();
      step.begin_ns = second * kSecond;
      for (const auto& [host, row] : counted.hosts) step.hosts.push_back(row_of(host, row));
      for (const auto& [key, peer] : counted.peers) step.peers.push_back(peer);
      for (const auto& [key, queries] : counted.formed)
        step.formed.push_back({std::get<0>(key), std::get<1>(key), queries});
      for (const auto& [key, packets] : counted.unresolved)
        step.unresolved.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), packets});
    }
    return steps;
  }

 private:
  using Addresses = std::pair<wire::Address, wire::Address>;

  struct Row {
    aggregator::HostCounts counts;
    std::set<wire::Address> destinations;
    std::set<wire::Address> smtp_destinations;
    std::set<std::uint64_t> names;
    std::set<wire::Address> sources;
  };
  struct Second {
    std::map<wire::Address, Row> hosts;
    std::map<Addresses, aggregator::PeerRow> peers;
    std::map<std::pair<wire::Address, std::string>, std::uint64_t> formed;
    std::map<std::tuple<wire::Address, wire::Address, std::uint16_t>, std::uint64_t> unresolved;
  };

  // The places of SYNs that some answer took, by the rule.
  static std::set<std::size_t> paired_places(const std::vector<dataplane::Event>& events) {
    std::vector<RuleSyn> syns = syns_of(events);
    std::set<std::size_t> places;
    for (const RuleAnswer& answer : answers_of(events)) {
      for (RuleSyn& syn : syns) {
        if (syn.taken || !satisfies(syn, answer, aggregator::Correlate::kClient, kSecond)) continue;
        syn.taken = true;
        places.insert(syn.place);
        break;
      }
    }
    return places;
  }

  static aggregator::HostRow row_of(const wire::Address& host, const Row& counted) {
    aggregator::HostRow row;
    row.host = host;
    row.counts = counted.counts;
    for (const auto& address : counted.destinations) row.destinations.add(wire::hash(address));
    for (const auto& address : counted.smtp_destinations) row.smtp_destinations.add(wire::hash(address));
    for (const std::uint64_t name : counted.names) row.names.add(name);
    for (const auto& address : counted.sources) row.sources.add(wire::hash(address));
    return row;
  }

  bool internal(const wire::Address& host) const {
    for (const auto& network : scenario_.hosts.internal) {
      if (network.contains(host)) return true;
    }
    return false;
  }
  bool watched(const wire::Address& host) const {
    return std::ranges::count(scenario_.hosts.servers, host) > 0;
  }
  void count(const wire::Address& host, std::string_view field) {
    if (!internal(host) && !watched(host)) return;
    const auto at = std::ranges::find(aggregator::kHostFieldNames, field);
    ++second_->hosts[host].counts.of[static_cast<std::size_t>(at - aggregator::kHostFieldNames.begin())];
  }

  void observe(const dataplane::Event& event) {
    second_ = &seconds_[event.time_ns / kSecond];
    switch (event.kind) {
      case dataplane::EventKind::kQuery:
        return query(event);
      case dataplane::EventKind::kResponse:
        return response(event);
      case dataplane::EventKind::kResolution:
      case dataplane::EventKind::kHint:
        return told(event);
      case dataplane::EventKind::kConnect:
        if ((event.flags & dataplane::kQuic) == 0) syn(event);
        return;
      case dataplane::EventKind::kAccept:
        if ((event.flags & dataplane::kQuic) != 0) return;
        count(event.client, "got_accept");
        count(event.peer, "accepted");
        return;
      default:
        return;
    }
  }

  aggregator::PeerRow& peer(const dataplane::Event& event) {
    aggregator::PeerRow& row = second_->peers[{event.peer, event.client}];
    row.server = event.peer;
    row.client = event.client;
    return row;
  }

  void query(const dataplane::Event& event) {
    const std::map<int, std::string> types = {{1, "a"},   {28, "aaaa"}, {12, "ptr"},
                                              {15, "mx"}, {16, "txt"},  {65, "https"}};
    const auto type = types.find(event.detail.dns.qtype);
    const std::string name = type == types.end() ? "other" : type->second;
    count(event.client, "queries_" + name);
    count(event.peer, "asked_" + name);
    if (internal(event.client) || watched(event.client))
      second_->hosts[event.client].names.insert(event.name_hash);
    if (event.name_hash == doh_hash_) count(event.client, "queries_doh");
    if (event.detail.dns.formed) {
      count(event.client, "formed");
      if (watched(event.client)) ++second_->formed[{event.client, domains_.at(event.name_hash)}];
    }
    if (!watched(event.peer)) return;
    ++peer(event).queries;
    if (name == "ptr") ++peer(event).ptr_queries;
  }

  void response(const dataplane::Event& event) {
    const std::map<int, std::string> codes = {
        {0, "noerror"}, {2, "servfail"}, {3, "nxdomain"}, {5, "refused"}};
    const auto code = codes.find(event.detail.dns.rcode);
    std::string name = code == codes.end() ? "rcode_other" : code->second;
    if (name == "noerror" && event.detail.dns.no_data) name = "nodata";
    count(event.client, name);
    count(event.peer, "sent_" + name);
    if (event.detail.dns.formed && (name == "nodata" || name == "nxdomain"))
      count(event.client, "unresolved");
    if ((event.flags & (dataplane::kHasA | dataplane::kHasAaaa)) != 0)
      count(event.client, "answers_with_address");
    if (watched(event.peer) && name == "nxdomain") ++peer(event).nxdomain;
  }

  void told(const dataplane::Event& event) {
    auto& ends = event.kind == dataplane::EventKind::kHint ? hint_ends_ : answer_ends_;
    std::int64_t& end = ends[{event.client, event.peer}];
    end = std::max<std::int64_t>(end, event.time_ns / kSecond + event.detail.ttl + scenario_.hosts.grace_s);
  }

  void syn(const dataplane::Event& event) {
    const std::map<std::uint32_t, std::string> ports = {
        {25, "smtp"},   {110, "pop"}, {995, "pop"}, {143, "imap"}, {993, "imap"},    {80, "http"},
        {443, "https"}, {53, "dns"},  {853, "dot"}, {135, "rpc"},  {139, "netbios"}, {445, "smb"}};
    const auto port = ports.find(event.detail.port);
    const std::string name = port == ports.end() ? "other" : port->second;
    count(event.client, "connect_" + name);
    count(event.peer, "received_" + name);
    if (paired_.contains(place_)) count(event.client, "paired");
    if (internal(event.peer) || watched(event.peer)) second_->hosts[event.peer].sources.insert(event.client);
    if (internal(event.client) || watched(event.client)) {
      Row& row = second_->hosts[event.client];
      row.destinations.insert(event.peer);
      if (name == "smtp") row.smtp_destinations.insert(event.peer);
    }
    if (internal(event.client)) count(event.client, verdict_on(event));
    if (watched(event.peer) && name == "smtp") ++peer(event).smtp_connections;
  }

  std::string verdict_on(const dataplane::Event& event) {
    const std::int64_t second = event.time_ns / kSecond;
    const auto holds = [&](const std::map<Addresses, std::int64_t>& ends) {
      const auto end = ends.find({event.client, event.peer});
      return end != ends.end() && second <= end->second;
    };
    if (holds(answer_ends_)) return "resolved";
    if (holds(hint_ends_)) return "hinted";
    const auto port = static_cast<std::uint16_t>(event.detail.port);
    for (const auto& network : scenario_.steps.exempt_hosts) {
      if (network.contains(event.client)) return "not_judged";
    }
    if (std::ranges::count(scenario_.steps.exempt_ports, port) > 0) return "not_judged";
    const auto& told = told_seconds_[event.peer];
    if (!told.empty() && *told.begin() <= second) return "resolved_by_other";
    ++second_->unresolved[{event.client, event.peer, port}];
    return "without_resolution";
  }

  const std::uint64_t doh_hash_ = EventScript().query({}, "dns.google").events().back().name_hash;
  HostScenario scenario_;
  std::map<std::uint64_t, std::string> domains_;
  std::set<std::size_t> paired_;
  std::map<wire::Address, std::set<std::int64_t>> told_seconds_;
  std::map<Addresses, std::int64_t> answer_ends_;
  std::map<Addresses, std::int64_t> hint_ends_;
  std::map<std::int64_t, Second> seconds_;
  Second* second_ = nullptr;
  std::size_t place_ = 0;
};

}  // namespace tests

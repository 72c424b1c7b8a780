// Steps of a network written in words: what each host does at random (Poisson) rates, seeded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "aggregator/detectors.h"
#include "aggregator/host_step.h"
#include "tests/support/events.h"

namespace tests {

using Field = aggregator::HostField;

inline const wire::Address kMailServer = host(25);
inline const wire::Address kDnsServer = host(53);

// Of a capture of two or three minutes: 15 s are learned, 10 s are looked at.
inline aggregator::DetectorSettings quick_settings() {
  aggregator::DetectorSettings settings;
  settings.learn_ns = 15 * kSecond;
  settings.window_ns = 10 * kSecond;
  settings.mail_servers = {{"mx1", {kMailServer}}};
  settings.dns_servers = {{"ns1", {kDnsServer}}};
  return settings;
}

// One step under construction; the rates are per step.
class MadeUpStep {
 public:
  MadeUpStep(std::mt19937_64& random, std::int64_t begin_ns) : random_(random) {
    step_.begin_ns = begin_ns;
    step_.length_ns = kSecond;
    step_.frames = 10'000;
  }

  std::uint64_t poisson(double rate) {
    return rate <= 0 ? 0 : std::poisson_distribution<std::uint64_t>(rate)(random_);
  }
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  aggregator::HostRow& row(const wire::Address& host) {
    aggregator::HostRow& row = rows_[host];
    row.host = host;
    return row;
  }
  aggregator::PeerRow& peer(const wire::Address& server, const wire::Address& client) {
    aggregator::PeerRow& peer = peers_[{server, client}];
    peer.server = server;
    peer.client = client;
    return peer;
  }

  // SMTP clients connect to the server and have their mail looked up: so many queries each.
  void mail_comes(double connections, std::uint32_t clients, std::uint64_t queries_each = 6) {
    for (std::uint64_t i = poisson(connections); i > 0; --i)
      smtp(host(1'000'000 + below32(clients)), queries_each);
  }
  void smtp(const wire::Address& client, std::uint64_t queries_each = 6) {
    ++row(kMailServer).counts[Field::kReceivedSmtp];
    ++peer(kMailServer, client).smtp_connections;
    ask(kMailServer, Field::kQueriesA, queries_each);
  }
  // Bounces of mail with forged senders: names of an FQDN and the local domain.
  void bounces(double connections, std::uint32_t clients, std::uint64_t unresolved_each = 4) {
    for (std::uint64_t i = poisson(connections); i > 0; --i) {
      smtp(host(2'000'000 + below32(clients)), 0);
      names_fail("forged" + std::to_string(below(5)) + ".example", unresolved_each);
    }
  }
  void names_fail(const std::string& domain, std::uint64_t queries) {
    ask(kMailServer, Field::kQueriesA, queries, Field::kNxdomain);
    row(kMailServer).counts[Field::kFormed] += queries;
    row(kMailServer).counts[Field::kUnresolved] += queries;
    formed_[domain] += queries;
  }

  // Of `host`, to the DNS server, and answered.
  void ask(const wire::Address& client, Field type, std::uint64_t queries, Field answer = Field::kNoerror) {
    if (queries == 0) return;
    row(client).counts[type] += queries;
    row(client).counts[answer] += queries;
    asked_from(client, type, queries, answer);
  }
  // The same of a client outside, which has no row.
  void asked_from(const wire::Address& client, Field type, std::uint64_t queries,
                  Field answer = Field::kNoerror) {
    if (queries == 0) return;
    const bool address =
        answer == Field::kNoerror && (type == Field::kQueriesA || type == Field::kQueriesAaaa);
    if (address && rows_.contains(client)) row(client).counts[Field::kAnswersWithAddress] += queries;
    aggregator::HostCounts& server = row(kDnsServer).counts;
    server[counterpart(type, aggregator::kQueryFields, aggregator::kAskedFields)] += queries;
    server[counterpart(answer, aggregator::kResponseFields, aggregator::kSentFields)] += queries;
    aggregator::PeerRow& row = peer(kDnsServer, client);
    row.queries += queries;
    if (type == Field::kQueriesPtr) row.ptr_queries += queries;
    if (answer == Field::kNxdomain) row.nxdomain += queries;
  }

  // SYNs to distinct addresses from `first` on; `resolved` says which field they count in.
  void connect(const wire::Address& client, std::uint16_t port, std::uint32_t first, std::uint64_t addresses,
               Field resolved, bool accepted) {
    for (std::uint64_t i = 0; i < addresses; ++i) {
      const wire::Address destination = host(static_cast<std::uint32_t>(first + i));
      aggregator::HostRow& from = row(client);
      ++from.counts[field_of(port)];
      ++from.counts[resolved];
      if (resolved == Field::kResolved) ++from.counts[Field::kPaired];
      if (accepted) ++from.counts[Field::kGotAccept];
      from.destinations.add(wire::hash(destination));
      if (port == 25) from.smtp_destinations.add(wire::hash(destination));
      if (resolved == Field::kWithoutResolution) ++unresolved_[{client, destination, port}];
    }
  }
  // Pages of a browser: names of A and AAAA, and a connection for each.
  void browse(const wire::Address& client, double names) {
    const std::uint64_t count = poisson(names);
    ask(client, Field::kQueriesA, count);
    ask(client, Field::kQueriesAaaa, count, Field::kNodata);
    connect(client, 443, 3'000'000 + below32(100'000), count, Field::kResolved, true);
  }

  // The mail server's log.
  aggregator::MailCounts& log() {
    logged_ = true;
    return log_;
  }
  void log_client(const wire::Address& client, std::uint64_t connects, std::uint64_t rejected = 0) {
    log()[aggregator::MailField::kConnects] += connects;
    auto& row = log_clients_[client];
    row.connects += connects;
    row.rejected += rejected;
  }
  void log_domain(const std::string& domain, std::uint64_t deferred, std::uint64_t rejected) {
    log_domains_[domain] += aggregator::MailDomainRow{{}, {}, deferred, rejected};
  }

  void forget_log() {
    logged_ = false;
    log_clients_.clear();
    log_domains_.clear();
  }

  void lose(std::uint64_t frames) { step_.lost += frames; }

  aggregator::HostStep take() {
    for (auto& [host, row] : rows_) step_.hosts.push_back(row);
    for (auto& [key, row] : peers_) step_.peers.push_back(row);
    for (auto& [domain, queries] : formed_) step_.formed.push_back({kMailServer, domain, queries});
    for (auto& [key, packets] : unresolved_) {
      step_.unresolved.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), packets});
    }
    if (logged_) step_.mail.push_back({kMailServer, log_});
    for (auto& [client, row] : log_clients_) {
      step_.mail_clients.push_back({kMailServer, client, row.connects, row.rejected});
    }
    for (auto& [domain, row] : log_domains_) {
      step_.mail_domains.push_back({kMailServer, domain, row.deferred, row.rejected});
    }
    return std::move(step_);
  }

 private:
  static Field field_of(std::uint16_t port) {
    const std::map<std::uint16_t, Field> fields = {
        {25, Field::kConnectSmtp}, {53, Field::kConnectDns},      {80, Field::kConnectHttp},
        {135, Field::kConnectRpc}, {139, Field::kConnectNetbios}, {443, Field::kConnectHttps},
        {445, Field::kConnectSmb}, {853, Field::kConnectDot},
    };
    const auto found = fields.find(port);
    return found == fields.end() ? Field::kConnectOther : found->second;
  }
  std::uint32_t below32(std::uint32_t bound) { return static_cast<std::uint32_t>(below(bound)); }

  std::mt19937_64& random_;
  aggregator::HostStep step_;
  std::map<wire::Address, aggregator::HostRow> rows_;
  std::map<std::pair<wire::Address, wire::Address>, aggregator::PeerRow> peers_;
  std::map<std::string, std::uint64_t> formed_;
  std::map<std::tuple<wire::Address, wire::Address, std::uint16_t>, std::uint64_t> unresolved_;
  bool logged_ = false;
  aggregator::MailCounts log_;
  std::map<wire::Address, aggregator::MailClientRow> log_clients_;
  std::map<std::string, aggregator::MailDomainRow> log_domains_;
};

// What a network does step after step, and what the detectors make of it.
class MadeUpNetwork {
 public:
  explicit MadeUpNetwork(std::uint64_t seed, const aggregator::DetectorSettings& settings = quick_settings())
      : random_(seed), settings_(settings), detectors_(settings) {}

  // `happens(step, number)` for so many steps.
  template <class Happens>
  void run(std::int64_t steps, Happens&& happens) {
    for (std::int64_t i = 0; i < steps; ++i, ++now_) {
      MadeUpStep step(random_, kStart + now_ * settings_.step_ns);
      happens(step, now_);
      detectors_.observe(step.take());
    }
  }
  void pass_over(std::int64_t steps) { now_ += steps; }

  // The program ends and is started again, with other settings perhaps.
  void restart() { restart(settings_); }
  void restart(const aggregator::DetectorSettings& settings) {
    aggregator::Baselines learned = detectors_.baselines();
    settings_ = settings;
    detectors_ = aggregator::Detectors(settings);
    detectors_.resume(std::move(learned));
  }

  std::int64_t now() const { return now_; }
  std::int64_t begin_ns(std::int64_t step) const { return kStart + step * settings_.step_ns; }
  aggregator::Detectors& detectors() { return detectors_; }
  std::vector<aggregator::Finding> findings() const { return detectors_.findings(); }
  std::vector<aggregator::Finding> of(std::string_view detector) const {
    std::vector<aggregator::Finding> found = findings();
    std::erase_if(found, [&](const aggregator::Finding& finding) { return finding.detector != detector; });
    return found;
  }
  // "backscatter 10.0.0.25, ..."; for messages and for comparing with "".
  std::string summary() const {
    std::string text;
    for (const aggregator::Finding& finding : findings()) {
      text += (text.empty() ? "" : ", ") + finding.detector + " " + to_text(finding.subject);
    }
    return text;
  }

  static constexpr std::int64_t kStart = 1'700'000'000 * kSecond;

 private:
  std::mt19937_64 random_;
  aggregator::DetectorSettings settings_;
  aggregator::Detectors detectors_;
  std::int64_t now_ = 0;
};

template <class Value>
Value evidence(const aggregator::Finding& finding, std::string_view key) {
  for (const auto& [name, value] : finding.evidence) {
    if (name == key) return std::get<Value>(value);
  }
  throw std::runtime_error("no evidence " + std::string(key));
}

}  // namespace tests

// What is counted of mail servers, against a count with maps.
#include <map>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/host_analysis.h"
#include "aggregator/shard.h"
#include "tests/support/events.h"
#include "tests/support/host_steps.h"

namespace tests {
namespace {

using aggregator::MailCounts;
using aggregator::MailField;
using dataplane::Event;
using dataplane::EventKind;
using wire::MailFactKind;
using wire::MailReason;

const wire::Address kServer = host(25);
const wire::Address kOtherAddress = host(26);  // of the same server

std::vector<aggregator::WatchedServer> servers() {
  return {{"mx", {kServer, kOtherAddress}}, {"mx2", {host(27)}}};
}

struct MadeFact {
  MailFactKind kind;
  MailReason reason;
  std::string domain;
  std::uint64_t dsn;
};

void add_text(std::vector<Event>& events, std::uint64_t order, const wire::Address& client,
              const std::string& text) {
  for (std::size_t at = 0; at < text.size(); at += dataplane::kNameSlotOctets) {
    Event& slot = events.emplace_back();
    slot = {};
    slot.order = order;
    slot.kind = EventKind::kName;
    slot.client = client;
    const std::string part = text.substr(at, dataplane::kNameSlotOctets);
    slot.detail.name = {.length = static_cast<std::uint8_t>(part.size()),
                        .total = static_cast<std::uint8_t>(text.size()),
                        .offset = static_cast<std::uint16_t>(at)};
    std::ranges::copy(part, dataplane::text_of(slot).begin());
  }
}

void add_fact(std::vector<Event>& events, std::uint64_t order, std::int64_t time_ns,
              const wire::Address& client, const wire::Address& server, const MadeFact& fact) {
  add_text(events, order, client, fact.domain);
  Event& event = events.emplace_back();
  event = {};
  event.order = order;
  event.kind = EventKind::kMail;
  event.time_ns = time_ns;
  event.client = client;
  event.peer = server;
  event.name_hash = fact.dsn;
  event.detail.mail = {fact.kind, fact.reason, 3};
}

struct Sums {
  std::map<wire::Address, MailCounts> counts;
  std::map<std::pair<wire::Address, wire::Address>, std::pair<std::uint64_t, std::uint64_t>> clients;
  std::map<std::pair<wire::Address, std::string>, std::pair<std::uint64_t, std::uint64_t>> domains;
  std::map<std::pair<wire::Address, std::uint64_t>, std::uint64_t> codes;

  void count(const wire::Address& client, const wire::Address& server, const MadeFact& fact) {
    MailCounts& row = counts[server];
    switch (fact.kind) {
      case MailFactKind::kConnect:
        ++row[MailField::kConnects];
        if (client != wire::Address{}) ++clients[{server, client}].first;
        return;
      case MailFactKind::kFrom:
        ++row[MailField::kFrom];
        row[MailField::kRecipients] += 3;
        return;
      case MailFactKind::kSent:
        ++row[MailField::kSent];
        return;
      case MailFactKind::kDeferred:
        ++row[MailField::kDeferred];
        if (!fact.domain.empty()) ++domains[{server, fact.domain}].first;
        return;
      case MailFactKind::kBounced:
        ++row[MailField::kBounced];
        if (fact.reason == MailReason::kUserUnknown) ++row[MailField::kBouncedUnknown];
        return;
      case MailFactKind::kExpired:
        ++row[MailField::kExpired];
        return;
      case MailFactKind::kPop:
        ++row[MailField::kPop];
        return;
      case MailFactKind::kImap:
        ++row[MailField::kImap];
        return;
      default:
        break;
    }
    const std::map<MailReason, MailField> fields = {
        {MailReason::kRelayDenied, MailField::kRelayDenied},
        {MailReason::kRecipientRejected, MailField::kRecipientRejected},
        {MailReason::kUserUnknown, MailField::kUserUnknown},
        {MailReason::kSenderRejected, MailField::kSenderRejected},
        {MailReason::kClientRejected, MailField::kClientRejected}};
    const auto field = fields.find(fact.reason);
    ++row[field == fields.end() ? MailField::kRejectedOther : field->second];
    if (client != wire::Address{}) ++clients[{server, client}].second;
    if (!fact.domain.empty()) ++domains[{server, fact.domain}].second;
    if (field == fields.end()) ++codes[{server, fact.dsn}];
  }
};

std::string text_of(const aggregator::HostStep& step) {
  std::string text;
  for (const auto& row : step.mail)
    text += fmt::format("{} {}\n", wire::to_text(row.server), fmt::join(row.counts.of, " "));
  for (const auto& row : step.mail_clients)
    text += fmt::format("{} {} {} {}\n", wire::to_text(row.server), wire::to_text(row.client), row.connects,
                        row.rejected);
  for (const auto& row : step.mail_domains)
    text += fmt::format("{} {} {} {}\n", wire::to_text(row.server), row.domain, row.deferred, row.rejected);
  for (const auto& row : step.mail_codes)
    text += fmt::format("{} {} {}\n", wire::to_text(row.server), row.dsn, row.rejected);
  return text;
}

std::string text_of(const Sums& sums) {
  aggregator::HostStep step;
  for (const auto& [server, counts] : sums.counts) step.mail.push_back({server, counts});
  for (const auto& [key, row] : sums.clients)
    step.mail_clients.push_back({key.first, key.second, row.first, row.second});
  for (const auto& [key, row] : sums.domains)
    step.mail_domains.push_back({key.first, key.second, row.first, row.second});
  for (const auto& [key, count] : sums.codes) step.mail_codes.push_back({key.first, key.second, count});
  return text_of(step);
}

aggregator::HostStep step_of(const std::vector<Event>& events, unsigned shards) {
  aggregator::ShardSettings settings;
  settings.shards = shards;
  settings.hosts.servers = {kServer, kOtherAddress, host(27)};
  settings.mail = {.servers = servers(), .hash = settings.hosts.hash};
  aggregator::HostStepSettings step_settings;
  step_settings.hash = settings.hosts.hash;
  step_settings.mail_servers = servers();
  std::optional<aggregator::ShardStep> sum;
  for (const auto& part : divide(events, settings.mode, shards)) {
    aggregator::Shard shard(settings);
    shard.observe(part);
    aggregator::ShardStep step = *shard.close_step();
    if (sum) {
      *sum += std::move(step);
    } else {
      sum = std::move(step);
    }
  }
  return aggregator::HostStepMaker(step_settings).make(1'000'000, std::move(*sum));
}

TEST(Mail, ShardsAndTheNaiveCountSayTheSame) {
  std::mt19937 random(11);
  const auto below = [&](unsigned bound) { return static_cast<std::uint32_t>(random() % bound); };
  std::vector<Event> events;
  Sums sums;
  for (std::uint64_t order = 1; order <= 3000; ++order) {
    const wire::Address client = below(10) == 0 ? wire::Address{} : host(1000 + below(40));
    const wire::Address server = below(3) == 0 ? host(27) : below(2) == 0 ? kServer : kOtherAddress;
    const MadeFact fact = {
        static_cast<MailFactKind>(below(wire::kMailFactKinds)),
        static_cast<MailReason>(below(wire::kMailReasons)),
        below(4) == 0 ? "" : fmt::format("d{}.{}", below(9), std::string(below(2) * 60, 'x')),
        wire::pack({5, static_cast<std::uint16_t>(below(3)), 1})};
    add_fact(events, order, 0, client, server, fact);
    sums.count(client, server == kOtherAddress ? kServer : server, fact);
  }
  for (const unsigned shards : {1U, 2U, 7U})
    EXPECT_EQ(text_of(step_of(events, shards)), text_of(sums)) << shards;
}

TEST(Mail, OfAServerThatIsNotWatchedIsNotCounted) {
  std::vector<Event> events;
  add_fact(events, 1, 0, host(1), host(99), {MailFactKind::kConnect, MailReason::kNone, "", 0});
  EXPECT_EQ(text_of(step_of(events, 1)), "");
}

TEST(Mail, WhatFindsNoRoomIsPartOfTheCountsAllTheSame) {
  std::vector<Event> events;
  for (std::uint64_t i = 0; i < 50'000; ++i)
    add_fact(events, i + 1, 0, host(1'000 + static_cast<std::uint32_t>(i)), kServer,
             {MailFactKind::kConnect, MailReason::kNone, "", 0});
  const aggregator::HostStep step = step_of(events, 2);
  EXPECT_EQ(step.mail.at(0).counts[MailField::kConnects], 50'000U);
  EXPECT_LE(step.mail_clients.size(), aggregator::MailSettings{}.clients);
}

// The tap's D_q stand beside the logs' from the first line of a log on.
TEST(Mail, TheTapsQueriesOfTheServerAreThereToo) {
  EventScript script;
  script.at(0).query(kServer, "a.example", 15).query(kOtherAddress, "7.2.0.192.in-addr.arpa", 12);
  std::vector<Event> events = script.events();
  EXPECT_TRUE(step_of(events, 1).mail.empty());
  add_fact(events, 100, 0, host(1), kServer, {MailFactKind::kConnect, MailReason::kNone, "", 0});
  const aggregator::HostStep step = step_of(events, 1);
  ASSERT_EQ(step.mail.size(), 1U);
  EXPECT_EQ(step.mail[0].counts[MailField::kSeenMx], 1U);
  EXPECT_EQ(step.mail[0].counts[MailField::kSeenPtr], 1U);
  EXPECT_EQ(step.mail[0].counts.queries(), 2U);
}

}  // namespace
}  // namespace tests

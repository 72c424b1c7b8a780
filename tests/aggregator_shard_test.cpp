#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aggregator/shard.h"
#include "tests/support/events.h"
#include "tests/support/shards.h"

namespace {

using aggregator::ClientRow;
using aggregator::Correlate;
using aggregator::ShardSettings;
using aggregator::Summary;
using tests::EventScript;
using tests::host;
using tests::kSecond;
using tests::text_of;

// Campus traffic in small: a few busy clients and names, many rare ones.
EventScript campus(int frames, unsigned seed) {
  std::mt19937 random(seed);
  const auto rarely_large = [&](double most) {
    const double uniform = (static_cast<double>(random() % 100'000) + 1) / 100'000;
    return static_cast<std::uint32_t>(std::pow(most, uniform)) - 1;
  };
  EventScript script;
  script.at(1000 * kSecond);
  for (int i = 0; i < frames; ++i) {
    script.after(static_cast<std::int64_t>(random() % 1000) * 1000);
    const auto client = host(10'000 + rarely_large(2000));
    const auto name = rarely_large(3000);
    const auto server = host(50'000 + name);
    switch (random() % 8) {
      case 0:
      case 1:
        script.query(client, fmt::format("host{}.example.org", name), random() % 2 == 0 ? 1 : 28,
                     random() % 9 == 0 ? dataplane::kOverTcp : 0);
        break;
      case 2:
      case 3:
        script.response(client, {server, host(50'001 + name)}, random() % 5 == 0 ? 3 : 0);
        break;
      case 4:
        script.syn_ack(client, server);
        break;
      case 5:
        script.quic_initial(client, server);
        break;
      default:
        script.syn(client, server, random() % 3 == 0 ? 443 : 80);
    }
  }
  return script;
}

TEST(Shard, CountsWhatTheEventsSay) {
  using namespace dataplane;
  EventScript script;
  script.query(host(1), "www.example.org", 28).query(host(1), "www.example.org", 1, kOverTcp);
  script.query(host(2), "mail.example.org", 15, kMalformed).query(host(2), ".", 1, kNoQuestion);
  script.response(host(1), {host(80), tests::host6(1)}).response(host(2), {}, 3);
  script.response_with_flags(host(2), {host(81)}, kOverTcp | kFromPort53 | kMalformed);
  script.syn(host(1), host(80), 443).syn(host(3), host(80), 135);
  script.syn_ack(host(1), host(80)).quic_initial(host(3), host(80));
  const Summary summary = tests::summary_of(script.events());

  EXPECT_EQ(summary.dns.udp_queries, 3u);
  EXPECT_EQ(summary.dns.tcp_queries, 1u);
  EXPECT_EQ(summary.dns.udp_responses, 2u);
  EXPECT_EQ(summary.dns.tcp_responses, 1u);
  EXPECT_EQ(summary.dns.malformed, 2u);
  EXPECT_EQ(summary.dns.no_question, 1u);
  EXPECT_EQ(summary.dns.types, (std::map<std::uint16_t, std::uint64_t>{{1, 1}, {15, 1}, {28, 1}}));
  EXPECT_EQ(summary.dns.rcodes, (std::map<std::uint16_t, std::uint64_t>{{0, 2}, {3, 1}}));
  EXPECT_EQ(summary.syn, 2u);
  EXPECT_EQ(summary.syn_ack, 1u);
  EXPECT_EQ(summary.quic_initial, 1u);
  EXPECT_EQ(summary.pairing.answers, 2u);
  EXPECT_EQ(summary.pairing.answers_with_address, 1u);
  EXPECT_EQ(summary.pairing.a_records, 1u);
  EXPECT_EQ(summary.pairing.aaaa_records, 1u);
  ASSERT_EQ(summary.pairing.syn_ports.size(), 2u);
  EXPECT_EQ(summary.pairing.syn_ports[0].port, 135);
  ASSERT_EQ(summary.pairing.paired_ports.size(), 1u);
  EXPECT_EQ(summary.pairing.paired_ports[0].port, 443);

  ASSERT_EQ(summary.clients.size(), 3u);
  EXPECT_EQ(text_of(summary.clients[0]), "10.0.0.1 2 1 0 1 1 0\n");
  EXPECT_EQ(text_of(summary.clients[1]), "10.0.0.2 2 2 1 0 0 0\n");
  EXPECT_EQ(text_of(summary.clients[2]), "10.0.0.3 0 0 0 1 0 1\n");
  ASSERT_EQ(summary.names.size(), 2u);
  EXPECT_EQ(summary.names[0].name, "www.example.org");
  EXPECT_EQ(summary.names[0].queries, 2u);
  EXPECT_EQ(summary.names[1].name, "mail.example.org");
}

TEST(Shard, TheNumberOfShardsDoesNotShow) {
  const EventScript script = campus(40'000, 1);
  for (const Correlate mode : {Correlate::kClient, Correlate::kAddress}) {
    const std::string one = text_of(tests::summary_of(script.events(), {.mode = mode}));
    for (const unsigned shards : {2u, 3u, 4u, 64u, 65u}) {
      EXPECT_EQ(text_of(tests::summary_of(script.events(), {.mode = mode, .shards = shards})), one) << shards;
    }
  }
}

TEST(Shard, TheNumberOfShardsDoesNotShowWhenTablesAreFull) {
  const EventScript script = campus(120'000, 2);
  ShardSettings settings{.window_ns = 100 * kSecond, .open_answers = 64 * 256, .clients = 640, .names = 1024};
  const Summary one = tests::summary_of(script.events(), settings);
  EXPECT_GT(one.pairing.evicted, 0u);
  EXPECT_GT(one.other_clients_events, 0u);
  EXPECT_GT(one.names.back().error, 0u);
  for (const unsigned shards : {2u, 3u, 4u, 64u}) {
    settings.shards = shards;
    EXPECT_EQ(text_of(tests::summary_of(script.events(), settings)), text_of(one)) << shards;
  }
}

// Nor that their slots are used again, as a ring's are.
TEST(Shard, HowEventsAreDividedIntoSpansDoesNotShow) {
  EventScript script = campus(5000, 3);
  for (int i = 0; i < 40; ++i) script.query(host(1), std::string(45, 'a') + "." + std::string(20 + i, 'b'));
  const std::string at_once = text_of(tests::summary_of(script.events()));
  for (const std::size_t step : {1u, 7u, 32u, 33u}) {
    aggregator::Shard shard(ShardSettings{});
    std::span<const dataplane::Event> rest = script.events();
    std::vector<dataplane::Event> slots(step);
    while (!rest.empty()) {
      const auto some = rest.first(std::min(step, rest.size()));
      std::ranges::copy(some, slots.begin());
      shard.observe(std::span(slots).first(some.size()));
      rest = rest.subspan(some.size());
    }
    EXPECT_EQ(text_of(aggregator::summarize(shard.close(), {})), at_once) << step;
  }
}

TEST(Shard, WindowsOfOneShardAddUpAndAnswersStayOpenAcrossThem) {
  const EventScript script = campus(20'000, 4);
  const std::span<const dataplane::Event> events = script.events();
  aggregator::Shard shard(ShardSettings{});
  shard.observe(events.first(9'999));
  aggregator::ShardWindow sum = shard.close();
  shard.observe(events.subspan(9'999));
  sum += shard.close();
  EXPECT_EQ(text_of(aggregator::summarize(sum, {})), text_of(tests::summary_of(events)));

  const Summary after = aggregator::summarize(shard.close(), {});
  EXPECT_EQ(after.syn + after.dns.udp_queries + after.pairing.answers + after.clients.size(), 0u);
}

TEST(Shard, WhatOneWindowGaveUpIsNotCountedInTheNext) {
  EventScript script;
  for (std::uint32_t i = 0; i < 600; ++i) script.response(host(1), {host(100 + i)});
  aggregator::Shard shard({.mode = Correlate::kAddress, .open_answers = 256});
  const std::span<const dataplane::Event> events = script.events();
  shard.observe(events.first(800));
  EXPECT_EQ(shard.close().pairing.losses.evicted, 400u - 256);
  shard.observe(events.subspan(800));
  EXPECT_EQ(shard.close().pairing.losses.evicted, 200u);
}

TEST(Shard, ClientsBeyondTheCapacityShareARowAndNothingIsLost) {
  EventScript script;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    script.query(host(i), "example.org").response(host(i), {host(80)}, i % 2 == 0 ? 3 : 0);
    script.syn(host(i), host(80)).quic_initial(host(i), host(80));
  }
  const Summary summary = tests::summary_of(script.events(), {.clients = 64 * 3});
  EXPECT_EQ(summary.clients.size(), 64u * 3);
  ClientRow sum = summary.other_clients;
  for (const ClientRow& row : summary.clients) sum += row;
  sum.address = {};
  EXPECT_EQ(text_of(sum), ":: 1000 1000 500 1000 1000 1000\n");
  EXPECT_EQ(summary.other_clients_events, 4 * (1000u - 64 * 3));
}

TEST(Shard, ClientsStandByActivityThenByAddress) {
  EventScript script;
  script.syn(host(9), host(80)).syn(host(3), host(80)).query(host(7), "a").quic_initial(host(7), host(80));
  const auto clients = tests::summary_of(script.events()).clients;
  ASSERT_EQ(clients.size(), 3u);
  EXPECT_EQ(clients[0].address, host(7));
  EXPECT_EQ(clients[1].address, host(3));
  EXPECT_EQ(clients[2].address, host(9));
}

TEST(Shard, SettingsThatCannotWorkEarnASentence) {
  for (const ShardSettings& settings :
       {ShardSettings{.window_ns = 0}, ShardSettings{.window_ns = aggregator::kMaxWindowNs + 1},
        ShardSettings{.shards = 0}, ShardSettings{.open_answers = 1 << 24}}) {
    EXPECT_THROW(aggregator::Shard shard(settings), std::runtime_error);
  }
}

TEST(Shard, TheLedgerIsHandedOn) {
  dataplane::Ledger ledger;
  ledger.frames = 7;
  EXPECT_EQ(aggregator::summarize({Correlate::kAddress, kSecond}, ledger).ledger.frames, 7u);
}

}  // namespace

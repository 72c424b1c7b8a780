// Hosts counted one by one, by the second: what a client and a server did, and how it knew whom to call.
#include <numeric>

#include <gtest/gtest.h>

#include "tests/support/host_steps.h"

namespace tests {
namespace {

const wire::Address kClient = host(7);  // internal
const wire::Address kMail = host(25);   // internal and watched, as is EventScript::kResolver
const wire::Address kOutside = host(70'000);
const wire::Address kWeb = host(80'000);

EventScript script() {
  EventScript script;
  script.at(1'000'000 * kSecond);
  return script;
}

HostStep one_step(const EventScript& script, const HostScenario& scenario = {}) {
  const std::vector<HostStep> steps = host_steps_of(script.events(), scenario);
  EXPECT_EQ(steps.size(), 1U);
  return steps.empty() ? HostStep{} : steps.front();
}

HostStep last_step(const EventScript& script, const HostScenario& scenario = {}) {
  return host_steps_of(script.events(), scenario).back();
}

HostScenario with_local_domains(const std::vector<std::string>& domains) {
  HostScenario scenario;
  for (const std::string& domain : domains)
    scenario.steps.local_domains.push_back(matchers::host_domain(domain));
  scenario.steps.suffixes = a_few_suffixes();
  return scenario;
}

TEST(HostCounter, QueriesCountByTypeForWhoAsksAndWhoIsAsked) {
  EventScript events = script();
  const std::uint16_t types[] = {1, 28, 12, 15, 16, 65, 6};
  for (std::size_t i = 0; i < std::size(types); ++i) {
    for (std::size_t n = 0; n <= i; ++n) events.query(kClient, "a.example", types[i]);
  }
  events.query(kClient, "a.example", 1, dataplane::kNoQuestion);
  const HostStep step = one_step(events);
  EXPECT_EQ(counts_of(step, kClient),
            "queries_a 1, queries_aaaa 2, queries_ptr 3, queries_mx 4, queries_txt 5, queries_https 6, "
            "queries_other 8");
  EXPECT_EQ(counts_of(step, EventScript::kResolver),
            "asked_a 1, asked_aaaa 2, asked_ptr 3, asked_mx 4, asked_txt 5, asked_https 6, asked_other 8");
}

TEST(HostCounter, ResponsesCountByTheirCode) {
  EventScript events = script();
  events.response(kClient, {}).response(kClient, {}).no_data();
  for (const std::uint16_t rcode : {2, 3, 3, 5, 1, 16}) events.response(kClient, {}, rcode);
  const HostStep step = one_step(events);
  EXPECT_EQ(counts_of(step, kClient),
            "noerror 1, nodata 1, nxdomain 2, servfail 1, refused 1, rcode_other 2");
  EXPECT_EQ(counts_of(step, EventScript::kResolver),
            "sent_noerror 1, sent_nodata 1, sent_nxdomain 2, sent_servfail 1, sent_refused 1, "
            "sent_rcode_other 2");
}

TEST(HostCounter, AnswersWithAnAddressCountOnceHoweverManyTheyHold) {
  EventScript events = script();
  events.response(kClient, {kWeb, host(80'001)}).response(kClient, {host6(1)}).response(kClient, {});
  EXPECT_EQ(counts_of(one_step(events), kClient), "noerror 3, answers_with_address 2");
}

TEST(HostCounter, ConnectionsCountByPortForBothSides) {
  EventScript events = script();
  for (const std::uint16_t port : {25, 110, 995, 143, 993, 80, 443, 53, 853, 135, 139, 445, 22, 8080})
    events.syn(kClient, kMail, port);
  events.syn_ack(kClient, kMail, 25).syn_ack(kClient, kMail, 80);
  HostScenario scenario;
  scenario.steps.exempt_hosts = {wire::Network(kClient, 128)};
  const HostStep step = one_step(events, scenario);
  EXPECT_EQ(counts_of(step, kClient),
            "connect_smtp 1, connect_pop 2, connect_imap 2, connect_http 1, connect_https 1, connect_dns 1, "
            "connect_dot 1, connect_rpc 1, connect_netbios 1, connect_smb 1, connect_other 2, "
            "not_judged 14, got_accept 2");
  EXPECT_EQ(counts_of(step, kMail),
            "received_smtp 1, received_pop 2, received_imap 2, received_http 1, received_https 1, "
            "received_dns 1, received_dot 1, received_rpc 1, received_netbios 1, received_smb 1, "
            "received_other 2, accepted 2");
}

TEST(HostCounter, WhatIsNoHostOfInterestHasNoRowAndQuicIsNoConnection) {
  EventScript events = script();
  events.query(kOutside, "a.example").with_server(kWeb).response(kOutside, {kWeb}).with_server(kWeb);
  events.syn(kOutside, kWeb).syn_ack(kOutside, kWeb).quic_initial(kClient, kWeb);
  const HostStep step = one_step(events);
  EXPECT_TRUE(step.hosts.empty());
  EXPECT_EQ(text_of(step.other_hosts.counts), "");
}

TEST(HostCounter, AHostBesidesTheInternalOnesIsCountedAndNotJudged) {
  HostScenario scenario;
  scenario.hosts.others = {kOutside};
  EventScript events = script();
  events.syn(kOutside, kWeb).syn(kClient, kOutside);
  EXPECT_EQ(counts_of(one_step(events, scenario), kOutside), "connect_http 1, received_http 1");
}

TEST(HostCounter, FormedNamesThatDoNotResolveAreUnresolved) {
  EventScript events = script();
  for (int i = 0; i < 5; ++i) events.query(kMail, "mx.forged.com.campus.example").formed();
  events.query(kMail, "www.campus.example");
  events.response(kMail, {}, 3).formed().response(kMail, {}).formed().no_data();
  events.response(kMail, {kWeb}).formed().response(kMail, {}, 2).formed().response(kMail, {}, 3);
  EXPECT_EQ(counts_of(one_step(events), kMail),
            "queries_a 6, noerror 1, nodata 1, nxdomain 2, servfail 1, formed 5, unresolved 2, "
            "answers_with_address 1");
}

TEST(HostCounter, ASynThatFollowsAnAnswerIsPairedAndResolved) {
  EventScript events = script();
  events.response(kClient, {kWeb}).after(kMillisecond).syn(kClient, kWeb).syn(kClient, kWeb);
  EXPECT_EQ(counts_of(one_step(events), kClient),
            "noerror 1, answers_with_address 1, connect_http 2, paired 1, resolved 2");
}

TEST(HostCounter, AnAddressMayBeUsedUntilItsTtlAndTheGraceAreOver) {
  HostScenario scenario;
  scenario.hosts.grace_s = 60;
  for (const auto& [later, counts] : {std::pair{360, "connect_http 1, resolved 1"},
                                      std::pair{361, "connect_http 1, resolved_by_other 1"}}) {
    EventScript events = script();
    events.response(kClient, {kWeb}).ttl(300).after(later * kSecond).syn(kClient, kWeb);
    EXPECT_EQ(counts_of(last_step(events, scenario), kClient), counts) << later;
  }
}

TEST(HostCounter, AHintIsNoAnswerButTellsTheAddress) {
  EventScript events = script();
  events.response(kClient, {}).hint(kWeb).after(kMillisecond).syn(kClient, kWeb);
  EXPECT_EQ(counts_of(one_step(events), kClient), "noerror 1, connect_http 1, hinted 1");
}

TEST(HostCounter, WhatSomebodyElseWasToldIsResolvedByOther) {
  EventScript events = script();
  events.response(kOutside, {kWeb}).after(2 * kSecond).syn(kClient, kWeb).syn(kClient, kWeb, 443);
  const HostStep step = last_step(events);
  EXPECT_EQ(counts_of(step, kClient), "connect_http 1, connect_https 1, resolved_by_other 2");
  EXPECT_TRUE(step.unresolved.empty());
}

TEST(HostCounter, WhatNobodyWasToldIsWithoutResolutionAndListed) {
  EventScript events = script();
  for (int i = 0; i < 3; ++i) events.syn(kClient, kWeb, 135);
  events.syn(kClient, kWeb, 445).syn(kOutside, kWeb);
  for (unsigned shards : {1U, 2U, 7U}) {
    HostScenario scenario;
    scenario.shards = shards;
    const HostStep step = one_step(events, scenario);
    EXPECT_EQ(counts_of(step, kClient), "connect_rpc 3, connect_smb 1, without_resolution 4");
    ASSERT_EQ(step.unresolved.size(), 2U);
    EXPECT_EQ(step.unresolved[0].client, kClient);
    EXPECT_EQ(step.unresolved[0].destination, kWeb);
    EXPECT_EQ(step.unresolved[0].port, 135);
    EXPECT_EQ(step.unresolved[0].packets, 3U);
    EXPECT_EQ(step.unresolved[1].packets, 1U);
  }
}

TEST(HostCounter, WhatWasToldTwoHoursAgoIsForgotten) {
  EventScript events = script();
  events.response(kOutside, {kWeb});
  for (int i = 0; i < 4; ++i) events.after(1800 * kSecond).query(kClient, "a.example");
  events.syn(kClient, kWeb);
  EXPECT_EQ(counts_of(last_step(events), kClient), "queries_a 1, connect_http 1, without_resolution 1");
}

TEST(HostCounter, ExemptHostsAndPortsAreNotJudged) {
  HostScenario scenario;
  scenario.steps.exempt_hosts = {wire::Network(host(8), 128)};
  scenario.steps.exempt_ports = {123};
  EventScript events = script();
  events.syn(kClient, kWeb, 123).syn(kClient, kWeb, 124).syn(host(8), kWeb, 124);
  const HostStep step = one_step(events, scenario);
  EXPECT_EQ(counts_of(step, kClient), "connect_other 2, without_resolution 1, not_judged 1");
  EXPECT_EQ(counts_of(step, host(8)), "connect_other 1, not_judged 1");
  ASSERT_EQ(step.unresolved.size(), 1U);
}

TEST(HostCounter, PeersOfWatchedServersAreToldApart) {
  EventScript events = script();
  events.syn(kOutside, kMail, 25).syn(kOutside, kMail, 25).syn(kOutside, kMail, 80).syn(kClient, kMail, 25);
  events.query(kClient, "a.example").query(kClient, "b.example", 12).response(kClient, {}, 3);
  events.query(kClient, "a.example").with_server(host(9));  // internal, and not watched
  std::string text;
  for (const auto& peer : one_step(events).peers) text += text_of(peer);
  EXPECT_EQ(text,
            "10.0.0.25 <- 10.0.0.7: 1 0 0 0\n"
            "10.0.0.25 <- 10.1.17.112: 2 0 0 0\n"
            "10.0.0.53 <- 10.0.0.7: 0 2 1 1\n");
}

TEST(HostCounter, DistinctDestinationsAndNamesAreEstimated) {
  EventScript events = script();
  for (std::uint32_t i = 0; i < 20; ++i) {
    events.syn(kClient, host(90'000 + i), i < 5 ? 25 : 80).syn(kClient, host(90'000 + i), i < 5 ? 25 : 80);
    events.query(kClient, fmt::format("n{}.example", i)).query(kClient, "same.example");
  }
  const HostStep step = one_step(events);
  ASSERT_EQ(step.hosts.front().host, kClient);
  const aggregator::HostRow& row = step.hosts.front();
  EXPECT_NEAR(row.destinations.estimate(), 20, 6);  // 13 % as a rule
  EXPECT_NEAR(row.smtp_destinations.estimate(), 5, 1.5);
  EXPECT_NEAR(row.names.estimate(), 21, 6);
}

TEST(HostCounter, FormedNamesAreAddedUpByTheRegisteredDomainOfTheFqdn) {
  const HostScenario scenario =
      with_local_domains({"mail.campus.example", "campus.example"});  // longest first
  EventScript events = script();
  const auto formed = [&](std::string_view name) { events.query(kMail, name).formed(); };
  formed("mx.forged.com.campus.example");
  formed("mx2.forged.com.campus.example");
  formed("a.b.kumamoto-u.ac.jp.campus.example");
  formed("mx.forged.com.mail.campus.example");                     // not forged.com.mail
  formed("com.campus.example");                                    // a public suffix stays whole
  events.query(kClient, "mx.forged.com.campus.example").formed();  // of no watched server
  for (unsigned shards : {1U, 7U}) {
    HostScenario divided = scenario;
    divided.shards = shards;
    std::string text;
    for (const auto& name : one_step(events, divided).formed)
      text += fmt::format("{} {} {}\n", wire::to_text(name.host), name.domain, name.queries);
    EXPECT_EQ(text, "10.0.0.25 com 1\n10.0.0.25 forged.com 3\n10.0.0.25 kumamoto-u.ac.jp 1\n");
  }
}

aggregator::HostCounts sum_of(const HostStep& step) {
  aggregator::HostCounts sum = step.other_hosts.counts;
  for (const auto& row : step.hosts) sum += row.counts;
  return sum;
}

// What tables have no room for is the same for every number of shards and counts all the same.
TEST(HostCounter, HostsThatFindNoRoomShareARowAndEveryTotalStays) {
  EventScript events = script();
  for (std::uint32_t i = 0; i < 200; ++i) {
    events.query(host(i), "a.example").response(host(i), {kWeb}, i % 3 == 0 ? 3 : 0).syn(host(i), kWeb);
    events.syn(host(i), host(200 + i % 20), 135).syn_ack(host(i), host(200 + i % 20), 135);
  }
  const std::string whole = text_of(sum_of(one_step(events)));
  HostScenario scenario;
  scenario.hosts.hosts = 64 * 2;
  std::string one;
  for (unsigned shards : {1U, 2U, 7U, 64U}) {
    scenario.shards = shards;
    const HostStep step = one_step(events, scenario);
    EXPECT_LE(step.hosts.size(), 128U);
    EXPECT_NE(text_of(step.other_hosts.counts), "");
    EXPECT_EQ(text_of(sum_of(step)), whole);
    if (one.empty()) one = text_of(step);
    EXPECT_EQ(text_of(step), one) << shards;
  }
}

// A host may have a row as a server where it has none as a client.
TEST(HostCounter, NoCountFallsBelowZeroWhenAClientFoundNoRoom) {
  HostScenario scenario;
  scenario.hosts.hosts = 64;  // one of each partition
  EventScript events = script();
  for (std::uint32_t i = 0; i < 200; ++i) events.syn(host(70'000 + i), host(i));
  events.response(kOutside, {kWeb});  // so that connections there are judged otherwise than by the shard
  for (std::uint32_t i = 0; i < 200; ++i) events.syn(host(i), host((i + 1) % 200)).syn(host(i), kWeb);
  const HostStep step = one_step(events, scenario);
  const aggregator::HostCounts sum = sum_of(step);
  EXPECT_EQ(sum.connections(), 400U);
  EXPECT_EQ(sum[HostField::kResolvedByOther], 200U);
  EXPECT_EQ(sum[HostField::kWithoutResolution], 200U);
  for (const auto& row : step.hosts) {
    for (const std::uint64_t count : row.counts.of) EXPECT_LE(count, 400U);
  }
}

TEST(HostCounter, ConnectionsBeyondTheBoundAreNotJudged) {
  HostScenario scenario;
  scenario.hosts.unknown = 64 * 3;
  EventScript events = script();
  for (std::uint32_t i = 0; i < 10; ++i) events.syn(kClient, host(90'000 + i), 135);
  const HostStep step = one_step(events, scenario);
  EXPECT_EQ(counts_of(step, kClient), "connect_rpc 10, without_resolution 3, not_judged 7");
  EXPECT_EQ(step.unresolved.size(), 3U);
}

TEST(HostCounter, PeersAndFormedNamesBeyondTheBoundAreForgotten) {
  HostScenario scenario = with_local_domains({"campus.example"});
  scenario.hosts.peers = scenario.hosts.formed = 64 * 2;
  EventScript events = script();
  for (std::uint32_t i = 0; i < 1000; ++i)
    events.query(kMail, fmt::format("mx.f{}.com.campus.example", i)).formed().syn(host(i), kMail, 25);
  std::string one;
  for (unsigned shards : {1U, 7U}) {
    scenario.shards = shards;
    const HostStep step = one_step(events, scenario);
    EXPECT_EQ(step.formed.size(), 2U);
    EXPECT_LE(step.peers.size(), 128U);
    if (one.empty()) one = text_of(step);
    EXPECT_EQ(text_of(step), one);
  }
}

// If nobody took windows for a while, several lie in one step.
TEST(ShardStep, SecondsThatWereAddedUpGiveUniqueRows) {
  EventScript events = script();
  events.syn(kClient, kWeb, 135).syn(kOutside, kMail, 25).query(kMail, "mx.f.com.campus.example").formed();
  events.after(kSecond);
  events.syn(kClient, kWeb, 135).syn(kOutside, kMail, 25).query(kMail, "mx.f.com.campus.example").formed();
  aggregator::ShardSettings settings;
  settings.hosts = campus_hosts();
  aggregator::Shard shard(settings);
  std::optional<aggregator::ShardStep> sum;
  for (const auto& [second, of_second] : by_second(events.events())) {
    shard.observe(of_second);
    if (sum) {
      *sum += *shard.close_step();
    } else {
      sum = shard.close_step();
    }
  }
  aggregator::HostStepSettings steps = with_local_domains({"campus.example"}).steps;
  steps.hash = settings.hosts.hash;
  const HostStep step = aggregator::HostStepMaker(steps).make(1'000'001, std::move(*sum));
  EXPECT_EQ(step.peers.size(), 2U);  // the DNS server's too
  ASSERT_EQ(step.unresolved.size(), 1U);
  EXPECT_EQ(step.unresolved[0].packets, 2U);
  ASSERT_EQ(step.formed.size(), 1U);
  EXPECT_EQ(step.formed[0].queries, 2U);
  EXPECT_EQ(counts_of(step, kClient), "connect_rpc 2, without_resolution 2");
}

TEST(ShardStep, WhatIsLeftOutByItsBoundIsNotJudgedAndStaysCounted) {
  EventScript events = script();
  for (std::uint32_t i = 0; i < 40; ++i) events.syn(host(i), kWeb, 135).syn(host(i), kMail, 25);
  aggregator::ShardSettings settings;
  settings.hosts = campus_hosts();
  aggregator::Shard shard(settings);
  shard.observe(events.events());
  std::optional<aggregator::ShardStep> sum = shard.close_step();
  sum->bound(10);
  aggregator::HostStepSettings steps;
  steps.hash = settings.hosts.hash;
  const HostStep step = aggregator::HostStepMaker(steps).make(1'000'000, std::move(*sum));
  EXPECT_EQ(step.unresolved.size(), 10U);
  EXPECT_EQ(text_of(sum_of(step)),
            "connect_smtp 40, connect_rpc 40, without_resolution 10, not_judged 70, received_smtp 40");
}

TEST(HostStep, SumsOfStepsAreThoseOfTheirRows) {
  EventScript events = script();
  for (int i = 0; i < 3; ++i) {
    events.syn(kClient, kWeb, 135).query(host(8 + static_cast<std::uint32_t>(i)), "a.example").after(kSecond);
  }
  std::vector<HostStep> steps = host_steps_of(events.events());
  ASSERT_EQ(steps.size(), 3U);
  HostStep sum = steps[0];
  sum += std::move(steps[2]);
  sum += std::move(steps[1]);
  EXPECT_EQ(sum.begin_ns, 1'000'000 * kSecond);
  EXPECT_EQ(counts_of(sum, kClient), "connect_rpc 3, without_resolution 3");
  EXPECT_EQ(counts_of(sum, EventScript::kResolver), "asked_a 3");
  ASSERT_EQ(sum.hosts.size(), 5U);
  EXPECT_TRUE(std::ranges::is_sorted(sum.hosts, {}, &aggregator::HostRow::host));
  ASSERT_EQ(sum.unresolved.size(), 1U);
  EXPECT_EQ(sum.unresolved[0].packets, 3U);
  EXPECT_EQ(sum.peers.size(), 3U);
}

}  // namespace
}  // namespace tests

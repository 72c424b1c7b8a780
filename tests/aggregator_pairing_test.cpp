#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "aggregator/pairing.h"
#include "tests/support/events.h"
#include "tests/support/pairing_rule.h"
#include "tests/support/shards.h"

namespace {

using aggregator::Correlate;
using aggregator::Pairing;
using aggregator::ShardSettings;
using tests::EventScript;
using tests::host;
using tests::kMillisecond;
using tests::kSecond;

Pairing pairing_of(const EventScript& script, Correlate mode = Correlate::kClient) {
  return tests::summary_of(script.events(), {.mode = mode}).pairing;
}

TEST(Pairing, BothEndsOfTheWindowBelongToIt) {
  for (const std::int64_t delay_ns : {std::int64_t{0}, kSecond}) {
    EventScript script;
    script.at(5 * kSecond).response(host(1), {host(80)}).after(delay_ns).syn(host(1), host(80));
    EXPECT_EQ(pairing_of(script).pairs, 1u) << delay_ns;
  }
  for (const std::int64_t delay_ns : {std::int64_t{-1}, kSecond + 1}) {
    EventScript script;
    script.at(5 * kSecond).response(host(1), {host(80)}).after(delay_ns).syn(host(1), host(80));
    EXPECT_EQ(pairing_of(script).pairs, 0u) << delay_ns;
    EXPECT_EQ(pairing_of(script).syns_following, 0u) << delay_ns;
  }
}

TEST(Pairing, ASynBeforeItsAnswerInTheCaptureDoesNotFollowIt) {
  EventScript script;
  script.at(kSecond).syn(host(1), host(80)).at(kSecond).response(host(1), {host(80)});
  EXPECT_EQ(pairing_of(script).syns_following, 0u);
}

TEST(Pairing, AnotherClientFollowsOnlyWhereTheAddressAloneCounts) {
  EventScript script;
  script.response(host(1), {host(80)}).syn(host(2), host(80));
  EXPECT_EQ(pairing_of(script, Correlate::kClient).pairs, 0u);
  EXPECT_EQ(pairing_of(script, Correlate::kAddress).pairs, 1u);
}

TEST(Pairing, AnAnswerWithSeveralAddressesIsTakenOnce) {
  EventScript script;
  script.response(host(1), {host(80), host(81), host(82)});
  script.syn(host(1), host(82)).syn(host(1), host(80)).syn(host(1), host(81));
  const Pairing pairing = pairing_of(script);
  EXPECT_EQ(pairing.pairs, 1u);
  EXPECT_EQ(pairing.syns_following, 3u);
}

TEST(Pairing, AnAddressThatAnAnswerRepeatsIsOneAddressButTwoRecords) {
  EventScript script;
  script.response(host(1), {host(80), host(80)}).syn(host(1), host(80)).syn(host(1), host(80));
  const Pairing pairing = pairing_of(script);
  EXPECT_EQ(pairing.a_records, 2u);
  EXPECT_EQ(pairing.pairs, 1u);
}

TEST(Pairing, TheOldestOpenAnswerIsServedFirst) {
  EventScript script;
  script.at(0).response(host(1), {host(80)}).at(300 * kMillisecond).response(host(1), {host(80)});
  script.at(400 * kMillisecond).syn(host(1), host(80));
  EXPECT_DOUBLE_EQ(pairing_of(script).mean_s, 0.4);
  script.at(500 * kMillisecond).syn(host(1), host(80));
  EXPECT_DOUBLE_EQ(pairing_of(script).mean_s, 0.3);
}

TEST(Pairing, OnlyAnswersOverUdpFromPort53Count) {
  using namespace dataplane;
  for (const int flags : {int{kFromPort53 | kOverTcp}, 0}) {
    EventScript script;
    script.response_with_flags(host(1), {host(80)}, static_cast<std::uint8_t>(flags)).syn(host(1), host(80));
    EXPECT_EQ(pairing_of(script).answers, 0u);
    EXPECT_EQ(pairing_of(script).a_records, 0u);
    EXPECT_EQ(pairing_of(script).syns_following, 0u);
  }
}

TEST(Pairing, AHintIsNoAddressOfTheAnswer) {
  EventScript script;
  script.response(host(1), {host(80)}).hint(host(81)).syn(host(1), host(81));
  EXPECT_EQ(pairing_of(script).syns_following, 0u);
}

TEST(Pairing, AQuicInitialIsNoSyn) {
  EventScript script;
  script.response(host(1), {host(80)}).quic_initial(host(1), host(80)).syn(host(1), host(80));
  const Pairing pairing = pairing_of(script);
  EXPECT_EQ(pairing.syns, 1u);
  EXPECT_EQ(pairing.pairs, 1u);
}

TEST(Pairing, AnAddressWhoseResponseWasLostBelongsToNoAnswer) {
  for (const std::uint32_t other : {1u, 2u}) {  // The answer before may have gone to the same client.
    EventScript script;
    script.response(host(1), {host(80)}).response(host(other), {host(81)}).syn(host(other), host(81));
    script.events().erase(script.events().begin() + 2);  // the second response
    EXPECT_EQ(pairing_of(script).a_records, 1u);
    EXPECT_EQ(pairing_of(script).syns_following, 0u);
  }
  EventScript same_time;  // Live, two frames may share their order.
  same_time.response(host(1), {host(80)}).response(host(2), {host(81)});
  same_time.events().erase(same_time.events().begin() + 2);
  same_time.events()[2].order = same_time.events()[0].order;
  EXPECT_EQ(pairing_of(same_time).a_records, 1u);
}

TEST(Pairing, TimesAtTheEndsOfSixtyFourBitsAreOnlyFarApart) {
  EventScript script;
  const std::int64_t first = std::numeric_limits<std::int64_t>::min();
  const std::int64_t last = std::numeric_limits<std::int64_t>::max();
  script.at(first)
      .response(host(1), {host(80)})
      .at(last)
      .response(host(1), {host(80)})
      .syn(host(1), host(80));
  script.at(first).syn(host(1), host(80)).syn(host(1), host(80));
  EXPECT_EQ(pairing_of(script).pairs, 2u);
  EXPECT_EQ(pairing_of(script).syns_following, 3u);
}

// A quarter of a window is the grain of time, so that both edges are met often; each SYN has a port of its
// own, so that the ports say which SYNs were paired. No two rounds share a client or a server.
void add_random_round(EventScript& script, std::mt19937& random, std::uint32_t round) {
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  const auto server = [&] {
    return below(4) == 0 ? tests::host6(static_cast<std::uint16_t>(round)) : host(16 * round + 2 + below(3));
  };
  const std::uint32_t frames = 20 + below(150);
  const bool back = round % 3 != 0;
  for (std::uint32_t i = 0; i < frames; ++i) {
    if (below(3) == 0) script.after(below(4) * kSecond / 4);
    if (back && below(8) == 0) script.after(-std::int64_t{below(13)} * kSecond / 4);
    const auto client = host(16 * round + below(2));
    if (below(5) < 3) {
      std::vector<wire::Address> addresses(below(4));
      for (auto& address : addresses) address = server();
      script.response(client, addresses);
    } else {
      script.syn(client, server(), static_cast<std::uint16_t>(200 * round + i));
    }
  }
}

void expect_equal(const Pairing& pairing, const tests::RuleResult& rule) {
  std::map<std::uint16_t, std::uint64_t> ports;
  for (const auto& port : pairing.paired_ports) ports[port.port] = port.packets;
  EXPECT_EQ(pairing.pairs, rule.pairs);
  EXPECT_EQ(pairing.syns_following, rule.following);
  EXPECT_EQ(ports, rule.ports);
  EXPECT_DOUBLE_EQ(pairing.mean_s * static_cast<double>(pairing.pairs),
                   static_cast<double>(rule.delays_ns) / 1e9);
  EXPECT_EQ(pairing.pushed_out + pairing.evicted, 0u);
}

TEST(Pairing, AgreesWithTheRuleOnRandomTrafficAlsoWhenTimeGoesBack) {
  constexpr std::uint32_t kRounds = 60;
  std::mt19937 random(1);
  for (int scripts = 0; scripts < 50 && !HasFailure(); ++scripts) {
    EventScript script;
    tests::RuleResult client_rule;
    tests::RuleResult address_rule;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      // Each round is earlier than the one before, so that no memory of it may be used again.
      script.at((kRounds - round) * 1000 * kSecond);
      const std::size_t begin = script.events().size();
      add_random_round(script, random, round);
      const auto events = std::span<const dataplane::Event>(script.events()).subspan(begin);
      client_rule += tests::pair_by_the_rule(events, Correlate::kClient, kSecond);
      address_rule += tests::pair_by_the_rule(events, Correlate::kAddress, kSecond);
    }
    expect_equal(pairing_of(script, Correlate::kClient), client_rule);
    expect_equal(pairing_of(script, Correlate::kAddress), address_rule);
  }
}

TEST(Pairing, AgreesWithTheRuleWhileTheLogGoesRoundManyTimes) {
  std::mt19937 random(2);
  EventScript script;
  for (int i = 0; i < 8000; ++i) {
    script.after(static_cast<std::int64_t>(random() % 20) * kMillisecond);
    const auto server = host(80 + static_cast<std::uint32_t>(random() % 300));
    if (random() % 3 != 0) {
      script.response(host(1), {server, host(80 + static_cast<std::uint32_t>(random() % 300))});
    } else {
      script.syn(host(1), server, static_cast<std::uint16_t>(i + 1));
    }
  }
  const ShardSettings settings{.mode = Correlate::kAddress, .open_answers = 1024};
  expect_equal(tests::summary_of(script.events(), settings).pairing,
               tests::pair_by_the_rule(script.events(), settings.mode, settings.window_ns));
}

// Two taps with clocks a second and a half apart: the SYNs of one lag behind the answers of the other.
TEST(Pairing, AgreesWithTheRuleWhenOneOfTwoClocksLags) {
  std::mt19937 random(5);
  EventScript script;
  for (int i = 0; i < 6000; ++i) {
    const std::int64_t now_ns = 100 * kSecond + i * kMillisecond;
    const auto fast = host(80 + static_cast<std::uint32_t>(random() % 300));
    const auto slow = host(580 + static_cast<std::uint32_t>(random() % 50));
    script.at(now_ns).response(host(1), {fast});
    script.at(now_ns - 3 * kSecond / 2);
    if (i % 2 == 0) script.response(host(1), {slow});
    script.syn(host(1), slow, static_cast<std::uint16_t>(i + 1));
  }
  const ShardSettings settings{.mode = Correlate::kAddress, .open_answers = 16'384};
  expect_equal(tests::summary_of(script.events(), settings).pairing,
               tests::pair_by_the_rule(script.events(), settings.mode, settings.window_ns));
}

// The bounds word for word: a partition keeps its last `capacity` addresses, a key its last 255.
struct BoundedRule {
  struct Entry {
    int answer;
    std::int64_t time_ns;
    wire::Address address;
    bool linked = true;
  };
  std::size_t capacity;
  std::deque<Entry> entries;
  std::vector<bool> taken;
  std::uint64_t evicted = 0;
  std::uint64_t pushed_out = 0;
  std::uint64_t pairs = 0;
  std::uint64_t following = 0;

  bool open(const Entry& entry, std::int64_t now_ns) const {
    return entry.linked && !taken[static_cast<std::size_t>(entry.answer)] &&
           now_ns - entry.time_ns <= kSecond;
  }
  void add_address(const wire::Address& address, std::int64_t now_ns) {
    const int answer = static_cast<int>(taken.size()) - 1;
    const auto same_key = [&](const Entry& e) { return e.linked && e.address == address; };
    if (std::any_of(entries.begin(), entries.end(),
                    [&](const Entry& e) { return same_key(e) && e.answer == answer; })) {
      return;
    }
    if (entries.size() == capacity) {
      evicted += open(entries.front(), now_ns);
      entries.pop_front();
    }
    if (std::count_if(entries.begin(), entries.end(), same_key) == aggregator::kMaxAnswersPerKey) {
      const auto oldest = std::find_if(entries.begin(), entries.end(), same_key);
      pushed_out += open(*oldest, now_ns);
      oldest->linked = false;
    }
    entries.push_back({answer, now_ns, address});
  }
  void connect(const wire::Address& address, std::int64_t now_ns) {
    bool follows = false;
    for (const Entry& e : entries) {
      const bool hit =
          e.linked && e.address == address && now_ns >= e.time_ns && now_ns - e.time_ns <= kSecond;
      follows |= hit;
      if (!hit || taken[static_cast<std::size_t>(e.answer)]) continue;
      taken[static_cast<std::size_t>(e.answer)] = true;
      ++pairs;
      break;
    }
    following += follows;
  }
  void observe(const std::vector<dataplane::Event>& events) {
    for (const dataplane::Event& event : events) {
      if (event.kind == dataplane::EventKind::kResponse) taken.push_back(false);
      if (event.kind == dataplane::EventKind::kResolution) add_address(event.peer, event.time_ns);
      if (event.kind == dataplane::EventKind::kConnect) connect(event.peer, event.time_ns);
    }
  }
};

TEST(Pairing, WhatTheBoundsGiveUpIsCountedExactly) {
  std::mt19937 random(3);
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    SCOPED_TRACE(round);
    const std::uint32_t servers = 1 + round % 7;
    EventScript script;
    for (int i = 0; i < 3000; ++i) {
      script.after(static_cast<std::int64_t>(random() % 5) * kMillisecond / 10);
      if (random() % 50 == 0) script.after(-kMillisecond);
      const bool leap = round % 4 == 0 && random() % 30 == 0;
      if (leap) script.after((static_cast<std::int64_t>(random() % 9) - 4) * kSecond / 4);
      const auto server = [&] { return host(80 + static_cast<std::uint32_t>(random() % servers)); };
      if (random() % 5 != 0) {
        script.response(host(1), {server(), server()});
      } else {
        script.syn(host(1), server());
      }
    }
    BoundedRule rule{.capacity = round % 2 == 0 ? 256u : 1024u, .entries = {}, .taken = {}};
    rule.observe(script.events());
    const Pairing pairing =
        tests::summary_of(script.events(), {.mode = Correlate::kAddress, .open_answers = rule.capacity})
            .pairing;
    EXPECT_EQ(pairing.evicted, rule.evicted);
    EXPECT_EQ(pairing.pushed_out, rule.pushed_out);
    EXPECT_EQ(pairing.pairs, rule.pairs);
    EXPECT_EQ(pairing.syns_following, rule.following);
    EXPECT_GT(pairing.evicted + pairing.pushed_out, 0u);
  }
}

TEST(Pairing, WhatWasSkippedAsExpiredIsFoundAgainEvenAfterTheOldestMadeRoom) {
  EventScript script;
  script.at(4000 * kMillisecond).response(host(1), {host(80)});
  script.at(4050 * kMillisecond).response(host(1), {host(80)});
  script.at(5000 * kMillisecond).response(host(1), {host(80)});
  script.at(5100 * kMillisecond).syn(host(1), host(80), 1);  // Both before are expired.
  script.at(5000 * kMillisecond);
  for (std::uint32_t i = 0; i < 254; ++i) script.response(host(1), {host(1000 + i)});
  script.at(5020 * kMillisecond).syn(host(1), host(80), 2);  // The second is not.
  const Pairing pairing =
      tests::summary_of(script.events(), {.mode = Correlate::kAddress, .open_answers = 256}).pairing;
  EXPECT_EQ(pairing.evicted, 1u);
  EXPECT_EQ(pairing.pairs, 2u);
  EXPECT_DOUBLE_EQ(pairing.mean_s, (0.1 + 0.97) / 2);
}

TEST(Pairing, AnAnswerLargerThanTheWholeLogIsStillOneAnswer) {
  EventScript script;
  std::vector<wire::Address> addresses;
  for (std::uint32_t i = 0; i < 1000; ++i) addresses.push_back(host(1000 + i));
  script.response(host(1), addresses).syn(host(1), addresses.front());
  script.syn(host(1), addresses.back()).syn(host(1), addresses[900]);
  const Pairing pairing =
      tests::summary_of(script.events(), {.mode = Correlate::kAddress, .open_answers = 256}).pairing;
  EXPECT_EQ(pairing.evicted, 1000u - 256u);
  EXPECT_EQ(pairing.pairs, 1u);
  EXPECT_EQ(pairing.syns_following, 2u);
}

// What prefetch_oldest() said is outdated once answers have made room, by the capacity or within their key.
TEST(Pairing, WhereAKeysAnswersProbablyAreMayBeWrong) {
  constexpr unsigned kPartitions = 2;
  constexpr std::size_t kRemembered = 512;
  for (const auto& [capacity, keys] : {std::pair{256u, 160u}, std::pair{2048u, 1u}}) {
    const aggregator::PairingSettings settings = {.partitions = kPartitions,
                                                  .answers_per_partition = capacity};
    aggregator::Pairer plain(settings);
    aggregator::Pairer told(settings);
    std::deque<std::uint32_t> said;
    std::mt19937 random(keys);
    unsigned pairs = 0;
    for (std::int64_t now_ns = 0; now_ns < 200'000 * kMillisecond; now_ns += kMillisecond) {
      const unsigned partition = random() % kPartitions;
      const auto key = plain.key_of(host(partition), host(100 + random() % keys));
      const std::int64_t time_ns = random() % 16 == 0 ? now_ns - random() % kSecond : now_ns;
      said.push_back(told.prefetch_oldest(told.hash_of(key)));
      if (said.size() > kRemembered) said.pop_front();
      const std::uint32_t likely = random() % 2 == 0 ? said.back() : said[random() % said.size()];
      if (random() % 3 != 0) {
        plain.begin_answer();
        told.begin_answer();
        plain.add_address(partition, key, plain.hash_of(key), time_ns);
        told.add_address(partition, key, told.hash_of(key), time_ns, likely);
      } else {
        const auto right = plain.connect(partition, key, plain.hash_of(key), time_ns);
        const auto match = told.connect(partition, key, told.hash_of(key), time_ns, likely);
        ASSERT_EQ(match.following, right.following) << now_ns;
        ASSERT_EQ(match.paired, right.paired) << now_ns;
        ASSERT_EQ(match.delay_ns, right.delay_ns) << now_ns;
        pairs += match.paired;
      }
      ASSERT_EQ(told.keys(), plain.keys());
    }
    EXPECT_GT(pairs, 10'000u);
    EXPECT_EQ(told.losses().evicted, plain.losses().evicted);
    EXPECT_EQ(told.losses().pushed_out, plain.losses().pushed_out);
    EXPECT_GT(told.losses().evicted + told.losses().pushed_out, 1'000u);
  }
}

TEST(Pairing, AMillionLiveKeysCostAtMostNinetySixBytesEach) {
  constexpr std::size_t kKeys = 1'000'000;
  aggregator::Pairer pairer({.answers_per_partition = kKeys + 48'576});
  const auto offer = [&](std::uint32_t i) {
    const auto key = pairer.key_of(host(i % 1000), host(i));
    pairer.begin_answer();
    pairer.add_address(0, key, pairer.hash_of(key), i);
  };
  for (std::uint32_t i = 0; i < kKeys; ++i) offer(i);
  EXPECT_EQ(pairer.keys(), kKeys);
  EXPECT_EQ(pairer.losses().evicted, 0u);
  EXPECT_LE(pairer.bytes(), 96 * kKeys);

  const std::size_t full = pairer.bytes() + (std::size_t{48'576} + 256) * 64;
  for (std::uint32_t i = kKeys; i < 2 * kKeys; ++i) offer(i);
  EXPECT_LE(pairer.bytes(), full) << "memory goes on growing beyond the capacity";
}

TEST(Pairing, MemoryFollowsTheRateNotTheLengthOfTheCapture) {
  aggregator::Pairer pairer({.answers_per_partition = 1'000'000});
  for (std::uint32_t i = 0; i < 300'000; ++i) {
    const auto key = pairer.key_of(host(1), host(i));
    pairer.begin_answer();
    pairer.add_address(0, key, pairer.hash_of(key), i * kMillisecond);
  }
  EXPECT_LE(pairer.bytes(), 1'000'000u);
  EXPECT_EQ(pairer.losses().evicted, 0u);
}

}  // namespace

// The made-up campus is what it says: the same for the same seed, with the rates that it says, and its
// attacks as strong as they are called.
#include <functional>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/program.h"
#include "tests/support/seen_traffic.h"
#include "tests/support/world/hosts.h"
#include "tests/support/world/rates.h"
#include "tests/support/world/recorder.h"

namespace tests {
namespace {

using world::kCaptureStartNs;
using world::kSecond;
using world::Label;
using world::Nanos;
using world::Span;

constexpr std::uint64_t kSeed = 7;

struct Recorded {
  std::vector<Label> labels;
  std::vector<Seen> traffic;
};

Recorded recorded(const std::string& name, unsigned strength = 0, std::uint64_t seed = kSeed) {
  static world::Recorder recorder;
  const ScratchDirectory scratch;
  Recorded result;
  result.labels = recorder.record(*world::scenario_named(name), strength, seed, scratch.path("capture.pcap"));
  result.traffic = seen_in(scratch.path("capture.pcap"));
  return result;
}

std::string octets_of(const std::string& name, unsigned strength, std::uint64_t seed) {
  const ScratchDirectory scratch;
  world::Recorder().record(*world::scenario_named(name), strength, seed, scratch.path("capture.pcap"));
  return contents_of(scratch.path("capture.pcap"));
}

using Counted = bool (*)(const Seen&);

bool at_mail_server(const Seen& seen) {
  return seen.is_syn_to(25) && seen.destination == world::mail_server();
}
bool of_mail_server(const Seen& seen) {
  return seen.query_to(world::name_server()) && seen.source == world::mail_server();
}
bool asked(const Seen& seen) {
  return seen.query_to(world::name_server()) || seen.query_to(world::name_server_v6());
}
bool asked_for_address(const Seen& seen) {
  return asked(seen) && seen.qtype == static_cast<std::uint16_t>(wire::DnsType::kPtr);
}
bool no_such_name(const Seen& seen) {
  return seen.rcode == world::kNxdomain &&
         (seen.response_from(world::name_server()) || seen.response_from(world::name_server_v6()));
}
bool to_cache(const Seen& seen) {
  const bool cache = seen.destination == world::name_server() || seen.destination == world::name_server_v6();
  return cache && seen.is_response() && !seen.addresses.empty();
}
bool unresolved(const Seen& seen) {
  return of_mail_server(seen) && seen.name.ends_with(".com.campus.example");
}

double per_second(const std::vector<Seen>& traffic, const Span& span, Counted counted) {
  const auto count = std::count_if(traffic.begin(), traffic.end(), [&](const Seen& seen) {
    return span.contains(seen.time_ns - kCaptureStartNs) && counted(seen);
  });
  return static_cast<double>(count * kSecond) / static_cast<double>(span.until - span.from);
}

TEST(World, TheSameSeedGivesTheSameOctets) {
  const std::string octets = octets_of("mass_mailer", 5, 1);
  EXPECT_EQ(octets, octets_of("mass_mailer", 5, 1));
  EXPECT_NE(octets, octets_of("mass_mailer", 5, 2));
  EXPECT_NE(octets, octets_of("mass_mailer", 20, 1));
}

TEST(World, ADayHasTheRatesThatItIsSaidToHave) {
  const auto traffic = recorded("steady").traffic;
  const auto rate = [&](Counted counted) { return per_second(traffic, {0, 300 * kSecond}, counted); };
  const auto said = [](world::Rate nominal) { return nominal.per_1000_s / 1000.0; };
  EXPECT_NEAR(rate(at_mail_server) / said(world::kMailsReceived), 1, 0.08);
  EXPECT_NEAR(rate(of_mail_server) / said(world::kMailServerQueries), 1, 0.08);
  EXPECT_NEAR(rate(asked) / said(world::kQueriesReceived), 1, 0.08);
  EXPECT_NEAR(rate(no_such_name) / said(world::kNxdomains), 1, 0.08);
  EXPECT_NEAR(rate(asked_for_address) / said(world::kReverseQueries), 1, 0.08);
  EXPECT_NEAR(rate(to_cache) / said(world::kAnswersToCache), 1, 0.15);
}

// Rikitake et al. counted 57.5 %.
TEST(World, SomewhatMoreThanHalfOfThePcsAnswersAreFollowedWithinASecond) {
  std::map<std::pair<wire::Address, wire::Address>, std::size_t> last_answer;  // to whom, with which address
  std::set<std::size_t> followed;
  std::size_t answers = 0;
  const auto traffic = recorded("steady").traffic;
  std::set<wire::Address> pcs;
  for (std::uint32_t i = 0; i < world::kPcs; ++i) pcs.insert(world::pc(i));
  for (std::size_t i = 0; i < traffic.size(); ++i) {
    const Seen& seen = traffic[i];
    if (seen.is_response() && pcs.contains(seen.destination) && !seen.addresses.empty()) {
      ++answers;
      for (const wire::Address& address : seen.addresses) last_answer[{seen.destination, address}] = i;
    }
    if (seen.verdict != wire::Verdict::kSyn) continue;
    const auto answer = last_answer.find({seen.source, seen.destination});
    if (answer != last_answer.end() && seen.time_ns - traffic[answer->second].time_ns <= kSecond)
      followed.insert(answer->second);
  }
  EXPECT_NEAR(static_cast<double>(followed.size()) / static_cast<double>(answers), 0.575, 0.04);
}

TEST(World, ArrivalsAreNeverRegular) {
  const auto traffic = recorded("steady").traffic;
  std::vector<double> counts(300);
  for (const Seen& seen : traffic)
    if (at_mail_server(seen))
      counts[static_cast<std::size_t>((seen.time_ns - kCaptureStartNs) / kSecond)] += 1;
  double mean = 0;
  for (const double count : counts) mean += count / 300;
  double variance = 0;
  for (const double count : counts) variance += (count - mean) * (count - mean) / 299;
  EXPECT_NEAR(variance / mean, 1, 0.25);  // Poisson; the standard error is 0.08.
}

TEST(World, AWeekdayMovesByTwoAndAHolidayDoesNot) {
  const auto extremes = [](const std::string& name) {
    const auto traffic = recorded(name).traffic;
    double least = 1e9;
    double most = 0;
    for (Nanos from = 0; from < 300 * kSecond; from += 20 * kSecond) {
      const double rate = per_second(traffic, {from, from + 20 * kSecond}, asked);
      least = std::min(least, rate);
      most = std::max(most, rate);
    }
    return most / least;
  };
  EXPECT_NEAR(extremes("weekday"), 2, 0.4);
  EXPECT_LT(extremes("holiday"), 1.45);
}

TEST(World, AnAttackIsAsStrongAsItIsCalled) {
  const std::map<std::string, Counted> raised = {{"backscatter_many_clients", at_mail_server},
                                                 {"backscatter_few_clients", of_mail_server},
                                                 {"backscatter_thin", of_mail_server},
                                                 {"smtp_flood_one_client", at_mail_server},
                                                 {"smtp_flood_many_clients", at_mail_server},
                                                 {"nxdomain_burst_one_client", no_such_name},
                                                 {"nxdomain_burst_many_clients", no_such_name},
                                                 {"query_flood_one_client", asked},
                                                 {"query_flood_many_clients", asked},
                                                 {"ptr_flood", asked_for_address},
                                                 {"answer_flood_at_cache", to_cache}};
  for (const auto& [name, counted] : raised) {
    for (const unsigned strength : {3U, 10U}) {
      const auto [labels, traffic] = recorded(name, strength);
      const Span& attack = labels.front().span;
      const double before = per_second(traffic, {0, attack.from}, counted);
      EXPECT_NEAR(per_second(traffic, attack, counted) / before / strength, 1, 0.2)
          << name << " " << strength;
    }
  }
}

TEST(World, ThinBackscatterIsUnresolvedInAFewOfAHundredQueries) {
  const auto [labels, traffic] = recorded("backscatter_thin", 2);
  const Span& attack = labels.front().span;
  const double share = per_second(traffic, attack, unresolved) / per_second(traffic, attack, of_mail_server);
  EXPECT_GT(share, 0.02);
  EXPECT_LT(share, 0.08);
}

// Frames of the whole capture.
std::size_t count_of(const std::vector<Seen>& traffic, const std::function<bool(const Seen&)>& counted) {
  return static_cast<std::size_t>(std::count_if(traffic.begin(), traffic.end(), counted));
}

TEST(World, LookAlikesDoWhatTheyAreCalled) {
  const auto deliveries = [](const Seen& seen) {
    return seen.is_syn_to(25) && seen.source == world::mail_server();
  };
  const std::size_t ordinary = count_of(recorded("web_crawler").traffic, deliveries);
  EXPECT_GT(count_of(recorded("newsletter").traffic, deliveries), 3 * ordinary);
  EXPECT_GT(count_of(recorded("queue_flush").traffic, deliveries), 2 * ordinary);

  const auto queries_of = [](std::uint32_t guest) {
    return [guest](const Seen& seen) { return seen.is_query() && seen.source == world::guest(guest); };
  };
  const auto syns_of = [](std::uint32_t guest) {
    return [guest](const Seen& seen) {
      return seen.verdict == wire::Verdict::kSyn && seen.source == world::guest(guest);
    };
  };
  EXPECT_GT(count_of(recorded("web_crawler").traffic, queries_of(0)), 500U);
  EXPECT_GT(count_of(recorded("thirty_tabs").traffic, syns_of(1)), 60U);
  EXPECT_EQ(count_of(recorded("vpn_ends").traffic, queries_of(4)), 0U);
  EXPECT_GT(count_of(recorded("vpn_ends").traffic, syns_of(4)), 30U);
  EXPECT_GT(count_of(recorded("doh_browser").traffic, syns_of(2)), 100U);
  EXPECT_EQ(count_of(recorded("doh_browser").traffic, queries_of(2)), 0U);  // It asked before the capture.

  const auto for_cc = [](const Seen& seen) {
    return asked(seen) && seen.name.ends_with(".cc.campus.example");
  };
  EXPECT_GT(count_of(recorded("hosts_in_cc").traffic, for_cc), 300U);
  const auto over_ipv6 = [](const Seen& seen) {
    return seen.verdict == wire::Verdict::kSyn && seen.source == world::guest_v6(20);
  };
  EXPECT_GT(count_of(recorded("dual_stack").traffic, over_ipv6), 20U);
}

TEST(World, ANameServerThatRestartsAsksMoreOutside) {
  const auto outside = [](const Seen& seen) {
    return seen.is_query() && (seen.source == world::name_server() || seen.source == world::name_server_v6());
  };
  const auto traffic = recorded("name_server_restart").traffic;
  const Span after = {52 * kSecond, 57 * kSecond};
  EXPECT_GT(per_second(traffic, after, outside),
            1.5 * per_second(traffic, {20 * kSecond, 50 * kSecond}, outside));
  EXPECT_EQ(per_second(traffic, {50 * kSecond + kSecond / 2, 52 * kSecond},
                       [](const Seen& seen) { return seen.response_from(world::name_server()); }),
            0);
}

TEST(World, EveryCaptureIsSoundAndBeginsQuietly) {
  for (const world::Scenario& scenario : world::scenarios()) {
    const auto [labels, traffic] = recorded(std::string(scenario.name), scenario.strengths.back());
    EXPECT_EQ(labels.empty(), scenario.kind != world::Kind::kAttack) << scenario.name;
    for (const Label& label : labels) {
      EXPECT_GT(label.span.from, 20 * kSecond) << scenario.name;
      EXPECT_LT(label.span.until, 120 * kSecond) << scenario.name;
    }
    EXPECT_EQ(labels.empty() ? "" : labels.front().detector, scenario.detector) << scenario.name;
    for (std::size_t i = 0; i < traffic.size(); ++i) {
      const Seen& seen = traffic[i];
      ASSERT_TRUE(i == 0 || traffic[i - 1].time_ns <= seen.time_ns) << scenario.name << " " << i;
      ASSERT_EQ(seen.fault, wire::DnsFault::kNone) << scenario.name << " " << i;
      ASSERT_NE(seen.verdict, wire::Verdict::kNotIp) << scenario.name << " " << i;
      ASSERT_NE(seen.verdict, wire::Verdict::kUdpOther) << scenario.name << " " << i;
    }
  }
}

}  // namespace
}  // namespace tests

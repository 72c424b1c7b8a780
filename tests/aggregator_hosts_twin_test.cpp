// Hosts counted by shards and by a second, naive implementation: on random events both say the same.
#include <random>

#include <gtest/gtest.h>

#include "tests/support/naive_hosts.h"

namespace tests {
namespace {

struct RandomCapture {
  EventScript script;
  std::map<std::uint64_t, std::string> domains;  // of the formed names, by hash
};

RandomCapture random_capture(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned bound) { return static_cast<std::uint32_t>(random() % bound); };
  const auto some_client = [&] {
    return below(4) == 0 ? host(70'000 + below(10)) : below(6) == 0 ? host(25) : host(below(30));
  };
  const auto some_server = [&] {
    return below(3) == 0 ? host(25) : below(3) == 0 ? host(below(40)) : host(90'000 + below(60));
  };
  const auto some_resolver = [&] { return below(3) == 0 ? host(54) : EventScript::kResolver; };
  constexpr std::uint16_t kTypes[] = {1, 1, 28, 12, 15, 16, 65, 6};
  constexpr std::uint16_t kPorts[] = {25, 25, 80, 443, 110, 993, 53, 853, 135, 139, 445, 22, 123};

  RandomCapture capture;
  EventScript& script = capture.script;
  script.at(1'000'000 * kSecond);
  for (int i = 0; i < 4000; ++i) {
    script.after(below(30) == 0 ? below(30) * kSecond : below(200) * kMillisecond);
    switch (below(8)) {
      case 0:
        script
            .query(some_client(), below(40) == 0 ? "dns.google" : fmt::format("n{}.example", below(50)),
                   kTypes[below(8)])
            .with_server(some_resolver());
        break;
      case 1: {
        const std::string domain = fmt::format("f{}.{}", below(5), below(2) == 0 ? "com" : "ac.jp");
        const std::string name = fmt::format("m{}.{}.campus.example", below(3), domain);
        script.query(below(2) == 0 ? host(25) : some_client(), name).formed().with_server(some_resolver());
        capture.domains[script.events().back().name_hash] = domain;
        break;
      }
      case 2:
      case 3: {
        script.response(some_client(), {}, below(3) == 0 ? below(6) : 0).with_server(some_resolver());
        if (below(2) == 0) script.no_data();
        if (below(3) == 0) script.formed();
        break;
      }
      case 4:
        script.response(some_client(), {some_server(), some_server()}).ttl(below(100));
        if (below(2) == 0) script.hint(some_server());
        break;
      case 5:
        script.syn_ack(some_client(), some_server());
        break;
      default:
        script.syn(some_client(), some_server(), kPorts[below(13)]);
        if (below(10) == 0) script.quic_initial(some_client(), some_server());
    }
  }
  return capture;
}

TEST(HostsTwin, ShardsAndTheNaiveCountSayTheSame) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const RandomCapture capture = random_capture(seed);
    HostScenario scenario;
    scenario.hosts.grace_s = 20;
    scenario.steps.exempt_hosts = {wire::Network(host(3), 128)};
    scenario.steps.exempt_ports = {123};
    scenario.steps.local_domains = {matchers::host_domain("campus.example")};
    scenario.steps.suffixes = a_few_suffixes();
    const std::vector<HostStep> expected =
        NaiveHosts(capture.script.events(), scenario, capture.domains).steps();
    ASSERT_LT(expected.back().begin_ns - expected.front().begin_ns, 3600 * kSecond);
    aggregator::HostCounts sum;
    for (const HostStep& step : expected) {
      for (const auto& row : step.hosts) sum += row.counts;
    }
    for (std::size_t i = 0; i < aggregator::kHostFields; ++i)
      EXPECT_GT(sum.of[i], 0U) << aggregator::kHostFieldNames[i] << " never happens";
    for (const unsigned shards : {1U, 2U, 7U}) {
      scenario.shards = shards;
      const std::vector<HostStep> steps = host_steps_of(capture.script.events(), scenario);
      ASSERT_EQ(steps.size(), expected.size());
      for (std::size_t i = 0; i < steps.size(); ++i)
        ASSERT_EQ(text_of(steps[i]), text_of(expected[i])) << seed << ", " << shards << " shards";
    }
  }
}

}  // namespace
}  // namespace tests

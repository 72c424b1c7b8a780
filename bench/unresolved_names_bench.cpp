// How long does it take to tell whether a name was formed of a local domain, and to get ready for that?
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "matchers/unresolved_names.h"

namespace {

using matchers::PublicSuffixes;
using matchers::UnresolvedNames;
using matchers::WireName;

std::vector<std::string> local_domains(std::size_t count) {
  std::vector<std::string> domains;
  for (std::size_t i = 0; i < count; ++i) {
    domains.push_back(i % 8 == 0
                          ? "campus" + std::to_string(i) + ".ac.jp"
                          : "d" + std::to_string(i) + ".campus" + std::to_string(i / 8 * 8) + ".ac.jp");
  }
  return domains;
}

struct Names {
  std::vector<WireName> names;
  std::size_t formed = 0;
};

// What a resolver of such a network sees: `formed` names in a hundred have a local domain appended, `local`
// are hosts of a local domain, the others are anywhere, a fifth of them in other domains of the country.
Names mixed_names(const std::vector<std::string>& domains, std::size_t formed, std::size_t local) {
  constexpr std::size_t kNames = 4096;
  const std::vector<std::string> hosts = {"www", "mx1", "a.cdn", "static.eu-central-1.rack7",
                                          "x7f3.telemetry"};
  const std::vector<std::string> tops = {"com", "net", "org", "de", "io"};
  std::mt19937 draw(64);
  const auto pick = [&draw](const auto& from) -> const std::string& { return from[draw() % from.size()]; };
  Names mixed;
  for (std::size_t i = 0; i < kNames; ++i) {
    const std::string name = pick(hosts) + ".n" + std::to_string(draw() % 10'000) + ".";
    const std::size_t share = draw() % 100;
    if (share < formed) {
      mixed.names.push_back(matchers::wire_name(name + pick(tops) + "." + pick(domains)));
      ++mixed.formed;
    } else if (share < formed + local) {
      mixed.names.push_back(matchers::wire_name(pick(hosts) + "." + pick(domains)));
    } else {
      mixed.names.push_back(matchers::wire_name(name + (draw() % 5 ? pick(tops) : "ac.jp")));
    }
  }
  return mixed;
}

void require_formed(const UnresolvedNames& unresolved, const Names& mixed) {
  std::size_t formed = 0;
  for (const WireName& name : mixed.names) formed += unresolved.formed(name);
  if (formed == mixed.formed) return;
  std::cerr << formed << " names are formed, not " << mixed.formed << "; the speed does not matter.\n";
  std::exit(1);
}

void look(benchmark::State& state, std::size_t formed, std::size_t local) {
  const auto domains = local_domains(static_cast<std::size_t>(state.range(0)));
  const UnresolvedNames unresolved(domains, {}, PublicSuffixes::read());
  const Names mixed = mixed_names(domains, formed, local);
  require_formed(unresolved, mixed);
  std::size_t next = 0;
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(unresolved.formed(mixed.names[next++ % mixed.names.size()]));
  state.SetItemsProcessed(state.iterations());
}

void usual_mix(benchmark::State& state) {
  look(state, 2, 20);
}

void under_attack(benchmark::State& state) {
  look(state, 50, 30);
}

void read_list(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(PublicSuffixes::read().rules());
}

void build(benchmark::State& state) {
  const auto domains = local_domains(static_cast<std::size_t>(state.range(0)));
  const PublicSuffixes suffixes = PublicSuffixes::read();
  for ([[maybe_unused]] auto _ : state) {
    const UnresolvedNames unresolved(domains, {}, suffixes);
    benchmark::DoNotOptimize(&unresolved);
  }
}

BENCHMARK(usual_mix)->Arg(1)->Arg(64)->Arg(1024);
BENCHMARK(under_attack)->Arg(1)->Arg(64)->Arg(1024);
BENCHMARK(read_list)->Unit(benchmark::kMillisecond);
BENCHMARK(build)->Arg(64)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

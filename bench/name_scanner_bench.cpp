// How many names a second are scanned, one by one and by the burst, with few and with many patterns? What do
// patterns cost that might reach over two names, or that match nearly everywhere? How long does compiling
// take?
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "bench/usual_patterns.h"
#include "matchers/domain_text.h"
#include "matchers/name_scanner.h"
#include "matchers/pattern_cache.h"
#include "matchers/pattern_compiler.h"

namespace {

using namespace matchers;
using bench::Patterns;
using bench::usual_patterns;

constexpr std::size_t kNames = 4096;

std::vector<WireName> usual_names() {
  const std::vector<std::string> hosts = {"www", "mx1", "a.cdn", "static.eu-central-1.rack7",
                                          "x7f3.telemetry"};
  const std::vector<std::string> tops = {"com", "net", "org", "de", "io"};
  std::mt19937 draw(10);
  std::vector<WireName> names;
  while (names.size() < kNames) {
    names.push_back(wire_name(hosts[draw() % hosts.size()] + ".n" + std::to_string(draw() % 50'000) + "." +
                              tops[draw() % tops.size()]));
  }
  return names;
}

std::unique_ptr<const PatternDatabase> compiled(const Patterns& patterns) {
  return compile_patterns(parse_patterns(patterns.text, "patterns"));
}

// Ten thousand take so long that they are compiled once only.
const PatternDatabase& compiled_before(const Patterns& patterns) {
  static std::map<std::string, std::unique_ptr<const PatternDatabase>> databases;
  auto& database = databases[patterns.text];
  if (!database) database = compiled(patterns);
  return *database;
}

// Scans all names, by so many, into `found`.
void scan_all(const NameScanner& scanner, const std::vector<WireName>& names, NameBatch& batch,
              std::size_t together, std::vector<MatchSet>& found) {
  for (std::size_t first = 0; first < names.size(); first += together) {
    batch.clear();
    for (std::size_t i = 0; i < together; ++i) batch.add(names[first + i]);
    scanner.scan(batch, std::span(found).subspan(first, together));
  }
}

void require_same(const NameScanner& scanner, const std::vector<WireName>& names, std::size_t together) {
  NameBatch batch(64);
  std::vector<MatchSet> alone(names.size());
  std::vector<MatchSet> found(names.size());
  scan_all(scanner, names, batch, 1, alone);
  scan_all(scanner, names, batch, together, found);
  if (alone == found) return;
  std::cerr << "Names match otherwise together than alone; the speed does not matter.\n";
  std::exit(1);
}

void scan(benchmark::State& state, const Patterns& patterns, std::size_t together) {
  const PatternDatabase& database = compiled_before(patterns);
  const NameScanner scanner(database);
  const std::vector<WireName> names = usual_names();
  require_same(scanner, names, together);
  NameBatch batch(64);
  std::vector<MatchSet> found(names.size());
  for ([[maybe_unused]] auto _ : state) {
    scan_all(scanner, names, batch, together, found);
    benchmark::DoNotOptimize(found.data());
  }
  state.SetItemsProcessed(state.iterations() * kNames);
  std::size_t matched = 0;
  for (const MatchSet& set : found) matched += set.count > 0;
  state.counters["matched_%"] = 100.0 * static_cast<double>(matched) / kNames;
  state.counters["MB"] = static_cast<double>(database.octets()) / 1e6;
}

void alone(benchmark::State& state) {
  scan(state, usual_patterns(static_cast<std::size_t>(state.range(0))), 1);
}

void together(benchmark::State& state) {
  scan(state, usual_patterns(static_cast<std::size_t>(state.range(0))), 64);
}

// What laying the names one after the other costs.
void batch_only(benchmark::State& state) {
  const std::vector<WireName> names = usual_names();
  NameBatch batch(64);
  for ([[maybe_unused]] auto _ : state) {
    for (std::size_t first = 0; first < names.size(); first += 64) {
      batch.clear();
      for (std::size_t i = 0; i < 64; ++i) batch.add(names[first + i]);
      benchmark::DoNotOptimize(batch.text().data());
    }
  }
  state.SetItemsProcessed(state.iterations() * kNames);
}

void one_pattern(benchmark::State& state, const std::string& expression, std::size_t together) {
  scan(state, Patterns().add(expression), together);
}

void compile(benchmark::State& state) {
  const Patterns patterns = usual_patterns(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(compiled(patterns)->octets());
}

void from_cache(benchmark::State& state) {
  const Patterns patterns = usual_patterns(static_cast<std::size_t>(state.range(0)));
  const PatternFile file = parse_patterns(patterns.text, "patterns");
  std::string folder = "/tmp/tapline_name_scanner_bench_XXXXXX";
  if (!mkdtemp(folder.data())) std::exit(1);
  load_patterns(file, folder);
  for ([[maybe_unused]] auto _ : state) {
    if (!load_patterns(file, folder).from_cache) std::exit(1);
  }
  if (std::system(("rm -r " + folder).c_str()) != 0) std::exit(1);
}

BENCHMARK(alone)->Arg(1)->Arg(100)->Arg(10'000);
BENCHMARK(together)->Arg(1)->Arg(100)->Arg(10'000);
BENCHMARK(batch_only);
BENCHMARK_CAPTURE(one_pattern, one_in_five_matches, "^mx1\\.", 64);
BENCHMARK_CAPTURE(one_pattern, one_in_five_matches_alone, "^mx1\\.", 1);
BENCHMARK_CAPTURE(one_pattern, one_in_five_to_the_end, "^mx1\\..*", 64);
BENCHMARK_CAPTURE(one_pattern, negated_class, "^mx1\\.[^.]+\\.", 64);
BENCHMARK_CAPTURE(one_pattern, negated_class_that_may_cross, "^mx1\\.[^\\x2e]+\\.", 64);
BENCHMARK_CAPTURE(one_pattern, each_name_matches, "[a-z]\\.n", 64);
BENCHMARK_CAPTURE(one_pattern, each_name_matches_alone, "[a-z]\\.n", 1);
BENCHMARK(compile)->Arg(100)->Arg(10'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(from_cache)->Arg(100)->Arg(10'000)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

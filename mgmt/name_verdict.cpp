#include "mgmt/name_verdict.h"

#include <array>

#include "matchers/name_scanner.h"

namespace mgmt {
namespace {

constexpr std::size_t kBatchNames = 64;

NameVerdict verdict_on(std::string_view name, const matchers::MatchSet& matches,
                       const matchers::PatternDatabase& patterns) {
  NameVerdict verdict{
      .name = std::string(name), .formed = std::nullopt, .patterns = {}, .more = matches.more};
  for (const std::uint32_t place : matches.matched()) {
    verdict.patterns.push_back(&patterns.patterns()[place]);
  }
  return verdict;
}

}  // namespace

NameVerdicts verdicts_on(std::span<const matchers::WireName> names, const matchers::PatternDatabase& patterns,
                         const matchers::UnresolvedNames* unresolved) {
  NameVerdicts verdicts;
  const matchers::NameScanner scanner(patterns);
  matchers::NameBatch batch(kBatchNames);
  std::array<matchers::MatchSet, kBatchNames> found;
  while (!names.empty()) {
    const auto some = names.first(std::min(names.size(), kBatchNames));
    names = names.subspan(some.size());
    batch.clear();
    for (const matchers::WireName& name : some) batch.add(name);
    scanner.scan(batch, std::span(found).first(some.size()));
    for (std::size_t i = 0; i < some.size(); ++i) {
      verdicts.push_back(verdict_on(batch.name(i), found[i], patterns));
      if (unresolved) verdicts.back().formed = unresolved->formed(some[i]);
    }
  }
  return verdicts;
}

}  // namespace mgmt

#include "aggregator/detectors/source.h"

#include <algorithm>

#include "aggregator/detectors/wording.h"

namespace aggregator {

Source::Source(const DetectorSettings& settings, const StepCounts& steps)
    : one_client_share_(settings.flood.one_client),
      clients_(steps.window),
      total_(steps.window),
      top_(steps.window) {}

void Source::add(std::int64_t step, Counts counts) {
  Distinct<10>& clients = clients_.now(step);
  Count& total = total_.now(step);
  for (const auto& [client, count] : counts) {
    if (count == 0) continue;
    clients.add(wire::hash(client));
    total.sum += count;
  }
  top_.add(step, std::move(counts));
}

std::optional<wire::Address> Source::one_client() const {
  const auto top = top_.top(1);
  const std::uint64_t total = total_.last(TimeBlocks<Count>::kWindow).sum;
  if (top.empty() || static_cast<double>(top[0].second) < one_client_share_ * static_cast<double>(total)) {
    return std::nullopt;
  }
  return top[0].first;
}

void Source::add_to(Evidence& evidence) const {
  const auto top = top_.top(1);
  const std::uint64_t total = total_.last(TimeBlocks<Count>::kWindow).sum;
  evidence.emplace_back("source", std::string(one_client() ? "one client" : "many clients"));
  evidence.emplace_back("clients", distinct_count(clients_.last(TimeBlocks<Distinct<10>>::kWindow)));
  if (top.empty() || total == 0) return;
  evidence.emplace_back("top_client", to_text(top[0].first));
  evidence.emplace_back("top_client_share",
                        std::min(1.0, static_cast<double>(top[0].second) / static_cast<double>(total)));
}

}  // namespace aggregator

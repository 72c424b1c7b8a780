#include "dataplane/traffic/weighted.h"

#include <limits>
#include <numeric>

#include "wire/hash.h"

namespace dataplane::traffic {

Weighted::Weighted(std::span<const std::uint64_t> weights) : columns_(weights.size()) {
  const wire::Uint128 average = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<wire::Uint128> scaled;  // times their number, so that `average` fills a column
  std::vector<std::uint32_t> light;
  std::vector<std::uint32_t> heavy;
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    scaled.push_back(wire::Uint128{weights[i]} * weights.size());
    (scaled[i] < average ? light : heavy).push_back(i);
    columns_[i] = {std::numeric_limits<std::uint32_t>::max(), i};
  }
  while (!light.empty() && !heavy.empty()) {  // Fill up a light column from a heavy one.
    const std::uint32_t from = heavy.back();
    const std::uint32_t to = light.back();
    light.pop_back();
    columns_[to] = {static_cast<std::uint32_t>((scaled[to] << 32) / average), from};
    scaled[from] -= average - scaled[to];
    if (scaled[from] >= average) continue;
    heavy.pop_back();
    light.push_back(from);
  }
}

std::uint32_t Weighted::draw(Random& random) const noexcept {
  const std::uint64_t drawn = random.next();
  const std::uint64_t column = ((drawn >> 32) * columns_.size()) >> 32;
  const bool keep = static_cast<std::uint32_t>(drawn) < columns_[column].keep;
  return keep ? static_cast<std::uint32_t>(column) : columns_[column].alias;
}

Weighted zipf(std::uint32_t ranks, std::uint32_t offset) {
  std::vector<std::uint64_t> weights;
  for (std::uint64_t k = 1; k <= ranks; ++k) weights.push_back((std::uint64_t{1} << 40) / (k + offset));
  return Weighted(weights);
}

}  // namespace dataplane::traffic

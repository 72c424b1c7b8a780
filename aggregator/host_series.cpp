#include "aggregator/host_series.h"

#include <algorithm>

#include "aggregator/detectors/rows_of.h"

namespace aggregator {

WatchedRow& WatchedRow::operator+=(const WatchedRow& other) {
  host += other.host;
  for (const PatternMatch& match : other.matches) {
    const auto at = std::ranges::lower_bound(matches, match.id, {}, &PatternMatch::id);
    if (at != matches.end() && at->id == match.id) {
      at->queries += match.queries;
    } else {
      matches.insert(at, match);
    }
  }
  return *this;
}

HostSeriesStore::HostSeriesStore(const HostSeriesSettings& settings)
    : settings_(settings), busy_(settings.busiest) {
  for (const wire::Address& host : settings.hosts)
    series_.try_emplace(host, settings.points, settings.east_s);
}

void HostSeriesStore::add(std::uint64_t second, const HostStep& step) {
  if (busy_.observe(second, step)) watch(busy_.ranking());
  for (auto& [host, series] : series_) {
    const auto row = std::lower_bound(
        step.hosts.begin(), step.hosts.end(), host,
        [](const HostRow& candidate, const wire::Address& key) { return candidate.host < key; });
    if (row == step.hosts.end() || row->host != host) continue;
    WatchedRow watched(*row);
    for (const PatternCount& match : rows_of(step.patterns, host, &PatternCount::client))
      watched.matches.push_back({match.id, match.queries});
    series.add(second, watched);
  }
}

// One that is no longer among the busiest keeps its curves until another one needs the place.
void HostSeriesStore::watch(const std::vector<wire::Address>& busiest) {
  for (const wire::Address& host : busiest) {
    const bool known = std::erase(watched_, host) > 0;
    if (known || series_.try_emplace(host, settings_.points, settings_.east_s).second)
      watched_.push_back(host);
  }
  for (; watched_.size() > settings_.busiest; watched_.pop_front()) series_.erase(watched_.front());
}

std::vector<wire::Address> HostSeriesStore::hosts() const {
  std::vector<wire::Address> hosts;
  for (const auto& [host, series] : series_) hosts.push_back(host);
  return hosts;
}

const HostSeries* HostSeriesStore::find(const wire::Address& host) const {
  const auto found = series_.find(host);
  return found != series_.end() ? &found->second : nullptr;
}

}  // namespace aggregator

// Curves of single hosts: by the second, the minute, the hour and the day.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "aggregator/busy_hosts.h"
#include "aggregator/host_step.h"
#include "aggregator/step_series.h"

namespace aggregator {

// Queries whose name matched a pattern.
struct PatternMatch {
  std::uint32_t id = 0;
  std::uint64_t queries = 0;
  bool operator==(const PatternMatch&) const = default;
};

// What a watched host did.
struct WatchedRow {
  HostRow host;
  std::vector<PatternMatch> matches;  // by id, each once

  WatchedRow() = default;
  WatchedRow(const HostRow& row) : host(row) {}
  WatchedRow& operator+=(const WatchedRow& other);
};

struct SeriesPoint {
  std::uint64_t begin = 0;  // seconds since 1970; a multiple of the step
  HostCounts counts;
  double destinations = 0;  // different ones, estimated
  double smtp_destinations = 0;
  double names = 0;
  double sources = 0;                 // of the SYNs that it received
  std::vector<PatternMatch> matches;  // by id

  SeriesPoint() = default;
  SeriesPoint(std::uint64_t first_second, const WatchedRow& row)
      : begin(first_second),
        counts(row.host.counts),
        destinations(row.host.destinations.estimate()),
        smtp_destinations(row.host.smtp_destinations.estimate()),
        names(row.host.names.estimate()),
        sources(row.host.sources.estimate()),
        matches(row.matches) {}
};

using HostSeries = StepSeries<WatchedRow, SeriesPoint>;

struct HostSeriesSettings {
  std::vector<wire::Address> hosts;  // whose curves are kept always
  std::size_t busiest = 0;           // besides those of so many that do most
  std::array<std::size_t, kSeriesSteps> points = kSeriesPoints;
  std::int64_t east_s = 0;  // hours and days begin where they do so far east of Greenwich
};

// One thread.
class HostSeriesStore {
 public:
  explicit HostSeriesStore(const HostSeriesSettings& settings);

  void add(std::uint64_t second, const HostStep& step);

  // Null if no curves are kept of this host.
  const HostSeries* find(const wire::Address& host) const;

  // Whose curves are kept now, in the order of their addresses.
  std::vector<wire::Address> hosts() const;

 private:
  void watch(const std::vector<wire::Address>& busiest);

  HostSeriesSettings settings_;
  std::map<wire::Address, HostSeries> series_;
  BusyHosts busy_;
  std::deque<wire::Address> watched_;  // for being busy, the longest ago first
};

}  // namespace aggregator

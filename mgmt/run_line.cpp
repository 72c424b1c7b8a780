#include "mgmt/run_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mgmt/number_text.h"

namespace mgmt {
namespace {

constexpr std::string_view kFormat = "{:>8} {:>8} {:>9} {:>9} {:>9} {:>7} {:>7} {:>8} {:>6}";

std::string bits_text(std::uint64_t bytes) {
  return compact(8 * bytes) + "b";
}

}  // namespace

std::string run_heading(const TextStyle& style) {
  return faint(fmt::format(fmt::runtime(kFormat), "UTC", "frames/s", "bits/s", "queries/s", "answers/s",
                           "SYNs/s", "paired", "clients", "lost"),
               style);
}

std::string run_line(std::uint64_t window, const aggregator::SensorCounts& counts, std::uint64_t clients) {
  using aggregator::SensorField;
  const auto time = static_cast<std::time_t>(window);
  return fmt::format(fmt::runtime(kFormat), fmt::format("{:%H:%M:%S}", fmt::gmtime(time)),
                     compact(counts[SensorField::kFrames]), bits_text(counts[SensorField::kBytes]),
                     compact(counts[SensorField::kQueries]), compact(counts[SensorField::kResponses]),
                     compact(counts[SensorField::kSyns]),
                     share(counts[SensorField::kPairs], counts[SensorField::kSyns]), compact(clients),
                     compact(counts[SensorField::kLostFrames] + counts[SensorField::kLostEvents]));
}

}  // namespace mgmt

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

std::string run_line(const RunSecond& second) {
  const auto time = static_cast<std::time_t>(second.window);
  return fmt::format(fmt::runtime(kFormat), fmt::format("{:%H:%M:%S}", fmt::gmtime(time)),
                     compact(second.frames), bits_text(second.bytes), compact(second.queries),
                     compact(second.responses), compact(second.syns), share(second.pairs, second.syns),
                     compact(second.clients), compact(second.lost_frames + second.lost_events));
}

}  // namespace mgmt

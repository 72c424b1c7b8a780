#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"

namespace mgmt {
namespace {

using aggregator::LiveLedger;

// wire = missed + errors + no buffer + received
Lines ports_table(const LiveLedger& live, const TextStyle& style) {
  TextTable table({{"port"},
                   {"wire", Align::kRight},
                   {"missed", Align::kRight},
                   {"errors", Align::kRight},
                   {"no buffer", Align::kRight},
                   {"received", Align::kRight}});
  for (const aggregator::LivePort& port : live.ports) {
    const dataplane::PortCounters& counters = port.counters;
    const std::string missed = counters.missed_known ? grouped(counters.missed) : "unknown";
    table.add({printable(port.name, kSectionColumns / 2, style), grouped(counters.received + counters.lost()),
               missed, grouped(counters.errors), grouped(counters.no_buffer), grouped(counters.received)});
  }
  return table.lines(style, kSectionColumns);
}

Lines workers_table(const LiveLedger& live, const TextStyle& style) {
  TextTable table({{"worker"},
                   {"core", Align::kRight},
                   {"frames", Align::kRight},
                   {"busy", Align::kRight},
                   {"longest poll", Align::kRight}});
  for (const aggregator::LiveWorkerRow& worker : live.workers) {
    table.add({fmt::format("{} queue {}", printable(worker.port, kSectionColumns / 2, style), worker.queue),
               worker.core ? std::to_string(*worker.core) : "any", grouped(worker.frames),
               fmt::format("{:.1f} %", 100 * worker.busy),
               seconds_text(static_cast<double>(worker.longest_poll_ns) / 1e9)});
  }
  return table.lines(style, kSectionColumns);
}

std::string missed_by_queue(const dataplane::PortCounters& counters) {
  std::string text;
  for (const std::uint64_t missed : counters.missed_by_queue)
    text.append(text.empty() ? "" : ", ").append(grouped(missed));
  return text;
}

// What the drivers do not say, said; and what they say by queue.
Lines notes_on_missed(const LiveLedger& live, const TextStyle& style) {
  Lines lines;
  for (const aggregator::LivePort& port : live.ports) {
    const std::string name = printable(port.name, kSectionColumns / 2, style);
    const dataplane::PortCounters& counters = port.counters;
    if (!counters.missed_known) {
      lines.push_back(fmt::format("{} does not say what {} missed", port.driver, name));
    } else if (!counters.missed_by_queue.empty()) {
      lines.push_back(fmt::format("{} missed by queue: {}", name, missed_by_queue(counters)));
    } else if (counters.missed > 0) {
      lines.push_back(
          fmt::format("{} missed frames as a port; {} does not count by queue", name, port.driver));
    }
  }
  return lines;
}

std::string filter_line(const aggregator::LiveFilter& filter) {
  if (std::isinf(filter.ratio)) return "filter    in the NIC; it hides ALL DNS and connection attempts";
  if (filter.ratio == 0) return "filter    in the NIC; too early to say whether it hides anything";
  return fmt::format(
      "filter    in the NIC; {} unfiltered seconds had {:.2f} times the DNS and connection attempts",
      filter.unfiltered_seconds, filter.ratio);
}

}  // namespace

Lines tap_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.live) return {};
  const LiveLedger& live = *summary.live;
  Lines lines = ports_table(live, style);
  append(lines, notes_on_missed(live, style));
  lines.emplace_back();
  append(lines, workers_table(live, style));
  if (live.filter) lines.push_back(filter_line(*live.filter));
  lines.emplace_back();
  lines.push_back(fmt::format("events    {} made = {} observed + {} lost to full rings",
                              grouped(summary.ledger.events_made()), grouped(live.events_drained),
                              grouped(summary.ledger.ring_full)));
  return lines;
}

}  // namespace mgmt

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

// Where lines came from; what was not taken only if there was any.
Lines syslog_lines(const dataplane::SyslogLedger& syslog) {
  struct Count {
    std::uint64_t count;
    const char* what;
  };
  const Count not_taken[] = {
      {syslog.refused_datagrams, "datagrams of others than the configured senders"},
      {syslog.refused_connections, "connections of others"},
      {syslog.too_many_connections, "connections too many ([syslog] connections)"},
      {syslog.idle_connections, "connections closed that said nothing ([syslog] idle)"},
      {syslog.cut_messages, "messages that their connections broke off"},
      {syslog.dropped_datagrams, "datagrams dropped by the kernel"},
      {syslog.late, "facts more than a minute off, taken as of their arrival"},
  };
  Lines lines = {fmt::format("syslog    {} datagrams, {} messages in {} connections",
                             grouped(syslog.datagrams), grouped(syslog.messages),
                             grouped(syslog.connections))};
  for (const Count& each : not_taken) {
    if (each.count > 0) lines.push_back(fmt::format("          {} {}", grouped(each.count), each.what));
  }
  return lines;
}

Lines event_log_lines(const LiveLedger& live, const TextStyle& style) {
  Lines lines;
  for (const aggregator::LiveEventLog& log : live.event_logs) {
    const std::string lost = log.lost > 0 ? fmt::format(", {} lost", grouped(log.lost)) : "";
    lines.push_back(fmt::format("event log {}: {} lines{}", printable(log.to, kSectionColumns / 2, style),
                                grouped(log.written), lost));
  }
  return lines;
}

std::string fleet_line(const aggregator::LiveFleet& fleet) {
  std::string line = fmt::format("fleet     {}: minutes sent {}", fleet.to, grouped(fleet.sent));
  if (fleet.waiting > 0) line += fmt::format(", waiting {}", grouped(fleet.waiting));
  if (fleet.lost > 0) line += fmt::format(", lost {}", grouped(fleet.lost));
  return line;
}

}  // namespace

std::string spool_line(const aggregator::LiveSpool& spool, const TextStyle& style) {
  std::string text = fmt::format("spool {}: {} frames kept, {} in {} now",
                                 printable(spool.folder, kSectionColumns / 2, style), grouped(spool.written),
                                 bytes_text(static_cast<double>(spool.bytes)),
                                 spool.files == 1 ? "1 file" : grouped(spool.files) + " files");
  if (spool.not_selected > 0) text += fmt::format(", {} not selected", grouped(spool.not_selected));
  if (spool.dropped > 0) text += fmt::format(", {} dropped by full rings", grouped(spool.dropped));
  if (spool.lost > 0) text += fmt::format(", {} lost by the disk", grouped(spool.lost));
  return text + (spool.on ? "" : "; stopped");
}

Lines tap_section(const aggregator::Summary& summary, const TextStyle& style) {
  if (!summary.live) return {};
  const LiveLedger& live = *summary.live;
  Lines lines = ports_table(live, style);
  append(lines, notes_on_missed(live, style));
  lines.emplace_back();
  append(lines, workers_table(live, style));
  if (live.filter) lines.push_back(filter_line(*live.filter));
  lines.emplace_back();
  if (live.syslog) append(lines, syslog_lines(*live.syslog));
  lines.push_back(fmt::format("events    {} made = {} observed + {} lost to full rings",
                              grouped(summary.ledger.events_made()), grouped(live.events_drained),
                              grouped(summary.ledger.ring_full)));
  append(lines, event_log_lines(live, style));
  if (live.fleet) lines.push_back(fleet_line(*live.fleet));
  if (live.spool) lines.push_back(spool_line(*live.spool, style));
  return lines;
}

}  // namespace mgmt

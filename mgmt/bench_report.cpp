#include "mgmt/bench_report.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/line_rate.h"
#include "mgmt/number_text.h"
#include "mgmt/text_table.h"

namespace mgmt {
namespace {

using Json = nlohmann::ordered_json;

std::string mpps(double frames_per_s) {
  return fmt::format("{:.2f}", frames_per_s / 1e6);
}

std::string percent_of_link(double frames_per_s, double octets, unsigned link_gbps) {
  return fmt::format("{:.1f} %", 100 * frames_per_s / line_rate(link_gbps, octets));
}

std::string cycles(double ns, const BenchReport& report) {
  return fmt::format("{:.0f}", ns * report.tsc_ghz);
}

Lines heading(const BenchReport& report, const TextStyle& style) {
  Lines lines = {strong("tapline bench", style) + fmt::format("  {}, frames of {:.0f} octets on average",
                                                              report.mix, report.mean_octets + 4),
                 ""};
  lines.push_back(report.source == "memory"
                      ? "Frames from memory, in DPDK's packet buffers: no NIC and no core that sends."
                      : fmt::format("Frames from {}.", report.source));
  lines.push_back(fmt::format(
      "Trials of {:.3g} s{}{}.", report.trial_s,
      report.searched ? fmt::format(", to within {:.0f} %", 100 * report.resolution) : "",
      report.tolerated_loss > 0 ? fmt::format(", of which {:.3g} % may be lost", 100 * report.tolerated_loss)
                                : ""));
  if (!report.hugepages) lines.push_back("No huge pages: a box that has them holds more.");
  for (const BenchResult& result : report.results) {
    if (result.threads <= report.cores) continue;
    lines.push_back(fmt::format(
        "With {} worker{}: {} threads on {} core{}. These are figures of shared cores.", result.workers,
        result.workers == 1 ? "" : "s", result.threads, report.cores, report.cores == 1 ? "" : "s"));
  }
  lines.emplace_back();
  return lines;
}

Lines rates(const BenchReport& report, const TextStyle& style) {
  TextTable table({{"workers", Align::kRight},
                   {"shards", Align::kRight},
                   {"Mpps", Align::kRight},
                   {"Gb/s", Align::kRight},
                   {"10 GbE", Align::kRight},
                   {"25 GbE", Align::kRight},
                   {"40 GbE", Align::kRight},
                   {"100 GbE", Align::kRight}});
  for (const BenchResult& result : report.results) {
    const double rate = result.highest ? result.highest->offered_rate() : 0;
    std::vector<std::string> cells = {std::to_string(result.workers), std::to_string(result.shards),
                                      (result.highest_is_most ? ">" : "") + mpps(rate),
                                      fmt::format("{:.2f}", wire_gbps(rate, report.mean_octets))};
    for (const unsigned link : kLinksGbps) cells.push_back(percent_of_link(rate, report.mean_octets, link));
    table.add(std::move(cells));
  }
  Lines lines = {report.searched ? "The highest rate without loss, and its share of what links carry"
                                 : "The rate that was asked for, and its share of what links carry"};
  append(lines, table.lines(style, kTextColumns));
  lines.emplace_back();
  return lines;
}

// What was lost on the way between two ports has a column where frames from memory have their cost.
Lines work(const BenchReport& report, const TextStyle& style) {
  const bool memory = report.source == "memory";
  TextTable table({{"workers", Align::kRight},
                   {"trial"},
                   {"Mpps", Align::kRight},
                   {"cycles", Align::kRight},
                   {memory ? "source" : "on way", Align::kRight},
                   {"missed", Align::kRight},
                   {"no buffer", Align::kRight},
                   {"ring full", Align::kRight}});
  const auto add = [&](const BenchResult& result, const std::optional<BenchTrial>& trial,
                       std::string_view which) {
    if (!trial) return;
    table.add({std::to_string(result.workers), std::string(which), mpps(trial->offered_rate()),
               cycles(trial->worker_ns_per_frame(), report),
               memory ? cycles(trial->source_ns_per_frame(), report) : compact(trial->elsewhere),
               compact(trial->missed), compact(trial->no_buffer), compact(trial->ring_full)});
  };
  for (const BenchResult& result : report.results) {
    add(result, result.highest, report.searched ? "highest" : "at rate");
    add(result, result.first_loss, "too fast");
    add(result, result.flat_out, "flat out");
  }
  Lines lines = {memory ? "Cycles of a worker for a packet, of these the source's, and losses by place"
                        : "Cycles of a worker for a packet, and losses by place"};
  append(lines, table.lines(style, kTextColumns));
  lines.emplace_back();
  return lines;
}

Lines delays(const BenchReport& report, const TextStyle& style) {
  TextTable table({{"workers", Align::kRight},
                   {"at Mpps", Align::kRight},
                   {"p50", Align::kRight},
                   {"p99", Align::kRight},
                   {"max", Align::kRight}});
  for (const BenchResult& result : report.results) {
    const auto& trial = result.half_load ? result.half_load : result.highest;
    if (!trial || trial->delays.empty()) continue;
    const DelayQuantiles delays = trial->delays.quantiles();
    table.add({std::to_string(result.workers), mpps(trial->offered_rate()), seconds_text(delays.p50_s),
               seconds_text(delays.p99_s), seconds_text(delays.max_s)});
  }
  Lines lines = {fmt::format("From packet to Summary{}: it waits for its second to end",
                             report.searched ? " at half load" : "")};
  append(lines, table.lines(style, kTextColumns));
  return lines;
}

Json trial_json(const std::optional<BenchTrial>& trial, const BenchReport& report) {
  if (!trial) return nullptr;
  const double rate = trial->offered_rate();
  Json json = {{"seconds", trial->seconds},   {"offered", trial->offered},
               {"received", trial->received}, {"events", trial->events},
               {"mpps", rate / 1e6},          {"gbps", wire_gbps(rate, report.mean_octets)}};
  for (const unsigned link : kLinksGbps) {
    json["line_rate_share"][std::to_string(link) + "GbE"] = rate / line_rate(link, report.mean_octets);
  }
  json["cycles_per_packet"] = trial->worker_ns_per_frame() * report.tsc_ghz;
  json["source_cycles_per_packet"] = trial->source_ns_per_frame() * report.tsc_ghz;
  json["lost"] = {{"rx_queue_full", trial->missed},
                  {"no_buffer", trial->no_buffer},
                  {"elsewhere", trial->elsewhere},
                  {"ring_full", trial->ring_full}};
  json["packet_to_summary_s"] = nullptr;
  if (!trial->delays.empty()) {
    const DelayQuantiles delays = trial->delays.quantiles();
    json["packet_to_summary_s"] = {{"p50", delays.p50_s}, {"p99", delays.p99_s}, {"max", delays.max_s}};
  }
  json["balanced"] = trial->balanced;
  return json;
}

Json result_json(const BenchResult& result, const BenchReport& report) {
  return {{"workers", result.workers},
          {"shards", result.shards},
          {"threads", result.threads},
          {"shared_cores", result.threads > report.cores},
          {report.searched ? "highest" : "at_rate", trial_json(result.highest, report)},
          {"offered_no_more", result.highest_is_most},
          {"first_loss", trial_json(result.first_loss, report)},
          {"flat_out", trial_json(result.flat_out, report)},
          {"half_load", trial_json(result.half_load, report)}};
}

}  // namespace

bool BenchReport::balanced() const noexcept {
  const auto sound = [](const std::optional<BenchTrial>& trial) { return !trial || trial->balanced; };
  return std::ranges::all_of(results, [&](const BenchResult& result) {
    return sound(result.highest) && sound(result.first_loss) && sound(result.flat_out) &&
           sound(result.half_load);
  });
}

std::string bench_text(const BenchReport& report, const TextStyle& style) {
  Lines lines = heading(report, style);
  append(lines, rates(report, style));
  append(lines, work(report, style));
  append(lines, delays(report, style));
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::string bench_json(const BenchReport& report) {
  Json json = {{"mix", report.mix},
               {"source", report.source},
               {"frame_octets", report.mean_octets + 4},
               {"trial_s", report.trial_s},
               {"resolution", report.resolution},
               {"tolerated_loss", report.tolerated_loss},
               {"cores", report.cores},
               {"hugepages", report.hugepages},
               {"tsc_ghz", report.tsc_ghz},
               {"results", Json::array()}};
  for (const BenchResult& result : report.results) json["results"].push_back(result_json(result, report));
  return json.dump(2) + "\n";
}

}  // namespace mgmt

#include <array>

#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"

namespace mgmt {
namespace {

using dataplane::Ledger;

constexpr std::array<std::string_view, wire::kVerdicts> kMeanings = {
    "whole DNS messages",
    "DNS messages that break RFC 1035",
    "DNS messages cut by the capture",
    "port 53, no DNS header",
    "DNS over TCP, parts of messages",
    "TCP connection attempts",
    "TCP connections accepted",
    "QUIC connection attempts",
    "other TCP",
    "other UDP",
    "ICMP",
    "other IP protocols",
    "not IP",
    "IP fragments kept",
    "overlapping IP fragments, dropped",
    "IP fragments that fit nowhere",
    "second copies of a frame",
    "link types not read",
    "end inside a header",
    "contradictory headers",
    "tunnels nested too deep",
};

void add_time(Lines& lines, const Ledger& ledger) {
  const auto length =
      static_cast<std::uint64_t>(ledger.last_ns) - static_cast<std::uint64_t>(ledger.first_ns);
  lines.push_back("from      " + utc_text(ledger.first_ns));
  lines.push_back("to        " + utc_text(ledger.last_ns) + ", " + time_span_text(length));
}

Lines verdict_table(const Ledger& ledger, const TextStyle& style) {
  TextTable table({{"verdict"}, {"frames", Align::kRight}, {"share", Align::kRight}, {""}});
  for (std::size_t i = 0; i < wire::kVerdicts; ++i) {
    const std::uint64_t frames = ledger.verdicts[i];
    if (frames == 0) continue;
    table.add({std::string(wire::kVerdictNames[i]), grouped(frames), share(frames, ledger.frames),
               std::string(kMeanings[i])});
  }
  return table.lines(style, kSectionColumns);
}

}  // namespace

Lines capture_section(const aggregator::Summary& summary, const TextStyle& style) {
  const Ledger& ledger = summary.ledger;
  if (ledger.frames == 0 && summary.logs) return {};
  if (ledger.frames == 0) return {"no frames"};
  Lines lines = {
      "frames    " + grouped(ledger.frames),
      fmt::format("bytes     {} on the wire, {} captured", grouped(ledger.bytes),
                  grouped(ledger.captured_bytes)),
  };
  add_time(lines, ledger);
  lines.emplace_back();
  append(lines, verdict_table(ledger, style));
  return lines;
}

}  // namespace mgmt

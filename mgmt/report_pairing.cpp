// Tables 1 to 4 of Rikitake, Nogawa, Sugaya, Nakao, Shimojo: DNS answers and the TCP connections after them.
#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "mgmt/duration_text.h"
#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"
#include "mgmt/service_names.h"

namespace mgmt {
namespace {

using aggregator::Correlate;
using aggregator::Pairing;
using aggregator::PortCount;

constexpr std::size_t kServiceColumns = 15;  // RFC 6335 section 5.1

std::string rule(const Pairing& pairing) {
  const char* who = pairing.mode == Correlate::kClient ? "the same client" : "anyone";
  return fmt::format("Followed: {} connects to one of its addresses within {}.", who,
                     duration_text(pairing.window_ns));
}

Lines table_1(const Pairing& pairing, const TextStyle& style) {
  TextTable table({{"Table 1  DNS answers over UDP"}, {"count", Align::kRight}, {"share", Align::kRight}});
  table.add({"answers", grouped(pairing.answers), share(pairing.answers, pairing.answers)});
  table.add({"answers with an address record", grouped(pairing.answers_with_address),
             share(pairing.answers_with_address, pairing.answers)});
  table.add({"address records", grouped(pairing.a_records + pairing.aaaa_records), ""});
  table.add({"  of type A", grouped(pairing.a_records), ""});
  table.add({"  of type AAAA", grouped(pairing.aaaa_records), ""});
  return table.lines(style, kSectionColumns);
}

Lines table_2(const Pairing& pairing, const TextStyle& style) {
  TextTable table({{"Table 2  TCP SYN packets"}, {"count", Align::kRight}, {"share", Align::kRight}});
  table.add({"SYN", grouped(pairing.syns), share(pairing.syns, pairing.syns)});
  table.add({"SYN that follow an answer", grouped(pairing.syns_following),
             share(pairing.syns_following, pairing.syns)});
  table.add({"pairs, one SYN to one answer", grouped(pairing.pairs), share(pairing.pairs, pairing.syns)});
  return table.lines(style, kSectionColumns);
}

std::string followed(const Pairing& pairing) {
  if (pairing.answers_with_address == 0) return "No answer had an address record.";
  return fmt::format("{} of the answers with an address record were followed by a SYN.",
                     share(pairing.pairs, pairing.answers_with_address));
}

Lines port_table(const char* title, std::span<const PortCount> ports, std::uint64_t all,
                 const TextStyle& style) {
  Lines lines = {strong(title, style)};
  TextTable table(
      {{"port", Align::kRight}, {"service"}, {"packets", Align::kRight}, {"share", Align::kRight}});
  std::uint64_t shown = 0;
  for (const PortCount& row : ports.first(std::min(style.top, ports.size()))) {
    shown += row.packets;
    table.add({std::to_string(row.port), printable(service_name(row.port), kServiceColumns, style),
               grouped(row.packets), share(row.packets, all)});
  }
  if (ports.size() > style.top) {
    table.add({"", fmt::format("{} more", ports.size() - style.top), grouped(all - shown),
               share(all - shown, all)});
  }
  append(lines, table.lines(style, kSectionColumns));
  return lines;
}

}  // namespace

Lines pairing_section(const aggregator::Summary& summary, const TextStyle& style) {
  const Pairing& pairing = summary.pairing;
  if (pairing.answers == 0 && pairing.syns == 0) return {"no answers over UDP, no SYN"};
  Lines lines = table_1(pairing, style);
  lines.emplace_back();
  append(lines, table_2(pairing, style));
  lines.emplace_back();
  lines.push_back(followed(pairing));
  lines.push_back(rule(pairing));
  lines.emplace_back();
  append(lines,
         beside(port_table("Table 3  SYN by destination port", pairing.syn_ports, pairing.syns, style),
                port_table("Table 4  Pairs by destination port", pairing.paired_ports, pairing.pairs, style),
                kSectionColumns));
  return lines;
}

}  // namespace mgmt

// What was given up to stay within memory or to keep up. A capture that fits everything has none of it.
#include "mgmt/number_text.h"
#include "mgmt/report_sections.h"

namespace mgmt {

Lines limits_section(const aggregator::Summary& summary, const TextStyle& style) {
  const dataplane::Ledger& ledger = summary.ledger;
  struct Limit {
    std::uint64_t count;
    const char* what;
  };
  const Limit limits[] = {
      {ledger.ring_full, "events lost because a ring was full"},
      {ledger.fragments_evicted, "datagrams in fragments given up ([memory] fragments)"},
      {ledger.dns_streams_evicted, "DNS streams over TCP given up ([memory] dns_streams)"},
      {ledger.dns_bytes_lost, "bytes of such streams not kept ([memory] dns_stream_bytes)"},
      {ledger.duplicates_forgotten, "packets forgotten while copies may come ([memory] dedup_packets)"},
      {summary.pairing.pushed_out, "open answers pushed out by newer ones of the same key"},
      {summary.pairing.evicted, "open answers evicted ([memory] pairing_entries)"},
      {summary.other_clients_events, "events of clients not told apart ([memory] clients)"},
      {ledger.time_went_back, "frames older than the one before them"},
      {ledger.late, "frames that came too late for their place in time"},
      {ledger.bad_checksum, "frames with a wrong checksum, by the NIC"},
  };
  TextTable table({{"count", Align::kRight}, {""}});
  bool any = false;
  for (const Limit& limit : limits) {
    if (limit.count == 0) continue;
    any = true;
    table.add({grouped(limit.count), limit.what});
  }
  return any ? table.lines(style, kSectionColumns) : Lines{};
}

}  // namespace mgmt

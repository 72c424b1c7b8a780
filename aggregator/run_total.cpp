#include "aggregator/run_total.h"

#include <algorithm>

#include "aggregator/summarize.h"

namespace aggregator {
namespace {

constexpr std::size_t kRowsBeforeMerging = 4096;

}  // namespace

void RunTotal::add(const ShardWindow& window) {
  total_ += window;
  const std::size_t added = total_.clients.rows.size() - merged_rows_;
  if (added > std::max(kRowsBeforeMerging, merged_rows_)) merge_clients();
}

// Rows of one client become one, and those of clients beyond the bound become part of the rest. The clients
// known before stay known.
void RunTotal::merge_clients() {
  std::vector<ClientRow>& rows = total_.clients.rows;
  const auto known_end = rows.begin() + static_cast<std::ptrdiff_t>(merged_rows_);
  std::vector<ClientRow> known(rows.begin(), known_end);
  std::vector<ClientRow> fresh(known_end, rows.end());
  const auto by_address = [](const ClientRow& a, const ClientRow& b) { return a.address < b.address; };
  std::sort(fresh.begin(), fresh.end(), by_address);

  std::vector<ClientRow> unknown;
  auto at = known.begin();
  for (const ClientRow& row : fresh) {
    at = std::lower_bound(at, known.end(), row, by_address);
    if (at != known.end() && at->address == row.address) {
      *at += row;
    } else if (!unknown.empty() && unknown.back().address == row.address) {
      unknown.back() += row;
    } else if (known.size() + unknown.size() < clients_) {
      unknown.push_back(row);
    } else {
      total_.clients.other += row;
      total_.clients.other_events += row.queries + row.responses + row.connections + row.quic;
    }
  }
  const auto middle = known.insert(known.end(), unknown.begin(), unknown.end());
  std::inplace_merge(known.begin(), middle, known.end(), by_address);
  rows = std::move(known);
  merged_rows_ = rows.size();
}

Summary RunTotal::summarize(const dataplane::Ledger& ledger) const {
  return aggregator::summarize(total_, ledger);
}

}  // namespace aggregator

#include "dataplane/log_input.h"

#include "dataplane/decompress.h"

namespace dataplane {

LogInput::LogInput(const LogFile& file, std::atomic<std::uint64_t>& consumed)
    : role_(file.role),
      server_(file.server),
      path_(file.path),
      source_(file.clock),
      lines_(decompressed(std::make_unique<FileSource>(file.path, consumed))) {}

bool LogInput::advance(LogFacts& facts, LogLedger& ledger) {
  for (;;) {
    if (next_ == count_) {
      const auto lines = lines_.receive();
      if (lines.empty()) return false;
      facts.parse(lines, source_, facts_);
      count_ = lines.size();
      next_ = 0;
      ledger.lines += count_;
      for (const std::string_view line : lines) ledger.bytes += line.size() + 1;
    }
    LogFact& fact = facts_[next_++];
    const bool wanted = is_of_role(fact);
    if (!wanted && fact.verdict <= LogVerdict::kQuery) fact.verdict = LogVerdict::kOther;
    ++ledger[fact.verdict];
    if (!wanted) continue;
    ledger.time_went_back += fact.seen_ns < latest_ns_;
    latest_ns_ = fact.seen_ns;
    return true;
  }
}

}  // namespace dataplane

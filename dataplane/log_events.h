// From what a log line says to the events that say so.
#pragma once

#include <cstdint>

#include "dataplane/ledger.h"
#include "dataplane/log_facts.h"
#include "dataplane/log_ledger.h"
#include "dataplane/name_matching.h"
#include "dataplane/outlet.h"
#include "dataplane/worker_rules.h"

namespace dataplane {

// Belongs to one worker.
class LogEvents {
 public:
  LogEvents(Outlet& outlet, Ledger& ledger, LogLedger& log_ledger, std::size_t worker)
      : outlet_(outlet), ledger_(ledger), log_ledger_(log_ledger), matching_(worker) {
    outlet_.finish_first(matching_);
  }

  // Between two bursts; borrowed until the next call.
  void follow(const WorkerRules& rules) noexcept {
    unresolved_names_ = rules.unresolved_names.get();
    matching_.follow(rules.patterns.get());
  }

  void mail(std::uint64_t order, const wire::Address& server, const LogFact& fact) noexcept;
  void query(std::uint64_t order, const wire::Address& server, const LogFact& fact) noexcept;

 private:
  void text(std::uint64_t order, const wire::Address& client, std::span<const std::uint8_t> octets) noexcept;
  void matches(std::uint64_t order, const wire::Address& client, std::span<const std::uint8_t> name) noexcept;
  Event* begin(EventKind kind, std::uint64_t order, const wire::Address& client, const wire::Address& server,
               std::int64_t time_ns) noexcept;

  Outlet& outlet_;
  Ledger& ledger_;
  LogLedger& log_ledger_;
  NameMatching matching_;
  const matchers::UnresolvedNames* unresolved_names_ = nullptr;
};

}  // namespace dataplane

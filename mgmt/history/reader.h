// Reads the history, also while it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mgmt/history/database.h"
#include "mgmt/history/kept_hosts.h"
#include "mgmt/history/source.h"

namespace mgmt {

// One thread; any number of them at a time. Everything throws HistoryError if there is no history, a newer
// tapline wrote it or it cannot be read, and DatabaseError if it is damaged.
class HistoryReader final : public HistorySource {
 public:
  // `kept` shows again whom it can.
  explicit HistoryReader(const std::string& folder, KeptHosts kept = {});

  HistoryAnswer<HistoryStep> steps(const HistoryQuery& query) override;
  HistoryAnswer<HistoryFinding> findings(const HistoryRange& range) override;
  HistoryAnswer<HistoryGap> gaps(const HistoryRange& range) override;

  // Of which there are rows by the day: addresses.
  std::vector<std::string> hosts(HistoryKind kind);

  // Of its first day; nothing if it is empty.
  std::optional<std::uint64_t> begin();

  // What was last written of; nothing if it is empty.
  std::optional<std::uint64_t> end();

  // Behind all findings that are kept.
  std::uint64_t next_finding();

  // The address that a server of this name had last; `name` itself if there is none.
  std::string address_of(const std::string& name);

  // "" if all is well, else what SQLite finds wrong. Reads all of the file.
  std::string damage();

  std::uint64_t bytes();

 private:
  std::string file_;
  KeptHosts kept_;
  std::optional<Database> database_;
};

}  // namespace mgmt

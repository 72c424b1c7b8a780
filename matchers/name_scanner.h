// Scans names with compiled patterns.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "matchers/match_set.h"
#include "matchers/name_batch.h"
#include "matchers/pattern_database.h"

struct hs_scratch;

namespace matchers {

// A worker's own: one thread at a time. Made before it is needed, since that allocates; the database is
// borrowed. Scanning changes only the scratch, so a scanner may be part of a value that workers read.
class NameScanner {
 public:
  // Throws std::bad_alloc.
  explicit NameScanner(const PatternDatabase& database);
  NameScanner(NameScanner&&) noexcept = default;

  // All names at once; what each matches goes to the same index of `found`, which is as long as the batch.
  // Exactly what scanning each name alone would find.
  void scan(const NameBatch& names, std::span<MatchSet> found) const noexcept;

 private:
  struct Free {
    void operator()(hs_scratch* scratch) const noexcept;
  };

  MatchSet scan_alone(const NameBatch& names, std::size_t index) const noexcept;

  const PatternDatabase* database_;
  std::unique_ptr<hs_scratch, Free> scratch_;
};

}  // namespace matchers

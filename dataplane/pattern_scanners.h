// The operator's patterns, ready for a number of workers.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "matchers/name_scanner.h"
#include "matchers/pattern_database.h"

namespace dataplane {

// Each worker scans with its own scanner, made here because that allocates.
class PatternScanners {
 public:
  PatternScanners(std::shared_ptr<const matchers::PatternDatabase> database, std::size_t workers)
      : database_(std::move(database)) {
    for (std::size_t worker = 0; worker < workers; ++worker) scanners_.emplace_back(*database_);
  }

  const matchers::PatternDatabase& database() const noexcept { return *database_; }
  std::shared_ptr<const matchers::PatternDatabase> shared_database() const noexcept { return database_; }
  const matchers::NameScanner& of_worker(std::size_t worker) const noexcept { return scanners_[worker]; }

 private:
  std::shared_ptr<const matchers::PatternDatabase> database_;
  std::vector<matchers::NameScanner> scanners_;
};

}  // namespace dataplane

// Compiled patterns: what the half that builds hands to the half that scans.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "matchers/pattern_file.h"

struct hs_database;

namespace matchers {

struct HyperscanFree {
  void operator()(hs_database* database) const noexcept;
};
using HyperscanDatabase = std::unique_ptr<hs_database, HyperscanFree>;

// Never changes: any number of threads scan with it, each with a NameScanner of its own.
class PatternDatabase {
 public:
  // `compiled` is null if there are no patterns; its ids are places in `patterns`.
  PatternDatabase(std::vector<Pattern> patterns, std::vector<bool> may_cross, HyperscanDatabase compiled);

  const std::vector<Pattern>& patterns() const noexcept { return patterns_; }
  bool may_cross(std::size_t place) const noexcept { return may_cross_[place]; }
  const hs_database* compiled() const noexcept { return compiled_.get(); }
  std::size_t octets() const noexcept { return octets_; }  // of memory that the compiled patterns take

 private:
  std::vector<Pattern> patterns_;
  std::vector<bool> may_cross_;
  HyperscanDatabase compiled_;
  std::size_t octets_ = 0;
};

}  // namespace matchers

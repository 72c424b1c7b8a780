// Which frames a spool keeps that does not keep all: [spool] what = "selected".
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_set>

#include "aggregator/detectors/finding_book.h"
#include "matchers/match_set.h"
#include "matchers/name_batch.h"
#include "matchers/name_scanner.h"
#include "wire/address.h"
#include "wire/frame.h"

namespace mgmt {

// Frames from and to hosts of open findings, and DNS messages whose QNAME the operator's patterns match, over
// TCP if a segment holds all of the message. Told by the control thread, asked by the spool's.
class SpoolSelection {
 public:
  using Patterns = std::shared_ptr<const matchers::PatternDatabase>;

  // The control thread.
  void take(std::span<const aggregator::FindingChange> changes);
  void follow(Patterns patterns);  // null: there are none

  // The spool's thread, before some frames are asked about: what it was told since counts from here on.
  void look();
  bool wants(const wire::Frame& frame);

 private:
  struct HashOf {
    std::size_t operator()(const wire::Address& address) const noexcept { return wire::hash(address); }
  };
  using Hosts = std::unordered_set<wire::Address, HashOf>;

  bool matches(std::span<const std::uint8_t> message);

  // The control thread's.
  std::map<std::uint64_t, wire::Address> open_;  // by the findings' numbers

  std::mutex mutex_;  // of the told ones
  std::uint64_t told_ = 0;
  Hosts told_hosts_;
  Patterns told_patterns_;

  // The spool's thread's.
  std::uint64_t known_ = 0;
  Hosts hosts_;
  Patterns patterns_;
  std::optional<matchers::NameScanner> scanner_;
  matchers::NameBatch names_{1};
  std::array<matchers::MatchSet, 1> found_{};
};

}  // namespace mgmt

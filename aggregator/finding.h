// What a detector has to say: plain data that knows no format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wire/address.h"

namespace aggregator {

enum class Severity : std::uint8_t {
  kLow,
  kMedium,
  kHigh
};

using EvidenceValue = std::variant<std::uint64_t, double, std::string, std::vector<std::string>>;

struct Finding {
  std::uint64_t id = 0;  // counts in the order opened; from 1, or behind those in the history
  std::string detector;
  wire::Address subject;                 // of a server with several addresses: its first
  std::string name;                      // of a configured server; else empty
  std::int64_t since_ns = 0;             // packet time: the first step that stood out
  std::optional<std::int64_t> until_ns;  // the end of the last step that did; none while open
  double score = 0;                      // 0 to 1: how sure
  Severity severity = Severity::kLow;
  std::vector<std::pair<std::string, EvidenceValue>> evidence;  // the figures behind it, most telling first
  std::string advice;                                           // what an operator can do, a sentence or two
};

}  // namespace aggregator

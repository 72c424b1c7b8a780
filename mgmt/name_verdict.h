// What patterns and local domains say of names.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matchers/domain_text.h"
#include "matchers/pattern_database.h"
#include "matchers/unresolved_names.h"

namespace mgmt {

struct NameVerdict {
  std::string name;                                // in presentation form, as patterns see it
  std::optional<bool> formed;                      // of a local domain; nothing if there are none
  std::vector<const matchers::Pattern*> patterns;  // borrowed, in the order of their file
  bool more = false;                               // matched than a MatchSet has room for
};
using NameVerdicts = std::vector<NameVerdict>;

// `unresolved` is null if there are no local domains.
NameVerdicts verdicts_on(std::span<const matchers::WireName> names, const matchers::PatternDatabase& patterns,
                         const matchers::UnresolvedNames* unresolved);

}  // namespace mgmt

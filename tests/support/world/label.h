// What is true of a capture: who was under attack, or attacked, from when until when.
#pragma once

#include <string>
#include <vector>

#include "tests/support/world/nanos.h"
#include "wire/address.h"

namespace tests::world {

struct Label {
  std::string detector;
  wire::Address subject;
  Span span;
  bool required = true;  // false: a consequence of the attack that may be found, or not
};

// A JSON array of detector, subject, since, until (seconds since 1970) and required. Empty where nothing must
// be found.
std::string to_json(const std::vector<Label>& labels);

}  // namespace tests::world

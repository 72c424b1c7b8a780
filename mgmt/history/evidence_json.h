// The evidence of a finding, as the history keeps it: an object of figures, texts and lists of texts.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace mgmt {

// Discarded (is_discarded()) if `kept` is no JSON, or nests deeper than evidence does: the file may be a
// stranger's, and what walks JSON takes stack for each level.
nlohmann::ordered_json evidence_json(std::string_view kept);

}  // namespace mgmt

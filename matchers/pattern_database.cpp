#include "matchers/pattern_database.h"

#include <hs_common.h>

namespace matchers {

void HyperscanFree::operator()(hs_database* database) const noexcept {
  hs_free_database(database);
}

PatternDatabase::PatternDatabase(std::vector<Pattern> patterns, std::vector<bool> may_cross,
                                 HyperscanDatabase compiled)
    : patterns_(std::move(patterns)), may_cross_(std::move(may_cross)), compiled_(std::move(compiled)) {
  if (compiled_) hs_database_size(compiled_.get(), &octets_);
}

}  // namespace matchers

#include "matchers/log_classes.h"

#include <algorithm>
#include <new>

#include <hs_runtime.h>

namespace matchers {
namespace {

// Matches mostly end further to the right than the one before. No pattern matches a line end.
struct Findings {
  const LineBatch& lines;
  std::span<LogClassSet> found;
  std::size_t at = 0;
};

int on_match(unsigned id, unsigned long long, unsigned long long end, unsigned, void* context) {
  Findings& findings = *static_cast<Findings*>(context);
  if (end <= findings.lines.start(findings.at)) findings.at = 0;
  while (end > findings.lines.end(findings.at)) ++findings.at;
  findings.found[findings.at].add(static_cast<LogClass>(id));
  return 0;
}

}  // namespace

void LogClasses::Free::operator()(hs_scratch* scratch) const noexcept {
  hs_free_scratch(scratch);
}

LogClasses::LogClasses(HyperscanDatabase patterns) : patterns_(std::move(patterns)) {
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(patterns_.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
  scratch_.reset(scratch);
}

void LogClasses::scan(const LineBatch& lines, std::span<LogClassSet> found) const noexcept {
  std::ranges::fill(found, LogClassSet{});
  if (lines.size() == 0) return;
  Findings findings{.lines = lines, .found = found, .at = 0};
  const std::string_view text = lines.text();
  hs_scan(patterns_.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch_.get(), on_match,
          &findings);
}

}  // namespace matchers

#include "matchers/name_scanner.h"

#include <bitset>
#include <new>

#include <hs_runtime.h>

namespace matchers {
namespace {

// The name that a match ends in. Matches mostly end further to the right than the one before.
class Cursor {
 public:
  explicit Cursor(const NameBatch& names) noexcept : names_(names) {}

  // The name that has the character before `end`; size() if that is a line end.
  std::size_t name_before(std::size_t end) noexcept {
    if (end <= names_.start(at_)) at_ = 0;
    while (at_ + 1 < names_.size() && end > names_.end(at_)) ++at_;
    return end > names_.start(at_) ? at_ : names_.size();
  }

 private:
  const NameBatch& names_;
  std::size_t at_ = 0;
};

struct Findings {
  const PatternDatabase& database;
  std::span<MatchSet> found;
  Cursor cursor;
  std::size_t names;
  std::bitset<NameBatch::kMaxNames> unsure;
};

int on_match(unsigned place, unsigned long long, unsigned long long end, unsigned, void* context) {
  Findings& findings = *static_cast<Findings*>(context);
  const std::size_t name = findings.cursor.name_before(end);
  if (name == findings.names) return 0;
  if (findings.database.may_cross(place)) {
    findings.unsure.set(name);
  } else {
    findings.found[name].add(place);
  }
  return 0;
}

int on_match_alone(unsigned place, unsigned long long, unsigned long long, unsigned, void* context) {
  static_cast<MatchSet*>(context)->add(place);
  return 0;
}

}  // namespace

void NameScanner::Free::operator()(hs_scratch* scratch) const noexcept {
  hs_free_scratch(scratch);
}

NameScanner::NameScanner(const PatternDatabase& database) : database_(&database) {
  if (!database.compiled()) return;
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database.compiled(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
  scratch_.reset(scratch);
}

// A match cannot begin in one name and end in the next unless its pattern may match line ends. Where such a
// pattern has matched, the name is scanned once more and alone.
void NameScanner::scan(const NameBatch& names, std::span<MatchSet> found) const noexcept {
  std::ranges::fill(found, MatchSet{});
  if (names.size() == 0 || !scratch_) return;
  Findings findings{
      .database = *database_, .found = found, .cursor = Cursor(names), .names = names.size(), .unsure = {}};
  const std::string_view text = names.text();
  hs_scan(database_->compiled(), text.data(), static_cast<unsigned>(text.size()), 0, scratch_.get(), on_match,
          &findings);
  if (findings.unsure.none()) return;
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (findings.unsure[index]) found[index] = scan_alone(names, index);
  }
}

MatchSet NameScanner::scan_alone(const NameBatch& names, std::size_t index) const noexcept {
  const std::string_view name = names.name(index);
  MatchSet found;
  hs_scan(database_->compiled(), name.data(), static_cast<unsigned>(name.size()), 0, scratch_.get(),
          on_match_alone, &found);
  return found;
}

}  // namespace matchers

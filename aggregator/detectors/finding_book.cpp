#include "aggregator/detectors/finding_book.h"

#include <algorithm>
#include <utility>

namespace aggregator {
namespace {

double share(std::uint64_t lost, std::uint64_t seen) noexcept {
  return lost == 0 ? 0 : static_cast<double>(lost) / static_cast<double>(lost + seen);
}

}  // namespace

FindingBook::FindingBook(const DetectorSettings& settings)
    : steps_(settings),
      step_ns_(settings.step_ns),
      most_entries_(settings.open_findings),
      most_closed_(settings.closed_findings),
      next_id_(settings.first_finding) {}

void FindingBook::begin_step(const HostStep& step, std::int64_t number) {
  number_ = number;
  begin_ns_ = step.begin_ns;
  recent_.push_back({number, step.frames, step.lost});
  in_window_.seen += step.frames;
  in_window_.lost += step.lost;
  while (recent_.front().number <= number - steps_.window) {
    in_window_.seen -= recent_.front().seen;
    in_window_.lost -= recent_.front().lost;
    recent_.pop_front();
  }
  const double faded = loss_share_ * (1 - 1 / static_cast<double>(steps_.adapt));
  loss_share_ = std::max({share(step.lost, step.frames), share(in_window_.lost, in_window_.seen), faded});
  for (auto& [key, entry] : entries_) {
    if (!entry.open) continue;
    entry.frames.seen += step.frames;
    entry.frames.lost += step.lost;
  }
}

bool FindingBook::is_open(std::string_view detector, const wire::Address& subject) const {
  const auto found = entries_.find({detector, subject});
  return found != entries_.end() && found->second.open;
}

void FindingBook::saw(Sighting sighting) {
  Entry* entry = open_entry(sighting);
  if (entry == nullptr) return;
  entry->changed = true;
  entry->last_number = number_;
  entry->last_end_ns = begin_ns_ + step_ns_;
  Finding& finding = entry->finding;
  finding.severity = std::max(finding.severity, sighting.severity);
  if (sighting.score < finding.score) return;
  finding.score = sighting.score;
  finding.evidence = std::move(sighting.evidence);
  finding.advice = std::move(sighting.advice);
}

FindingBook::Entry* FindingBook::open_entry(const Sighting& sighting) {
  const Key key = {sighting.detector, sighting.subject};
  if (const auto found = entries_.find(key); found != entries_.end()) {
    found->second.open = true;
    return &found->second;
  }
  if (entries_.size() >= most_entries_) {
    ++refused_;
    return nullptr;
  }
  Entry& entry = entries_[key];
  entry.finding.id = next_id_++;
  entry.finding.detector = sighting.detector;
  entry.finding.subject = sighting.subject;
  entry.finding.name = sighting.name;
  entry.finding.since_ns = begin_ns_ - sighting.steps_ago * step_ns_;
  entry.frames = frames_since(number_ - sighting.steps_ago);
  return &entry;
}

void FindingBook::end_step() {
  for (auto at = entries_.begin(); at != entries_.end();) {
    Entry& entry = at->second;
    const std::int64_t quiet = number_ - entry.last_number;
    if (entry.open && quiet >= steps_.quiet) {
      entry.open = false;
      entry.changed = true;
    }
    if (quiet < steps_.quiet + steps_.reopen) {
      ++at;
      continue;
    }
    archive(entry);
    at = entries_.erase(at);
  }
}

void FindingBook::archive(Entry& entry) {
  if (entry.changed) {
    tell(entry, changes_);
    while (changes_.size() > 2 * most_closed_) changes_.pop_front();
  }
  closed_.push_back(shown(entry));
  if (closed_.size() <= most_closed_) return;
  closed_.pop_front();
  ++dropped_;
}

FindingBook::Frames FindingBook::frames_since(std::int64_t number) const {
  Frames sum;
  for (const Frames& step : recent_) {
    if (step.number < number) continue;
    sum.seen += step.seen;
    sum.lost += step.lost;
  }
  return sum;
}

void FindingBook::tell(Entry& entry, std::deque<FindingChange>& changes) {
  const Finding now = shown(entry);
  if (!entry.announced) {
    changes.push_back({FindingState::kOpened, now});
    changes.back().finding.until_ns.reset();
  }
  if (!entry.open) {
    changes.push_back({FindingState::kClosed, now});
  } else if (entry.announced) {
    changes.push_back({FindingState::kUpdated, now});
  }
  entry.changed = false;
  entry.announced = true;
}

Finding FindingBook::shown(const Entry& entry) {
  Finding finding = entry.finding;
  if (!entry.open) finding.until_ns = entry.last_end_ns;
  finding.evidence.emplace_back("loss_share", share(entry.frames.lost, entry.frames.seen));
  return finding;
}

std::vector<Finding> FindingBook::findings() const {
  std::vector<Finding> all(closed_.begin(), closed_.end());
  for (const auto& [key, entry] : entries_) all.push_back(shown(entry));
  std::ranges::sort(all, {}, &Finding::id);
  return all;
}

std::vector<FindingChange> FindingBook::take_changes() {
  for (auto& [key, entry] : entries_) {
    if (entry.changed) tell(entry, changes_);
  }
  std::vector<FindingChange> taken(std::make_move_iterator(changes_.begin()),
                                   std::make_move_iterator(changes_.end()));
  changes_.clear();
  std::ranges::stable_sort(taken, {}, [](const FindingChange& change) { return change.finding.id; });
  return taken;
}

}  // namespace aggregator

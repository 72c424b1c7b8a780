#include "mgmt/history/writer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "dataplane/pinned_thread.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

// Gaps that touch are one, so that there are few of them however long it lasts.
void add_gap(std::vector<HistoryGap>& gaps, HistoryGap gap) {
  if (!gaps.empty() && gaps.back().end >= gap.begin) {
    gaps.back().end = gap.end;
  } else {
    gaps.push_back(std::move(gap));
  }
}

}  // namespace

HistoryWriter::HistoryWriter(HistoryWriterSettings settings, Say say)
    : settings_(std::move(settings)), say_(std::move(say)) {
  try {
    open();
  } catch (const DatabaseError& error) {
    failed(error.what());
  }
  thread_ = dataplane::pinned_thread("history", std::nullopt, [this] { run(); });
}

HistoryWriter::~HistoryWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void HistoryWriter::open() {
  store_.emplace(settings_.store);
  if (store_->set_aside().empty()) return;
  say_(fmt::format("history: {} was broken; it is set aside as {} and a new one is begun",
                   printable(history_file(settings_.store.folder), kPathColumns, TextStyle{}),
                   printable(store_->set_aside(), kPathColumns, TextStyle{})));
}

void HistoryWriter::put(HistoryMinute minute, std::vector<HistoryFinding> findings) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= settings_.most_waiting) give_up_oldest();
    waiting_.push_back(std::move(minute));
    progress_.waiting = waiting_.size() + in_hand_;
    for (HistoryFinding& finding : findings) findings_.insert_or_assign(finding.id, std::move(finding));
    while (findings_.size() > kMostFindings) findings_.erase(findings_.begin());
  }
  changed_.notify_all();
}

void HistoryWriter::give_up_oldest() {
  constexpr auto kWhy = static_cast<std::size_t>(HistoryGapReason::kUnwritten);
  const HistoryMinute& oldest = waiting_.front();
  add_gap(gaps_, {oldest.from, oldest.until, std::string(kHistoryGapReasonNames[kWhy])});
  waiting_.pop_front();
  ++progress_.given_up;
}

bool HistoryWriter::finish(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  finishing_ = true;
  changed_.notify_all();
  return changed_.wait_for(lock, patience, [&] { return done_; });
}

HistoryProgress HistoryWriter::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

void HistoryWriter::run() {
  std::unique_lock lock(mutex_);
  for (bool written = true; !done_;) {
    if (!written) changed_.wait_for(lock, settings_.retry, [&] { return stopping_; });
    if (written) changed_.wait(lock, [&] { return stopping_ || finishing_ || !waiting_.empty(); });
    if (stopping_) return;
    take();
    const bool last = finishing_ && waiting_.empty();
    lock.unlock();
    written = attempt(last);
    lock.lock();
    done_ = written && last;
  }
  changed_.notify_all();
}

// What is taken stays so until it is written. What could not be written is not added to: so all that is given
// up meanwhile is one gap.
void HistoryWriter::take() {
  const bool anew = taken_.empty();
  while (anew && taken_.size() < kMostAtOnce && !waiting_.empty()) {
    taken_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  for (auto& [id, finding] : findings_) taken_findings_.insert_or_assign(id, std::move(finding));
  findings_.clear();
  while (taken_findings_.size() > kMostFindings) taken_findings_.erase(taken_findings_.begin());
  for (HistoryGap& gap : gaps_) add_gap(taken_gaps_, std::move(gap));
  gaps_.clear();
  in_hand_ = taken_.size();
  progress_.waiting = waiting_.size() + in_hand_;
}

bool HistoryWriter::attempt(bool last) {
  try {
    if (!store_) open();
    write_taken();
    store_->trim();
    if (last) store_->end();
    succeeded();
    return true;
  } catch (const DatabaseError& error) {
    if (error.broken()) store_.reset();  // opened again, it is set aside
    failed(error.what());
  } catch (const HistoryError& error) {
    failed(error.what());
  }
  return false;
}

void HistoryWriter::write_taken() {
  if (taken_.empty() && taken_gaps_.empty()) return;
  std::vector<HistoryFinding> findings;
  for (const auto& [id, finding] : taken_findings_) findings.push_back(finding);
  store_->write({taken_, findings, taken_gaps_});
  const std::lock_guard lock(mutex_);
  progress_.written += taken_.size();
  in_hand_ = 0;
  progress_.waiting = waiting_.size();
  taken_.clear();
  taken_findings_.clear();
  taken_gaps_.clear();
}

void HistoryWriter::failed(const std::string& reason) {
  std::unique_lock lock(mutex_);
  if (std::exchange(progress_.failing, true)) return;
  given_up_then_ = progress_.given_up;
  lock.unlock();
  say_(fmt::format("history: cannot be written: {}. It is tried again; the last {} minutes wait for it",
                   reason, settings_.most_waiting));
}

void HistoryWriter::succeeded() {
  std::unique_lock lock(mutex_);
  if (!std::exchange(progress_.failing, false)) return;
  const std::uint64_t lost = progress_.given_up - given_up_then_;
  lock.unlock();
  say_(lost == 0 ? std::string("history: is written again, nothing was lost")
                 : fmt::format("history: is written again; {} minutes are lost, which are a gap now", lost));
}

}  // namespace mgmt

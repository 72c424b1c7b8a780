#include "dataplane/log_worker.h"

#include <algorithm>

#include "matchers/log_patterns.h"

namespace dataplane {
namespace {

// For a heap, whose front is the greatest.
constexpr auto kLater = [](const auto& a, const auto& b) {
  return a.time_ns != b.time_ns ? a.time_ns > b.time_ns : a.place > b.place;
};

std::uint64_t order_of(std::int64_t time_ns) noexcept {
  constexpr std::int64_t kLastNs = kLastPacketWindow * kPacketWindowNs;
  return static_cast<std::uint64_t>(std::clamp<std::int64_t>(time_ns, 0, kLastNs));
}

}  // namespace

LogWorker::LogWorker(const std::vector<LogFile>& files, Outlet& outlet, const WorkerRules& rules,
                     std::size_t worker, std::atomic<std::uint64_t>& consumed)
    : outlet_(outlet),
      facts_(matchers::compile_log_patterns()),
      events_(outlet, ledger_, log_ledger_, worker) {
  events_.follow(rules);
  for (std::size_t place = 0; place < files.size(); ++place) {
    queue_.push_back({std::make_unique<LogInput>(files[place], consumed), 0, place});
    if (!read_on(queue_.back())) queue_.pop_back();
  }
}

bool LogWorker::poll_once() {
  std::ranges::make_heap(queue_, kLater);
  for (std::size_t sent = 0; sent < kFactsOfPoll && !queue_.empty(); ++sent) {
    std::ranges::pop_heap(queue_, kLater);
    Waiting& first = queue_.back();
    send(*first.input, first.time_ns);
    if (read_on(first)) {
      std::ranges::push_heap(queue_, kLater);
    } else {
      queue_.pop_back();
    }
  }
  outlet_.publish(queue_.empty() ? kFinished : reached_);
  return !queue_.empty();
}

bool LogWorker::read_on(Waiting& waiting) {
  if (waiting.input->advance(facts_, log_ledger_)) {
    waiting.time_ns = std::max(waiting.time_ns, waiting.input->fact().seen_ns);
    return true;
  }
  if (!waiting.input->fault().empty()) errors_.push_back({waiting.input->path(), waiting.input->fault()});
  return false;
}

void LogWorker::send(const LogInput& input, std::int64_t time_ns) {
  reached_ = std::max(reached_ + 1, order_of(time_ns));
  if (input.role() == LogRole::kMail) {
    events_.mail(reached_, input.server(), input.fact());
  } else {
    events_.query(reached_, input.server(), input.fact());
  }
}

}  // namespace dataplane

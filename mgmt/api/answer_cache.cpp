#include "mgmt/api/answer_cache.h"

#include <utility>

namespace mgmt {

// What is large is copied outside of the lock.
ApiAnswer AnswerCache::answer(const ApiRequest& request, const Moment& moment, const Make& make) {
  const Asked asked = {moment, {request.path, request.parameters}};
  std::unique_lock lock(mutex_);
  if (const auto kept = answers_.find(asked.second); moment == moment_ && kept != answers_.end()) {
    const Answer answer = kept->second;
    lock.unlock();
    return *answer;
  }
  if (const auto making = making_.find(asked); making != making_.end()) {
    const std::shared_future<Answer> made = making->second;
    lock.unlock();
    return *made.get();
  }
  std::packaged_task<Answer()> task([&] { return std::make_shared<const ApiAnswer>(make()); });
  const std::shared_future<Answer> made = task.get_future().share();
  making_.emplace(asked, made);
  lock.unlock();
  task();
  lock.lock();
  making_.erase(asked);
  const Answer& answer = made.get();
  keep(asked, answer);
  lock.unlock();
  return *answer;
}

void AnswerCache::keep(const Asked& asked, const Answer& answer) {
  const auto& [moment, question] = asked;
  if (moment != std::exchange(moment_, moment)) {
    answers_.clear();
    octets_ = 0;
  }
  std::size_t octets = question.first.size() + answer->body.size();
  for (const auto& [name, value] : question.second) octets += name.size() + value.size();
  if (answers_.size() >= kMostAnswers || octets_ + octets > kMostOctets) return;
  if (answers_.try_emplace(question, answer).second) octets_ += octets;
}

}  // namespace mgmt

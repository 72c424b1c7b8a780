#include "mgmt/api/answer_cache.h"

#include <utility>

namespace mgmt {

std::optional<ApiAnswer> AnswerCache::find(const ApiRequest& request, const Moment& moment) const {
  const std::lock_guard lock(mutex_);
  if (moment != moment_) return std::nullopt;
  const auto found = answers_.find({request.path, request.parameters});
  return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

void AnswerCache::keep(const ApiRequest& request, const Moment& moment, const ApiAnswer& answer) {
  const std::lock_guard lock(mutex_);
  if (moment != std::exchange(moment_, moment)) {
    answers_.clear();
    octets_ = 0;
  }
  Question question = {request.path, request.parameters};
  std::size_t octets = request.path.size() + answer.body.size();
  for (const auto& [name, value] : request.parameters) octets += name.size() + value.size();
  if (answers_.size() >= kMostAnswers || octets_ + octets > kMostOctets) return;
  if (answers_.try_emplace(std::move(question), answer).second) octets_ += octets;
}

}  // namespace mgmt

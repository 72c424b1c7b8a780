// Answers of one moment of the sensor: whoever asks the same of it gets the same, made once.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "mgmt/api/api_request.h"
#include "mgmt/api/sensor.h"

namespace mgmt {

// Any thread.
class AnswerCache {
 public:
  using Moment = std::shared_ptr<const SensorState>;

  // More is made anew each time.
  static constexpr std::size_t kMostAnswers = 256;
  static constexpr std::size_t kMostOctets = 16 << 20;

  std::optional<ApiAnswer> find(const ApiRequest& request, const Moment& moment) const;
  void keep(const ApiRequest& request, const Moment& moment, const ApiAnswer& answer);

 private:
  using Question = std::pair<std::string, std::multimap<std::string, std::string>>;

  mutable std::mutex mutex_;
  Moment moment_;  // of all of them; kept, so that no other can be in its place
  std::map<Question, ApiAnswer> answers_;
  std::size_t octets_ = 0;
};

}  // namespace mgmt

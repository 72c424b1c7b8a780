// Answers of one moment of the sensor: whoever asks the same of it gets the same, made once.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "mgmt/api/api_request.h"
#include "mgmt/api/sensor.h"

namespace mgmt {

// Any thread. Who asks while an answer is being made waits for it, instead of making it beside.
class AnswerCache {
 public:
  using Moment = std::shared_ptr<const SensorState>;
  using Make = std::function<ApiAnswer()>;

  // More is not kept for those who come later.
  static constexpr std::size_t kMostAnswers = 256;
  static constexpr std::size_t kMostOctets = 16 << 20;

  // Throws what `make` throws, in all that wait for it.
  ApiAnswer answer(const ApiRequest& request, const Moment& moment, const Make& make);

 private:
  using Answer = std::shared_ptr<const ApiAnswer>;
  using Question = std::pair<std::string, std::multimap<std::string, std::string>>;
  using Asked = std::pair<Moment, Question>;

  void keep(const Asked& asked, const Answer& answer);

  std::mutex mutex_;
  Moment moment_;  // of all that are kept; held, so that no other can be in its place
  std::map<Question, Answer> answers_;
  std::size_t octets_ = 0;
  std::map<Asked, std::shared_future<Answer>> making_;
};

}  // namespace mgmt

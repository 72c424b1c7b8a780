// Carries what detectors have learned to plain numbers, or back: each names its learners once for both ways.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aggregator/baselines.h"

namespace aggregator {

// One thread. Borrows the baselines.
class BaselineCarrier {
 public:
  enum class Way : std::uint8_t {
    kOut,  // of the detectors
    kIn
  };
  BaselineCarrier(Baselines& baselines, Way way) : baselines_(baselines), way_(way) {}

  // A learner makes numbers of what it has learned, and takes them or refuses them if they are not its own.
  template <class Learner>
  void operator()(std::string_view detector, std::string_view what, const wire::Address& subject,
                  Learner& learner) {
    std::string name = std::string(detector) + " " + std::string(what);
    if (way_ == Way::kOut) {
      baselines_.numbers[std::move(name)][subject] = learner.learned();
    } else if (const auto by_host = baselines_.numbers.find(name); by_host != baselines_.numbers.end()) {
      const auto found = by_host->second.find(subject);
      if (found != by_host->second.end()) learner.resume(found->second);
    }
  }

  // Numbers that are nobody's.
  void numbers(std::string_view detector, std::string_view what, const wire::Address& subject,
               std::initializer_list<double*> values) {
    struct Plain {
      std::initializer_list<double*> values;
      std::vector<double> learned() const {
        std::vector<double> numbers;
        for (const double* value : values) numbers.push_back(*value);
        return numbers;
      }
      void resume(std::span<const double> numbers) const {
        if (numbers.size() != values.size()) return;
        for (std::size_t i = 0; i < numbers.size(); ++i) *values.begin()[i] = numbers[i];
      }
    } plain{values};
    (*this)(detector, what, subject, plain);
  }

  // The newest `most` of a list.
  void list(std::string_view detector, std::string_view what, const wire::Address& subject,
            std::vector<double>& values, std::size_t most) {
    struct Listed {
      std::vector<double>& values;
      std::size_t most;
      const std::vector<double>& learned() const { return values; }
      void resume(std::span<const double> numbers) const {
        const auto newest = numbers.last(std::min(numbers.size(), most));
        values.assign(newest.begin(), newest.end());
      }
    } listed{values, most};
    (*this)(detector, what, subject, listed);
  }

  // The most that suspects had while all was learned, in a HostTable of states with `learned`. `found` is
  // called for each that comes in.
  template <class Table, class Found>
  void most_of(std::string_view detector, Table& hosts, std::int64_t step, Found found) {
    const std::string name = std::string(detector) + " most";
    if (way_ == Way::kOut) {
      hosts.visit([&](const wire::Address& host, const auto& state) {
        if (state.learned > 0) baselines_.numbers[name][host] = {state.learned};
      });
      return;
    }
    for (const auto& [host, numbers] : baselines_.numbers[name]) {
      auto* const state = numbers.size() == 1 ? hosts.at(host, step) : nullptr;
      if (state == nullptr) continue;
      state->learned = numbers[0];
      found(host);
    }
  }

 private:
  Baselines& baselines_;
  Way way_;
};

}  // namespace aggregator

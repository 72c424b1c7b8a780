// The little that is remembered of every host.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "aggregator/host_counts.h"
#include "aggregator/unjudgeable.h"

namespace aggregator {

struct HostHabits {
  bool asks = false;   // by DNS on port 53, as far as it was ever seen
  bool asked = false;  // by others: it is a resolver
  bool connects = false;
  bool dot = false;           // it also resolves over TLS
  bool doh = false;           // or over HTTPS
  bool scan_suspect = false;  // connections_without_resolution looks at it closely

  bool answers_suspect = false;    // answers_without_connections does
  float answers = 0;               // with addresses, per step: a slow mean
  float unanswered = 0;            // queries above responses, fading over a window
  std::int64_t answers_step = -1;  // the last that they were learned from

  void observe(const HostCounts& counts) noexcept {
    asks |= counts.queries() > 0;
    asked |= counts.asked() > 0;
    connects |= counts.connections() > 0;
    dot |= counts[HostField::kConnectDot] > 0;
    doh |= counts[HostField::kQueriesDoh] > 0;
  }

  // Of a step that is newer than the last; in those between there was nothing. Outside of the learning period
  // a step counts at most twice the mean and two more, so that a flood moves little.
  void learn_answers(std::int64_t step, std::int64_t adapt_steps, std::int64_t window_steps, bool learning,
                     const HostCounts& counts) noexcept {
    const float weight = 1 / static_cast<float>(std::min(step + 1, adapt_steps));
    const std::int64_t missing = step - answers_step - 1;
    if (missing > 0) {
      answers *= std::pow(1 - weight, static_cast<float>(missing));
      if (missing >= window_steps) unanswered = 0;
    }
    const auto count = static_cast<float>(counts[HostField::kAnswersWithAddress]);
    answers += weight * ((learning ? count : std::min(count, 2 * answers + 2)) - answers);
    const float kept = 1 - 1 / static_cast<float>(window_steps);
    unanswered = std::max(0.0F, kept * unanswered + static_cast<float>(counts.queries()) -
                                    static_cast<float>(counts.responses()));
    answers_step = step;
  }
  // What was ever seen, as bits; for Baselines.
  std::uint8_t seen() const noexcept {
    return static_cast<std::uint8_t>(asks | asked << 1 | connects << 2 | dot << 3 | doh << 4);
  }
  void resume(std::uint8_t bits, float mean_answers, std::int64_t last_step) noexcept {
    asks = (bits & 1) != 0;
    asked = (bits & 2) != 0;
    connects = (bits & 4) != 0;
    dot = (bits & 8) != 0;
    doh = (bits & 16) != 0;
    answers = mean_answers;
    answers_step = last_step;
  }
  bool known_to_resolve_by_port_53() const noexcept { return asks && !dot && !doh; }
  Unjudgeable unjudgeable() const noexcept {
    if (!connects) return Unjudgeable::kNot;
    if (dot) return Unjudgeable::kDot;
    if (doh) return Unjudgeable::kDoh;
    return asks ? Unjudgeable::kNot : Unjudgeable::kNeverAsks;
  }
};

}  // namespace aggregator

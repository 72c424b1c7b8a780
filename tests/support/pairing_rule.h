// The pairing rule of DESIGN section 3 word for word, as slow as it is plain: answers in capture order, each
// takes the first SYN that satisfies it and that no earlier answer took.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "aggregator/summary.h"
#include "dataplane/event.h"

namespace tests {

struct RuleAnswer {
  std::size_t place;
  std::int64_t time_ns;
  wire::Address client;
  std::vector<wire::Address> addresses;
};
struct RuleSyn {
  std::size_t place;
  dataplane::Event event;
  bool taken = false;
};
struct RuleResult {
  std::uint64_t pairs = 0;
  std::int64_t delays_ns = 0;                    // their sum
  std::map<std::uint16_t, std::uint64_t> ports;  // of the paired SYNs
  std::uint64_t following = 0;

  RuleResult& operator+=(const RuleResult& other) {
    pairs += other.pairs;
    delays_ns += other.delays_ns;
    following += other.following;
    for (const auto& [port, count] : other.ports) ports[port] += count;
    return *this;
  }
};

inline std::vector<RuleAnswer> answers_of(std::span<const dataplane::Event> events) {
  std::vector<RuleAnswer> answers;
  bool counts = false;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const dataplane::Event& event = events[i];
    if (event.kind == dataplane::EventKind::kResponse) {
      counts = (event.flags & dataplane::kFromPort53) != 0 && (event.flags & dataplane::kOverTcp) == 0;
      if (counts) answers.push_back({i, event.time_ns, event.client, {}});
    } else if (event.kind == dataplane::EventKind::kResolution && counts) {
      answers.back().addresses.push_back(event.peer);
    }
  }
  return answers;
}

inline std::vector<RuleSyn> syns_of(std::span<const dataplane::Event> events) {
  std::vector<RuleSyn> syns;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool syn =
        events[i].kind == dataplane::EventKind::kConnect && (events[i].flags & dataplane::kQuic) == 0;
    if (syn) syns.push_back({i, events[i]});
  }
  return syns;
}

inline bool satisfies(const RuleSyn& syn, const RuleAnswer& answer, aggregator::Correlate mode,
                      std::int64_t window_ns) {
  const std::int64_t delay_ns = syn.event.time_ns - answer.time_ns;
  return syn.place > answer.place && delay_ns >= 0 && delay_ns <= window_ns &&
         (mode == aggregator::Correlate::kAddress || syn.event.client == answer.client) &&
         std::find(answer.addresses.begin(), answer.addresses.end(), syn.event.peer) !=
             answer.addresses.end();
}

inline RuleResult pair_by_the_rule(std::span<const dataplane::Event> events, aggregator::Correlate mode,
                                   std::int64_t window_ns) {
  const std::vector<RuleAnswer> answers = answers_of(events);
  std::vector<RuleSyn> syns = syns_of(events);
  RuleResult result;
  for (const RuleAnswer& answer : answers) {
    const auto first = std::find_if(syns.begin(), syns.end(), [&](const RuleSyn& syn) {
      return !syn.taken && satisfies(syn, answer, mode, window_ns);
    });
    if (first == syns.end()) continue;
    first->taken = true;
    ++result.pairs;
    result.delays_ns += first->event.time_ns - answer.time_ns;
    ++result.ports[static_cast<std::uint16_t>(first->event.detail.port)];
  }
  result.following =
      static_cast<std::uint64_t>(std::count_if(syns.begin(), syns.end(), [&](const RuleSyn& s) {
        return std::any_of(answers.begin(), answers.end(),
                           [&](const RuleAnswer& answer) { return satisfies(s, answer, mode, window_ns); });
      }));
  return result;
}

}  // namespace tests

// A flood of answers with addresses that nobody follows up (Rikitake et al.).
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "aggregator/detectors/host_table.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/time_blocks.h"

namespace aggregator {

// To a client or a cache: far more answers than usual, and
// - more than it asked for, or
// - to a client that is no server, hardly a connection to any of the addresses.
// It rests on queries and connections that were not seen, so it is withheld while loss could explain it.
class AnswersWithoutConnections {
 public:
  static constexpr std::string_view kName = "answers_without_connections";

  explicit AnswersWithoutConnections(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  std::uint64_t evicted() const noexcept { return hosts_.evicted() + hosts_.refused(); }

 private:
  struct Answers {
    double steps = 0;  // how long
    std::uint64_t with_address = 0;
    std::uint64_t responses = 0;
    std::uint64_t queries = 0;
    std::uint64_t followed = 0;

    Answers& operator+=(const Answers& other) noexcept;
    double unsolicited() const noexcept;  // may be negative: queries without an answer
  };
  struct Host {
    bool known = false;
    TimeBlocks<Answers> answers;
    std::array<Answers, 3> newest{};  // by step modulo 3
    std::array<std::int64_t, 3> newest_steps{-1, -1, -1};
    bool receives_mail = false;
    std::int64_t last_noteworthy = 0;  // step
    std::int64_t last = 0;             // step that stood out
    std::int64_t since = 0;            // the first after a pause
  };
  struct Usual {  // per step
    double answers = 0;
    double learned = 1;  // steps
  };
  struct Flood {
    bool found = false;
    bool by_loss = false;  // could be explained so
    bool unsolicited = false;
    double log10_chance = 0;
    Answers answers;
  };

  void observe_host(const HostRow& row, HostHabits* habits, const StepView& view, FindingBook& book);
  static Answers answers_of(const HostCounts& counts) noexcept;
  static void add(Host& host, std::int64_t number, const Answers& answers);
  Answers newest(const Host& host, std::int64_t number) const;
  std::int64_t first_to_stand_out(const Host& host, const Usual& usual, std::int64_t number) const;
  Usual usual(const HostHabits* habits, std::int64_t number) const;
  Flood flood(const Host& host, const Usual& usual, bool follows, std::int64_t number, bool open,
              double loss) const;
  Flood judge(const Answers& answers, const Answers& window, const Usual& usual, bool follows, bool open,
              double loss) const;
  Sighting sighting(const HostRow& row, const Host& host, const Usual& usual, const Flood& flood,
                    std::int64_t number) const;

  DetectorSettings settings_;
  StepCounts steps_;
  std::map<wire::Address, const WatchedServer*> servers_;
  HostTable<Host> hosts_;
};

}  // namespace aggregator

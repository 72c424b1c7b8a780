// How well detectors find what is known of captures: who found what, what was missed, what was false, how
// late.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/world/label.h"
#include "tests/support/world/scenario.h"

namespace tests {

// Of the report's "findings". Times in seconds since 1970.
struct Finding {
  std::string detector;
  std::string subject;  // an address as text
  double since = 0;
  std::optional<double> until = {};  // none: still open at the end of the capture
};

// Throws std::runtime_error if the report has no list of findings.
std::vector<Finding> findings_of(const nlohmann::json& report);
std::string to_text(const Finding& finding);

inline constexpr double kStepSeconds = 1;
inline constexpr double kWindowSeconds = 10;

// Of one attack that has to be found.
struct Outcome {
  std::string detector;
  std::optional<unsigned>
      delay_steps;  // from its start to the first finding's, begun steps count; none: missed
  std::optional<unsigned> lasting_steps =
      {};  // from its end to the last finding's; none: missed, or still open
};

struct Verdicts {
  std::vector<Outcome> outcomes;
  std::vector<Finding> unexplained;  // false: nobody was under attack, or somebody else
};

// A label explains findings of its detector and its subject that begin in its span: up to a step earlier,
// since the step in which the attack begins starts earlier; and up to a window later, since a window still
// holds it then.
Verdicts judge(const std::vector<world::Label>& labels, const std::vector<Finding>& findings);

class ScoreTable {
 public:
  // A capture of a scenario that is not judged has no false findings.
  void add(const world::Scenario& scenario, unsigned strength, const Verdicts& verdicts);

  struct Row {
    unsigned runs = 0;
    unsigned missed = 0;
    unsigned false_findings = 0;
    std::vector<unsigned> delays;    // of those found
    std::vector<unsigned> lastings;  // of those found that ended

    unsigned found() const { return static_cast<unsigned>(delays.size()); }
  };
  // By detector, and by strength: that of an attack, or "day" or "look-alike".
  const Row& row(const std::string& detector, const std::string& strength) const {
    return rows_.at({detector, strength});
  }

  // Precision, recall, and delays in steps of each row.
  std::string text() const;

 private:
  struct Key {
    std::string detector;
    std::string strength;
    bool operator<(const Key& other) const;  // numbers as numbers
  };
  std::map<Key, Row> rows_;
};

}  // namespace tests

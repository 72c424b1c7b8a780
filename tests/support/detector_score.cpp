#include "tests/support/detector_score.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <tuple>

namespace tests {
namespace {

double seconds(world::Nanos time) {
  return static_cast<double>(world::kCaptureStartNs + time) / static_cast<double>(world::kSecond);
}

bool explains(const world::Label& label, const Finding& finding) {
  return finding.detector == label.detector && finding.subject == wire::to_text(label.subject) &&
         finding.since >= seconds(label.span.from) - kStepSeconds &&
         finding.since <= seconds(label.span.until) + kWindowSeconds;
}

unsigned steps_between(double from, double to) {
  return static_cast<unsigned>(std::ceil(std::max(to - from, 0.0) / kStepSeconds));
}

Outcome outcome_of(const world::Label& label, const std::vector<Finding>& findings) {
  Outcome outcome = {label.detector, {}, {}};
  const Finding* last = nullptr;
  for (const Finding& finding : findings) {
    if (!explains(label, finding)) continue;
    const unsigned steps = steps_between(seconds(label.span.from), finding.since);
    outcome.delay_steps = std::min(outcome.delay_steps.value_or(steps), steps);
    if (last == nullptr || last->since < finding.since) last = &finding;
  }
  if (last != nullptr && last->until.has_value())
    outcome.lasting_steps = steps_between(seconds(label.span.until), *last->until);
  return outcome;
}

std::string strength_of(const world::Scenario& scenario, unsigned strength) {
  switch (scenario.kind) {
    case world::Kind::kDay:
      return "day";
    case world::Kind::kAttack:
      return strength_text(scenario.unit, strength);
    default:
      return "look-alike";
  }
}

std::string share(unsigned part, unsigned rest) {
  if (part + rest == 0) return "-";
  char text[16];
  std::snprintf(text, sizeof text, "%.3f", part / static_cast<double>(part + rest));
  return text;
}

std::string upper_median(std::vector<unsigned> steps) {
  std::sort(steps.begin(), steps.end());
  return steps.empty() ? "-" : std::to_string(steps[steps.size() / 2]);
}

std::string most(const std::vector<unsigned>& steps) {
  return steps.empty() ? "-" : std::to_string(*std::max_element(steps.begin(), steps.end()));
}

std::string line(const std::string& detector, const std::string& strength, const ScoreTable::Row& row) {
  char text[160];
  std::snprintf(text, sizeof text, "%-30s %10s %5u %6u %7u %6u %10s %7s %7s %6s %8s\n", detector.c_str(),
                strength.c_str(), row.runs, row.found(), row.missed, row.false_findings,
                share(row.found(), row.false_findings).c_str(), share(row.found(), row.missed).c_str(),
                upper_median(row.delays).c_str(), most(row.delays).c_str(),
                upper_median(row.lastings).c_str());
  return text;
}

}  // namespace

std::vector<Finding> findings_of(const nlohmann::json& report) {
  if (!report.is_object() || !report.contains("findings") || !report["findings"].is_array())
    throw std::runtime_error("the report has no findings");
  std::vector<Finding> findings;
  for (const nlohmann::json& item : report["findings"]) {
    Finding finding;
    finding.detector = item.at("detector");
    finding.subject = item.at("subject");
    finding.since = item.at("since");
    if (!item.at("until").is_null()) finding.until = item["until"].get<double>();
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::string to_text(const Finding& finding) {
  const double start = seconds(0);
  char text[64];
  std::snprintf(text, sizeof text, " from %.1f s", finding.since - start);
  std::string sentence = finding.detector + " " + finding.subject + text;
  if (!finding.until.has_value()) return sentence;
  std::snprintf(text, sizeof text, " to %.1f s", *finding.until - start);
  return sentence + text;
}

Verdicts judge(const std::vector<world::Label>& labels, const std::vector<Finding>& findings) {
  Verdicts verdicts;
  for (const world::Label& label : labels)
    if (label.required) verdicts.outcomes.push_back(outcome_of(label, findings));
  for (const Finding& finding : findings) {
    const auto of_finding = [&](const world::Label& label) { return explains(label, finding); };
    if (std::none_of(labels.begin(), labels.end(), of_finding)) verdicts.unexplained.push_back(finding);
  }
  return verdicts;
}

bool ScoreTable::Key::operator<(const Key& other) const {
  const auto number = [](const std::string& text) { return std::strtoul(text.c_str(), nullptr, 10); };
  return std::tuple(detector, number(strength), strength) <
         std::tuple(other.detector, number(other.strength), other.strength);
}

void ScoreTable::add(const world::Scenario& scenario, unsigned strength, const Verdicts& verdicts) {
  const std::string strength_name = strength_of(scenario, strength);
  for (const Outcome& outcome : verdicts.outcomes) {
    Row& row = rows_[{outcome.detector, strength_name}];
    ++row.runs;
    if (outcome.delay_steps.has_value()) {
      row.delays.push_back(*outcome.delay_steps);
      if (outcome.lasting_steps.has_value()) row.lastings.push_back(*outcome.lasting_steps);
    } else {
      ++row.missed;
    }
  }
  if (scenario.kind == world::Kind::kUnjudged) return;
  if (scenario.kind != world::Kind::kAttack) ++rows_[{"(all)", strength_name}].runs;
  for (const Finding& finding : verdicts.unexplained) {
    ++rows_[{finding.detector, strength_name}].false_findings;
    if (scenario.kind != world::Kind::kAttack) ++rows_[{"(all)", strength_name}].false_findings;
  }
}

std::string ScoreTable::text() const {
  char heading[160];
  std::snprintf(heading, sizeof heading, "%-30s %10s %5s %6s %7s %6s %10s %7s %7s %6s %8s\n", "detector",
                "strength", "runs", "found", "missed", "false", "precision", "recall", "median", "worst",
                "lasting");
  std::string table = heading;
  std::map<std::string, Row> of_detectors;
  for (const auto& [key, row] : rows_) {
    table += line(key.detector, key.strength, row);
    Row& all = of_detectors[key.detector];
    all.runs += row.runs;
    all.missed += row.missed;
    all.false_findings += row.false_findings;
    all.delays.insert(all.delays.end(), row.delays.begin(), row.delays.end());
    all.lastings.insert(all.lastings.end(), row.lastings.begin(), row.lastings.end());
  }
  table += "\n";
  for (const auto& [detector, row] : of_detectors)
    if (detector != "(all)") table += line(detector, "all", row);
  return table +
         "\nmedian and worst: steps of 1 s from the attack's start to the finding's; lasting: from its end "
         "to the "
         "finding's, the median\n";
}

}  // namespace tests

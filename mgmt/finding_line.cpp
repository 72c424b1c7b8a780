#include "mgmt/finding_line.h"

#include <fmt/format.h>

#include "mgmt/number_text.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

std::string subject_text(const aggregator::Finding& finding) {
  std::string address = wire::to_text(finding.subject);
  if (finding.name.empty()) return address;
  return fmt::format("{} ({})", address, printable(finding.name, 40, TextStyle{}));
}

}  // namespace

std::string finding_line(const aggregator::FindingChange& change) {
  const aggregator::Finding& finding = change.finding;
  switch (change.state) {
    case aggregator::FindingState::kOpened:
      return fmt::format("finding {}: {} at {} since {}, score {:.2f}", finding.id, finding.detector,
                         subject_text(finding), utc_text(finding.since_ns), finding.score);
    case aggregator::FindingState::kClosed: {
      const auto length_ns =
          static_cast<std::uint64_t>(finding.until_ns.value_or(finding.since_ns) - finding.since_ns);
      return fmt::format("finding {}: {} at {} is over after {}", finding.id, finding.detector,
                         subject_text(finding), time_span_text(length_ns));
    }
    default:
      return "";
  }
}

}  // namespace mgmt

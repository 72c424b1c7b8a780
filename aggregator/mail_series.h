// Curves of mail servers, by their logs and by what the tap sees of their DNS queries.
#pragma once

#include <cstdint>

#include "aggregator/mail_counts.h"
#include "aggregator/step_series.h"

namespace aggregator {

struct MailPoint {
  std::uint64_t begin = 0;  // seconds since 1970; a multiple of the step
  MailCounts counts;

  MailPoint(std::uint64_t first_second, const MailCounts& sum) : begin(first_second), counts(sum) {}
};

using MailSeries = StepSeries<MailCounts, MailPoint>;

}  // namespace aggregator

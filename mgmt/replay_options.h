// What `tapline replay` was asked to do.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/host_series.h"
#include "dataplane/log_input.h"
#include "mgmt/config.h"
#include "wire/address.h"

namespace mgmt {

enum class SeriesFormat {
  kText,
  kCsv,
  kJson
};

// The curves of one host instead of the report.
struct SeriesOptions {
  wire::Address host;
  aggregator::SeriesStep step = aggregator::SeriesStep::kSecond;
  SeriesFormat format = SeriesFormat::kText;
};

struct ReplayOptions {
  Config config;                         // the file's, with the command line's over it
  std::vector<std::string> files;        // "-" at most once, also among the logs: standard input
  std::vector<dataplane::LogFile> logs;  // at least one of either
  bool json = false;
  std::optional<SeriesOptions> series;
  std::size_t top = 10;  // rows of each ranking in the text report
  bool progress = true;  // where standard error is a terminal
  bool color = true;     // where standard output is a terminal
};

}  // namespace mgmt

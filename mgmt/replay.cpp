#include "mgmt/replay.h"

#include <unistd.h>

#include "mgmt/command_line.h"
#include "mgmt/report_json.h"
#include "mgmt/report_text.h"
#include "mgmt/standard_output.h"
#include "mgmt/terminal.h"

namespace mgmt {

int replay(const ReplayOptions& options) {
  const aggregator::Summary summary;
  const TextStyle style = {locale_is_utf8(), options.color && shows_color(STDOUT_FILENO), options.top};
  const std::string report = options.json ? report_json(summary) : report_text(summary, options.files, style);
  return write_standard_output(report) ? kExitDone : kExitFailed;
}

}  // namespace mgmt

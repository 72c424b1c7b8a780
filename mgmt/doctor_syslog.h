// Whether syslog can be listened for.
#pragma once

#include "dataplane/syslog_settings.h"
#include "mgmt/diagnosis.h"

namespace mgmt {

// Binds the sockets for a moment.
Diagnosis check_syslog(const dataplane::SyslogSettings& settings);

}  // namespace mgmt

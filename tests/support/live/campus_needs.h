// What a machine must have for the campus of namespaces.
#pragma once

#include <string>

#include <pwd.h>
#include <unistd.h>

#include "tests/support/live/campus.h"

namespace tests {

// Builds it, with nobody in it yet. A sentence if that cannot be done here, else "".
inline std::string campus_lacks() {
  if (geteuid() != 0) return "needs root";
  for (const char* tool : {"ip", "tc", "ethtool", "sysctl", "setpriv", "unshare", "/usr/sbin/named",
                           "/usr/lib/postfix/sbin/master"}) {
    if (shell(std::string("command -v ") + tool + " >/dev/null") != 0)
      return std::string("needs ") + tool + ": scripts/setup --ci";
  }
  if (getpwnam("postfix") == nullptr) return "needs the user postfix: scripts/setup --ci";
  if (!leave_mounts_of_the_host() || !build_campus()) return "no network namespaces with a mirror port here";
  return "";
}

}  // namespace tests

#include "mgmt/pattern_cache_folder.h"

#include <cstdlib>

#include <unistd.h>

namespace mgmt {
namespace {

// "" unless the variable is an absolute path, as the XDG Base Directory Specification asks.
std::string path_in(const char* variable) {
  const char* path = std::getenv(variable);
  return path && path[0] == '/' ? path : "";
}

}  // namespace

std::string pattern_cache_folder(const Config::Patterns& patterns) {
  if (!patterns.cache.empty()) return patterns.cache;
  if (const std::string cache = path_in("XDG_CACHE_HOME"); !cache.empty()) return cache + "/tapline";
  const std::string home = path_in("HOME");
  return geteuid() == 0 || home.empty() ? "/var/cache/tapline" : home + "/.cache/tapline";
}

}  // namespace mgmt

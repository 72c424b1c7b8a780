#include "mgmt/pattern_loading.h"

#include <fmt/format.h>

#include "matchers/pattern_cache.h"
#include "mgmt/pattern_cache_folder.h"
#include "mgmt/patterns_text.h"
#include "mgmt/standard_error.h"

namespace mgmt {

std::shared_ptr<const matchers::PatternDatabase> load_patterns(const std::string& file,
                                                               const Config::Patterns& patterns) {
  try {
    matchers::LoadedPatterns loaded =
        matchers::load_patterns(matchers::read_patterns(file), pattern_cache_folder(patterns));
    if (!loaded.warning.empty()) tell(fmt::format("tapline: {}\n", loaded.warning));
    return std::move(loaded.database);
  } catch (const matchers::PatternError& error) {
    throw ConfigError(mistakes_text({.file = file, .mistakes = error.mistakes()}));
  }
}

std::shared_ptr<const dataplane::PatternScanners> pattern_scanners(const Config& config,
                                                                   std::size_t workers) {
  if (config.patterns.file.empty()) return nullptr;
  return std::make_shared<const dataplane::PatternScanners>(
      load_patterns(config.patterns.file, config.patterns), workers);
}

}  // namespace mgmt

#include "mgmt/history/place.h"

#include <stdexcept>

#include "mgmt/privacy/privacy_key.h"

namespace mgmt {

KeptHosts kept_hosts(const Config& config) {
  if (!config.privacy) return {};
  const bool hides = config.privacy->hides_from(Sink::kHistory);
  try {
    return {read_privacy_key(config.privacy->key_file).octets, hides};
  } catch (const std::runtime_error&) {
    if (hides) throw;
    return {};
  }
}

std::optional<HistoryPlace> history_place(const Config& config) {
  if (!config.history || !config.history->enabled) return std::nullopt;
  return HistoryPlace{config.state.folder, kept_hosts(config)};
}

}  // namespace mgmt

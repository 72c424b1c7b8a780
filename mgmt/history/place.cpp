#include "mgmt/history/place.h"

#include "mgmt/privacy/privacy_key.h"

namespace mgmt {

KeptHosts kept_hosts(const Config& config) {
  if (!config.privacy) return {};
  return {read_privacy_key(config.privacy->key_file).octets, config.privacy->hides_from(Sink::kHistory)};
}

std::optional<HistoryPlace> history_place(const Config& config) {
  if (!config.history || !config.history->enabled) return std::nullopt;
  return HistoryPlace{config.state.folder, kept_hosts(config)};
}

}  // namespace mgmt

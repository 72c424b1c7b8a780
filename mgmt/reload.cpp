#include "mgmt/reload.h"

namespace mgmt {

dataplane::WorkerRules worker_rules(const Config& config) {
  dataplane::WorkerRules rules;
  rules.duplicate_window_ns = config.decode.dedup_ns;
  return rules;
}

std::vector<std::string> restart_needed_for(const Config& running, const Config& wanted) {
  std::vector<std::string> keys;
  if (wanted.pairing != running.pairing) keys.emplace_back("[pairing]");
  if (wanted.decode.reassemble != running.decode.reassemble) keys.emplace_back("decode.reassemble");
  if (wanted.memory != running.memory) keys.emplace_back("[memory]");
  if (wanted.ports != running.ports) keys.emplace_back("[[port]]");
  return keys;
}

}  // namespace mgmt

#include "mgmt/reload.h"

#include "mgmt/analysis_settings.h"

namespace mgmt {

dataplane::WorkerRules worker_rules(const Config& config, std::size_t workers) {
  return observer_settings(config, workers).rules();
}

std::vector<std::string> restart_needed_for(const Config& running, const Config& wanted) {
  std::vector<std::string> keys;
  if (wanted.pairing != running.pairing) keys.emplace_back("[pairing]");
  if (wanted.decode.reassemble != running.decode.reassemble) keys.emplace_back("decode.reassemble");
  if (wanted.memory != running.memory) keys.emplace_back("[memory]");
  if (wanted.network.internal != running.network.internal) keys.emplace_back("network.internal");
  if (wanted.patterns.file.empty() != running.patterns.file.empty()) keys.emplace_back("patterns.file");
  if (wanted.syslog != running.syslog) keys.emplace_back("[syslog]");
  if (wanted.state != running.state) keys.emplace_back("[state]");
  if (wanted.history != running.history) keys.emplace_back("[history]");
  if (wanted.fleet != running.fleet) keys.emplace_back("[fleet]");
  if (wanted.spool != running.spool) keys.emplace_back("[spool]");
  if (wanted.socket != running.socket) keys.emplace_back("[socket]");
  if (wanted.http != running.http) keys.emplace_back("[http]");
  if (wanted.event_logs != running.event_logs) keys.emplace_back("[[event_log]]");
  if (wanted.privacy != running.privacy) keys.emplace_back("[privacy]");
  if (wanted.mail_servers != running.mail_servers) keys.emplace_back("[[mail_server]]");
  if (wanted.dns_servers != running.dns_servers) keys.emplace_back("[[dns_server]]");
  if (wanted.detectors != running.detectors) keys.emplace_back("[detectors]");
  if (wanted.ports != running.ports) keys.emplace_back("[[port]]");
  return keys;
}

}  // namespace mgmt

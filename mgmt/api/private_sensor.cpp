#include "mgmt/api/private_sensor.h"

#include <algorithm>

#include <fmt/format.h>

namespace mgmt {
namespace {

constexpr const char* kTroubleHidden = "takes nothing now; 'tapline status' on the sensor says why";

void hide_trouble(std::string& trouble) {
  if (!trouble.empty()) trouble = kTroubleHidden;
}

// Where they are, only the configuration says: "syslog 2" is the second event log in it.
void hide_sinks(aggregator::LiveLedger& live) {
  std::size_t number = 0;
  for (aggregator::LiveEventLog& log : live.event_logs) {
    log.to = fmt::format("{} {}", log.to.substr(0, log.to.find(' ')), ++number);
    hide_trouble(log.trouble);
  }
  if (!live.fleet) return;
  live.fleet->to = "fleet";
  hide_trouble(live.fleet->trouble);
}

}  // namespace

std::shared_ptr<const SensorState> PrivateSensor::hidden(const SensorState& clear) {
  auto state = std::make_shared<SensorState>(clear);
  state->summary = hiding_.summary(std::move(state->summary));
  if (state->summary.live) hide_sinks(*state->summary.live);
  for (aggregator::Finding& finding : state->earlier_findings) finding = hiding_.finding(finding);
  for (wire::Address& host : state->curves) host = hiding_.address(host);
  std::ranges::sort(state->curves);
  // Whose networks and servers these are, the configuration says: of it only the names of servers stay.
  auto config = std::make_shared<Config>();
  const auto copy_names = [&](const auto& from, auto& to) {
    for (const aggregator::WatchedServer& server : from) {
      to.push_back({});
      to.back().name = server.name;
      for (const wire::Address& address : server.addresses)
        to.back().addresses.push_back(hiding_.address(address));
    }
  };
  config->history = clear.config->history;
  copy_names(clear.config->mail_servers, config->mail_servers);
  copy_names(clear.config->dns_servers, config->dns_servers);
  state->config = std::move(config);
  state->hides = true;
  return state;
}

std::shared_ptr<const SensorState> PrivateSensor::state() {
  const std::shared_ptr<const SensorState> clear = clear_.state();
  if (clear == nullptr) return nullptr;
  const std::lock_guard lock(mutex_);
  if (clear != made_of_) {
    state_ = hidden(*clear);
    made_of_ = clear;
  }
  return state_;
}

wire::Address PrivateSensor::shown(const wire::Address& host) {
  const std::lock_guard lock(mutex_);
  return hiding_.shown(host);
}

std::optional<std::vector<aggregator::SeriesPoint>> PrivateSensor::host_points(const wire::Address& host,
                                                                               const CurveAsked& asked) {
  return clear_.host_points(shown(host), asked);
}

std::optional<std::vector<aggregator::MailPoint>> PrivateSensor::mail_points(const wire::Address& server,
                                                                             const CurveAsked& asked) {
  return clear_.mail_points(shown(server), asked);
}

}  // namespace mgmt

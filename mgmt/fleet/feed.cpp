#include "mgmt/fleet/feed.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "mgmt/standard_error.h"

namespace mgmt {
namespace {

constexpr std::chrono::seconds kPatience{5};  // for the disk and ClickHouse, at the end

std::uint64_t microseconds_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
}

FleetSensor sensor_of(const Config& config, const Disguise& disguise) {
  FleetSensor sensor = {sensor_name(*config.fleet), microseconds_now(), {}};
  for (const auto* servers : {&config.dns_servers, &config.mail_servers}) {
    for (const aggregator::WatchedServer& server : *servers)
      sensor.names[wire::to_text(disguise.address(server.addresses.front()))] = server.name;
  }
  return sensor;
}

}  // namespace

FleetFeed::FleetFeed(FleetOutputSettings settings, const std::vector<aggregator::WatchedServer>& mail_servers,
                     const Disguise& disguise, FleetOutput::Say say)
    : output_(std::move(settings), say),
      say_(std::move(say)),
      minutes_(
          mail_servers,
          [this](HistoryMinute minute, std::vector<HistoryFinding> findings) {
            output_.put(std::move(minute), std::move(findings));
          },
          disguise) {}

void FleetFeed::finish(const aggregator::HostAnalysis* hosts) {
  minutes_.finish(hosts);
  const bool kept = output_.finish(kPatience);
  const aggregator::LiveFleet state = output_.state();
  if (!kept) {
    say_("fleet: the last minutes could not be kept for sending; the next start will show a gap");
  } else if (state.waiting > 0) {
    say_(fmt::format("fleet: minutes that wait on the disk for the next start: {}", state.waiting));
  }
}

std::string fleet_folder(const std::string& state_folder) {
  return state_folder + "/fleet";
}

std::unique_ptr<FleetFeed> fleet_feed(const Config& config) {
  if (!config.fleet) return nullptr;
  FleetOutputSettings settings;
  settings.fleet = *config.fleet;
  const Disguise disguise(config, Sink::kFleet);
  settings.sensor = sensor_of(config, disguise);
  settings.folder = fleet_folder(config.state.folder);
  return std::make_unique<FleetFeed>(
      std::move(settings), config.mail_servers, disguise,
      [](const std::string& sentence) { tell(fmt::format("tapline: {}\n", sentence)); });
}

}  // namespace mgmt

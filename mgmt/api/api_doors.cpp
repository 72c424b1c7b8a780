#include "mgmt/api/api_doors.h"

#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "mgmt/analysis_settings.h"
#include "mgmt/privacy/disguise.h"
#include "mgmt/standard_error.h"

namespace mgmt {

ApiDoors::ApiDoors(LiveSensor& sensor, const Config& config) : api_(sensor) {
  if (!config.socket.path.empty()) open_socket(sensor, config);
  if (config.http) open_http(sensor, config);
}

void ApiDoors::open_socket(LiveSensor& sensor, const Config& config) {
  try {
    socket_.emplace(api_, sensor.pulse(), config.socket);
  } catch (const std::runtime_error& error) {
    if (config.socket.path != kDefaultSocketPath) throw;
    tell(fmt::format("tapline: {}; 'tapline status' will not find this one\n", error.what()));
  }
}

void ApiDoors::open_http(LiveSensor& sensor, const Config& config) {
  if (config.privacy && config.privacy->hides_from(Sink::kApi)) {
    const PrivacyKey key = read_privacy_key(config.privacy->key_file);
    const auto suffixes = suffixes_if_there();
    sensor.privacy_until(key.until);
    // One for each thread that hides.
    sensor.also_tell(hidden_pulse_,
                     [disguise = Disguise(config, Sink::kApi)](const aggregator::Finding& clear) {
                       return disguise.finding(clear);
                     });
    private_sensor_.emplace(sensor, Hiding(key, suffixes));
    http_.emplace(private_api_.emplace(*private_sensor_), hidden_pulse_, *config.http);
  } else {
    http_.emplace(api_, sensor.pulse(), *config.http);
  }
  tell(fmt::format("tapline: http{}://{}/\n", config.http->tls_cert.empty() ? "" : "s",
                   to_text(config.http->listen)));
}

}  // namespace mgmt

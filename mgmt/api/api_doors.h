// All that answers for a sensor, as its configuration says.
#pragma once

#include <optional>

#include "mgmt/api/api.h"
#include "mgmt/api/api_server.h"
#include "mgmt/api/live_sensor.h"
#include "mgmt/api/private_sensor.h"
#include "mgmt/config.h"

namespace mgmt {

// Ends after LiveSensor::end(), so that nobody waits for an answer.
class ApiDoors {
 public:
  // Says on standard error where it listens. A Unix socket at the usual place that cannot be had is said, and
  // done without; all else throws std::runtime_error.
  ApiDoors(LiveSensor& sensor, const Config& config);

 private:
  void open_socket(LiveSensor& sensor, const Config& config);
  void open_http(LiveSensor& sensor, const Config& config);

  Api api_;
  Pulse hidden_pulse_;
  std::optional<PrivateSensor> private_sensor_;
  std::optional<Api> private_api_;
  std::optional<ApiServer> socket_;
  std::optional<ApiServer> http_;
};

}  // namespace mgmt

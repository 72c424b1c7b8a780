// Asking the sensor on this machine, through its Unix socket.
#pragma once

#include <map>
#include <string>

#include "mgmt/api/api_request.h"

namespace mgmt {

// Throws std::runtime_error in a sentence if nobody answers, or the answer is an error.
std::string ask_sensor(const std::string& socket_path, const std::string& method, const std::string& path,
                       const std::multimap<std::string, std::string>& parameters);

}  // namespace mgmt

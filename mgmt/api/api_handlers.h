// The answers of the API, each from one moment of the sensor. All throw ApiError.
#pragma once

#include <string>

#include "mgmt/api/api_call.h"

namespace mgmt::api {

Json status_json(ApiCall& call);
std::string status_text(ApiCall& call);

Json summary_json(ApiCall& call);
std::string summary_text(ApiCall& call);
Json dns_json(ApiCall& call);
std::string dns_text(ApiCall& call);
Json pairing_json(ApiCall& call);
std::string pairing_text(ApiCall& call);
Json delay_json(ApiCall& call);
std::string delay_text(ApiCall& call);
Json patterns_json(ApiCall& call);
std::string patterns_text(ApiCall& call);

Json top_json(ApiCall& call);
std::string top_text(ApiCall& call);

Json findings_json(ApiCall& call);
std::string findings_text(ApiCall& call);
Json acknowledge_json(ApiCall& call);

Json host_json(ApiCall& call);
std::string host_text(ApiCall& call);

Json series_json(ApiCall& call);
std::string series_text(ApiCall& call);

Json mail_json(ApiCall& call);
std::string mail_text(ApiCall& call);
Json mail_series_json(ApiCall& call);

Json capture_json(ApiCall& call);
std::string capture_text(ApiCall& call);
Json turn_capture_json(ApiCall& call);

Json config_json(ApiCall& call);
std::string config_text(ApiCall& call);
Json reload_json(ApiCall& call);

}  // namespace mgmt::api

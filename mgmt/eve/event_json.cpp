#include "mgmt/eve/event_json.h"

namespace mgmt {

Json event_begun(EventType type, std::int64_t time_ns, const std::string& sensor) {
  return {{"timestamp", eve_time_text(time_ns)}, {"event_type", event_type_name(type)}, {"host", sensor}};
}

std::string event_line(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace mgmt

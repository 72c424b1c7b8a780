#include "mgmt/history/evidence_json.h"

namespace mgmt {
namespace {

constexpr int kDeepest = 8;

}  // namespace

nlohmann::ordered_json evidence_json(std::string_view kept) {
  using Json = nlohmann::ordered_json;
  bool too_deep = false;
  Json evidence = Json::parse(
      kept,
      [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > kDeepest;
        return !too_deep;
      },
      false);
  return too_deep ? Json(Json::value_t::discarded) : evidence;
}

}  // namespace mgmt

// The spool of frames: how it is, and whether it takes any.
#include <fmt/format.h>

#include "mgmt/api/api_handlers.h"
#include "mgmt/report_sections.h"
#include "mgmt/words.h"

namespace mgmt::api {
namespace {

const aggregator::LiveSpool* spool_of(const ApiCall& call) {
  const auto& live = call.state->summary.live;
  return live && live->spool ? &*live->spool : nullptr;
}

}  // namespace

Json capture_json(ApiCall& call) {
  const aggregator::LiveSpool* spool = spool_of(call);
  return spool == nullptr ? Json() : spool_json(*spool);
}

std::string capture_text(ApiCall& call) {
  const aggregator::LiveSpool* spool = spool_of(call);
  if (spool == nullptr) return "No frames are kept: the configuration has no [spool].\n";
  return spool_line(*spool, call.style) + "\n" + (spool->trouble.empty() ? "" : spool->trouble + "\n");
}

Json turn_capture_json(ApiCall& call) {
  const bool on = call.argument == "start";
  if (!on && call.argument != "stop")
    throw ApiError(404, fmt::format("/api/v1/capture/ is start or stop, not {}", in_quotes(call.argument)));
  const auto turned = call.sensor.turn_spool(on);
  if (!turned) throw ApiError(503, "the sensor is ending");
  if (!turned->done) throw ApiError(409, turned->sentence);
  return {{"on", on}, {"message", turned->sentence}};
}

}  // namespace mgmt::api

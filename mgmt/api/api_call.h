// What a handler of the API is given.
#pragma once

#include <memory>
#include <string>

#include "mgmt/api/api_request.h"
#include "mgmt/api/sensor.h"
#include "mgmt/summary_json.h"
#include "mgmt/text_style.h"

namespace mgmt {

struct ApiCall {
  Sensor& sensor;
  std::shared_ptr<const SensorState> state;
  ApiParameters parameters;
  std::string argument;  // what stands for {...} in the path
  TextStyle style;       // of an answer in text
};

// Both are pages of a longer list.
inline constexpr Range<std::uint64_t> kLimitRange = {1, 10'000};
inline constexpr Range<std::uint64_t> kOffsetRange = {0, std::uint64_t{1} << 40};

// The rows from "offset" on, "limit" of them, as {"total","offset","rows"}.
template <class Rows, class RowJson>
Json page_json(const ApiCall& call, const Rows& rows, std::uint64_t usual_limit, RowJson row_json) {
  const std::uint64_t limit = call.parameters.count("limit", usual_limit, kLimitRange);
  const std::uint64_t offset = call.parameters.count("offset", 0, kOffsetRange);
  Json page = Json::array();
  for (std::uint64_t i = offset; i < rows.size() && i - offset < limit; ++i)
    page.push_back(row_json(rows[i]));
  return {{"total", rows.size()}, {"offset", offset}, {"rows", std::move(page)}};
}

// A host by its address, or by its name in the configuration. Throws ApiError.
wire::Address host_named(const SensorState& state, const std::string& name);

// Of earlier runs too, in the order opened.
std::vector<aggregator::Finding> all_findings(const SensorState& state);

// Its name in the configuration, "" if it has none.
std::string name_of(const SensorState& state, const wire::Address& host);

}  // namespace mgmt

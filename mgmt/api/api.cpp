#include "mgmt/api/api.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "mgmt/api/api_handlers.h"
#include "mgmt/api/metrics.h"
#include "mgmt/nearest_name.h"
#include "mgmt/terminal.h"
#include "mgmt/words.h"

namespace mgmt {
namespace {

constexpr std::size_t kPathWords = 80;

// Of every route that also answers in text.
constexpr std::array<std::string_view, 4> kTextParameters = {"format", "utf8", "color", "top"};

constexpr std::array<std::string_view, 2> kPage = {"limit", "offset"};
constexpr std::array<std::string_view, 4> kFindings = {"limit", "offset", "open", "since"};
constexpr std::array<std::string_view, 5> kSeries = {"host", "step", "from", "to", "fields"};
constexpr std::array<std::string_view, 3> kMailSeries = {"step", "from", "to"};
constexpr std::array<std::string_view, 1> kStep = {"step"};

constexpr std::array kRoutes = {
    ApiRoute{"GET", "/api/v1/status", {}, api::status_json, api::status_text},
    ApiRoute{"GET", "/api/v1/summary", {}, api::summary_json, api::summary_text},
    ApiRoute{"GET", "/api/v1/dns", {}, api::dns_json, api::dns_text},
    ApiRoute{"GET", "/api/v1/pairing", {}, api::pairing_json, api::pairing_text},
    ApiRoute{"GET", "/api/v1/delay", {}, api::delay_json, api::delay_text},
    ApiRoute{"GET", "/api/v1/top/{ranking}", kPage, api::top_json, api::top_text},
    ApiRoute{"GET", "/api/v1/findings", kFindings, api::findings_json, api::findings_text},
    ApiRoute{"POST", "/api/v1/findings/{id}", {}, api::acknowledge_json, nullptr},
    ApiRoute{"GET", "/api/v1/hosts/{host}", kStep, api::host_json, api::host_text},
    ApiRoute{"GET", "/api/v1/series", kSeries, api::series_json, api::series_text},
    ApiRoute{"GET", "/api/v1/mail", {}, api::mail_json, api::mail_text},
    ApiRoute{"GET", "/api/v1/mail/{server}", kMailSeries, api::mail_series_json, nullptr},
    ApiRoute{"GET", "/api/v1/patterns", {}, api::patterns_json, api::patterns_text},
    ApiRoute{"GET", "/api/v1/config", {}, api::config_json, api::config_text},
    ApiRoute{"GET", "/api/v1/capture", {}, api::capture_json, api::capture_text},
    ApiRoute{"POST", "/api/v1/capture/{action}", {}, api::turn_capture_json, nullptr},
    ApiRoute{"POST", "/api/v1/reload", {}, api::reload_json, nullptr},
};

// What stands for {...}, if `path` is of the route.
std::optional<std::string> argument_of(const ApiRoute& route, std::string_view path) {
  const std::size_t brace = route.path.find('{');
  if (brace == std::string_view::npos)
    return path == route.path ? std::optional(std::string()) : std::nullopt;
  const std::string_view fixed = route.path.substr(0, brace);
  if (!path.starts_with(fixed)) return std::nullopt;
  const std::string_view argument = path.substr(fixed.size());
  if (argument.empty() || argument.find('/') != std::string_view::npos) return std::nullopt;
  return std::string(argument);
}

std::string shown(std::string_view text) {
  return printable(text, kPathWords, TextStyle{});
}

void refuse_unknown_parameters(const ApiRoute& route, const ApiRequest& request) {
  for (const auto& [name, value] : request.parameters) {
    const bool known = std::ranges::count(route.parameters, name) > 0 ||
                       (route.text != nullptr && std::ranges::count(kTextParameters, name) > 0);
    if (known) continue;
    const std::string_view meant = nearest_name(name, route.parameters);
    throw ApiError(400,
                   fmt::format("{} has no parameter '{}'{}", route.path, shown(name), suggestion(meant)));
  }
}

bool wants_text(const ApiRoute& route, const ApiParameters& parameters) {
  const std::string format = parameters.text("format").value_or("json");
  if (format != "json" && (format != "text" || route.text == nullptr))
    throw ApiError(400, route.text == nullptr ? "format is json" : "format is json or text");
  return format == "text";
}

TextStyle style_of(const ApiParameters& parameters) {
  return {parameters.flag("utf8"), parameters.flag("color"),
          parameters.count("top", 10, {1, aggregator::kTopNames})};
}

// Whoever may GET may HEAD.
std::string methods_of(const ApiRoute& route) {
  return route.method == "GET" ? "GET, HEAD" : std::string(route.method);
}

AnswerCache::Moment moment_now(Sensor& sensor) {
  AnswerCache::Moment moment = sensor.state();
  if (moment == nullptr) throw ApiError(503, "the sensor is ending");
  return moment;
}

// When it is done, or was done in part.
class NoteChange {
 public:
  explicit NoteChange(Sensor& sensor) : sensor_(sensor) {}
  ~NoteChange() { sensor_.note_change(); }
  NoteChange(const NoteChange&) = delete;
  NoteChange& operator=(const NoteChange&) = delete;

 private:
  Sensor& sensor_;
};

}  // namespace

std::span<const ApiRoute> api_routes() {
  return kRoutes;
}

ApiAnswer error_answer(int status, std::string_view sentence) {
  const Json json = {{"error", {{"status", status}, {"message", sentence}}}};
  return {status, "application/json", json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

ApiAnswer other_method_answer(const ApiRequest& request, std::string allowed) {
  ApiAnswer answer = error_answer(
      405, fmt::format("{} is for {}, not for {}", shown(request.path), allowed, shown(request.method)));
  answer.allow = std::move(allowed);
  return answer;
}

ApiAnswer Api::answer(const ApiRequest& request) {
  try {
    std::string allowed;
    for (const ApiRoute& route : kRoutes) {
      std::optional<std::string> argument = argument_of(route, request.path);
      if (!argument) continue;
      if (request.method == route.method) return answer(route, request, std::move(*argument));
      allowed += (allowed.empty() ? "" : ", ") + methods_of(route);
    }
    if (!allowed.empty()) return other_method_answer(request, std::move(allowed));
    throw ApiError(
        404, fmt::format("there is no {}; /api/v1/openapi.json lists what there is", shown(request.path)));
  } catch (const ApiError& error) {
    return error_answer(error.status(), error.what());
  }
}

ApiAnswer Api::answer(const ApiRoute& route, const ApiRequest& request, std::string argument) {
  if (route.method == "POST") return changed(route, request, std::move(argument));
  const Moment moment = moment_now(sensor_);
  return cache_.answer(request, moment, [&] { return made(route, request, std::move(argument), moment); });
}

ApiAnswer Api::changed(const ApiRoute& route, const ApiRequest& request, std::string argument) {
  if (!request.trusted) {
    throw ApiError(403,
                   "changes are made through the Unix socket only, as by the command line on the sensor");
  }
  const NoteChange note(sensor_);
  return made(route, request, std::move(argument), moment_now(sensor_));
}

ApiAnswer Api::made(const ApiRoute& route, const ApiRequest& request, std::string argument,
                    const Moment& moment) {
  refuse_unknown_parameters(route, request);
  ApiCall call{sensor_, moment, ApiParameters(request.parameters), std::move(argument),
               style_of(ApiParameters(request.parameters))};
  if (wants_text(route, call.parameters)) return {200, "text/plain; charset=utf-8", route.text(call)};
  return {200, "application/json",
          route.json(call).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

ApiAnswer Api::metrics() {
  try {
    const Moment moment = moment_now(sensor_);
    return cache_.answer({"GET", "/metrics", {}, false}, moment, [&]() -> ApiAnswer {
      return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(*moment)};
    });
  } catch (const ApiError& error) {
    return error_answer(error.status(), error.what());
  }
}

}  // namespace mgmt

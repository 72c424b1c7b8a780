// The sensor's HTTP API, version 1, without HTTP: questions in, JSON out.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "mgmt/api/answer_cache.h"
#include "mgmt/api/api_call.h"
#include "mgmt/api/api_request.h"
#include "mgmt/api/sensor.h"

namespace mgmt {

struct ApiRoute {
  std::string_view method;
  std::string_view path;  // may end in {what}, one segment that is handed over
  std::span<const std::string_view> parameters;
  Json (*json)(ApiCall&);
  std::string (*text)(ApiCall&);  // for people, at a terminal; null: only JSON
};

std::span<const ApiRoute> api_routes();

// Any thread.
class Api {
 public:
  explicit Api(Sensor& sensor) : sensor_(sensor) {}

  // Throws nothing but std::bad_alloc: whatever is wrong is in the answer.
  ApiAnswer answer(const ApiRequest& request);

  // GET /metrics.
  ApiAnswer metrics();

 private:
  using Moment = AnswerCache::Moment;

  ApiAnswer answer(const ApiRoute& route, const ApiRequest& request, std::string argument);
  ApiAnswer changed(const ApiRoute& route, const ApiRequest& request, std::string argument);
  ApiAnswer made(const ApiRoute& route, const ApiRequest& request, std::string argument,
                 const Moment& moment);

  Sensor& sensor_;
  AnswerCache cache_;
};

// {"error":{"status","message"}} and a final newline.
ApiAnswer error_answer(int status, std::string_view sentence);

// 405; `allowed` as Allow lists them: "GET, HEAD".
ApiAnswer other_method_answer(const ApiRequest& request, std::string allowed);

}  // namespace mgmt

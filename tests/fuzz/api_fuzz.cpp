// Octets as questions to the API: each line is a method, a path and parameters. Every answer is one of the
// statuses that the document knows, and JSON unless it is text that was asked for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "mgmt/api/api.h"
#include "tests/support/fixed_sensor.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// "name=value", up to the next '&'.
void add_parameter(mgmt::ApiRequest& request, std::string_view pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return;
  request.parameters.emplace(pair.substr(0, equals), pair.substr(equals + 1));
}

// So that questions come near those that are answered.
constexpr std::string_view kPaths[] = {"/api/v1/status",    "/api/v1/top/",   "/api/v1/findings",
                                       "/api/v1/findings/", "/api/v1/hosts/", "/api/v1/series",
                                       "/api/v1/mail/",     "/api/v1/pairing"};

mgmt::ApiRequest request_of(std::string_view line) {
  mgmt::ApiRequest request;
  if (line.empty()) return request;
  const auto choice = static_cast<unsigned char>(line.front());
  request.method = (choice & 1) != 0 ? "GET" : "POST";
  request.trusted = (choice & 2) != 0;
  if ((choice & 4) != 0) request.path = kPaths[choice >> 3 & 7];
  line.remove_prefix(1);
  const std::size_t question = line.find('?');
  request.path += line.substr(0, question);
  if (question == std::string_view::npos) return request;
  for (std::string_view rest = line.substr(question + 1); !rest.empty();) {
    const std::size_t end = rest.find('&');
    add_parameter(request, rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static tests::FixedSensor sensor;
  static mgmt::Api api(sensor);
  std::string_view text(reinterpret_cast<const char*>(data), size);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const mgmt::ApiAnswer answer = api.answer(request_of(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    require(answer.status == 200 || answer.status == 400 || answer.status == 403 || answer.status == 404 ||
            answer.status == 405 || answer.status == 409);
    require(answer.type != "application/json" || nlohmann::json::accept(answer.body));
  }
  return 0;
}

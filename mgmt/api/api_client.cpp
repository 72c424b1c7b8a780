#include "mgmt/api/api_client.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::time_t kAnswerSeconds = 10;

// Why nobody answers there: the library does not say.
std::string why_not(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return "the path is too long";
  path.copy(address.sun_path, path.size());
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected =
      probe >= 0 && connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int error = errno;
  if (probe >= 0) close(probe);
  if (connected) return "it took too long";
  switch (error) {
    case ENOENT:
    case ECONNREFUSED:
      return "no sensor runs here; 'tapline run' or 'systemctl start tapline' starts it";
    case EACCES:
      return "only its owner and the group of [socket] may ask; 'adduser USER tapline' lets a user in";
    default:
      return std::strerror(error);
  }
}

// The sentence of an answer that is an error.
std::string message_of(const httplib::Response& response) {
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  if (json.is_object() && json.contains("error")) return json["error"].value("message", "no reason given");
  return fmt::format("HTTP status {}", response.status);
}

}  // namespace

std::string ask_sensor(const std::string& socket_path, const std::string& method, const std::string& path,
                       const std::multimap<std::string, std::string>& parameters) {
  httplib::Client client(socket_path);
  client.set_address_family(AF_UNIX);
  client.set_read_timeout(kAnswerSeconds);
  const httplib::Params params(parameters.begin(), parameters.end());
  const std::string target = httplib::append_query_params(path, params);
  const httplib::Result result =
      method == "POST" ? client.Post(target, "", "application/json") : client.Get(target);
  if (!result) {
    throw std::runtime_error(fmt::format("the sensor does not answer at {}: {}",
                                         printable(socket_path, kPathColumns, TextStyle{}),
                                         why_not(socket_path)));
  }
  if (result->status != 200) throw std::runtime_error(message_of(*result));
  return result->body;
}

}  // namespace mgmt

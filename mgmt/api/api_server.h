// The API's two doors: a Unix socket for this machine's operators, and HTTP for those who look.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "mgmt/api/api.h"
#include "mgmt/api/http_settings.h"
#include "mgmt/api/pulse.h"

namespace httplib {
class Server;
}

namespace mgmt {

// Answers in threads of its own from construction to destruction.
class ApiServer {
 public:
  // Throws std::runtime_error in a sentence. A socket that another process answers at is left alone.
  ApiServer(Api& api, Pulse& pulse, const SocketSettings& settings);
  ApiServer(Api& api, Pulse& pulse, const HttpSettings& settings);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

 private:
  void add_routes(Api& api, Pulse& pulse, bool trusted, std::size_t threads);
  void start();

  std::unique_ptr<httplib::Server> server_;
  std::string socket_path_;  // removed at the end; "": none
  std::thread thread_;
};

}  // namespace mgmt

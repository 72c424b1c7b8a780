// A real ClickHouse, an ordinary process on the loopback with all that it has in a scratch directory.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "mgmt/fleet/clickhouse.h"
#include "tests/support/program.h"

namespace tests {

class ClickHouseServer {
 public:
  // Where it is; "" if it is not installed.
  static std::string program() {
    for (const char* path : {"/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server"})
      if (std::filesystem::exists(path)) return path;
    return "";
  }

  ClickHouseServer() : port_(free_port()) {
    for (const char* folder : {"data", "tmp", "files"})
      std::filesystem::create_directory(scratch_.path(folder));
    std::ofstream(scratch_.path("config.xml"))
        << "<yandex><logger><level>warning</level><log>" << scratch_.path("log") << "</log><errorlog>"
        << scratch_.path("errors") << "</errorlog></logger><http_port>" << port_
        << "</http_port><listen_host>127.0.0.1</listen_host><path>" << scratch_.path("data")
        << "/</path><tmp_path>" << scratch_.path("tmp") << "/</tmp_path><user_files_path>"
        << scratch_.path("files")
        << "/</user_files_path><mark_cache_size>67108864</mark_cache_size><users_config>users.xml</"
           "users_config>"
           "<default_profile>default</default_profile><default_database>default</default_database></"
           "yandex>\n";
    const std::string user =
        "<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default"
        "</quota>";
    std::ofstream(scratch_.path("users.xml"))
        << "<yandex><profiles><default></default><looks><readonly>1</readonly></looks></"
           "profiles><quotas><default>"
           "</default></quotas><users><default><password></password>"
        << user << "</default><sensor><password>geheim</password>" << user
        << "</sensor><guest><password></password><networks><ip>127.0.0.1</ip></networks><profile>looks</"
           "profile>"
           "<quota>default</quota></guest></users></yandex>\n";
    start();
  }

  int port() const { return port_; }
  mgmt::FleetSettings settings() const {
    mgmt::FleetSettings settings;
    settings.url.port = static_cast<std::uint16_t>(port_);
    return settings;
  }

  bool start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{program(), "--config-file=" + scratch_.path("config.xml")},
        scratch_.path("out"), scratch_.path("err"));
    return eventually([&] { return answer("SELECT 1") == "1\n"; }, std::chrono::seconds(60));
  }
  void stop() {
    process_->signal(SIGTERM);
    process_->wait();
    process_.reset();
  }
  void kill() {
    process_->signal(SIGKILL);
    process_->wait();
    process_.reset();
  }

  // What it says; where it does not do what it was asked, why.
  std::string answer(const std::string& sql) const {
    try {
      return mgmt::ClickHouse(settings()).query(sql);
    } catch (const mgmt::ClickHouseError& error) {
      return error.what();
    }
  }
  std::uint64_t number(const std::string& sql) const { return std::stoull("0" + answer(sql)); }

 private:
  static int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof here;
    const bool bound = bind(socket, reinterpret_cast<const sockaddr*>(&here), length) == 0 &&
                       getsockname(socket, reinterpret_cast<sockaddr*>(&here), &length) == 0;
    close(socket);
    return bound ? ntohs(here.sin_port) : 0;
  }

  ScratchDirectory scratch_;
  int port_;
  std::unique_ptr<Process> process_;
};

}  // namespace tests

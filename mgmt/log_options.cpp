#include "mgmt/log_options.h"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>
#include <sys/stat.h>

#include "mgmt/words.h"
#include "mgmt/zone_text.h"

namespace mgmt {
namespace {

const aggregator::WatchedServer* named(const std::vector<aggregator::WatchedServer>& servers,
                                       const std::string& name) {
  const auto found = std::ranges::find(servers, name, &aggregator::WatchedServer::name);
  return found == servers.end() ? nullptr : &*found;
}

bool has_address(const std::vector<aggregator::WatchedServer>& servers, const wire::Address& address) {
  return std::ranges::any_of(servers, [&](const aggregator::WatchedServer& server) {
    return std::ranges::find(server.addresses, address) != server.addresses.end();
  });
}

wire::Address server_of(const LogArgument& argument, Config& config) {
  const bool mail = argument.role == dataplane::LogRole::kMail;
  auto& servers = mail ? config.mail_servers : config.dns_servers;
  if (const auto* server = named(servers, argument.host)) return server->addresses.front();
  const auto address = wire::address_from(argument.host);
  if (!address) {
    throw UsageError(fmt::format(
        "{} takes HOST=FILE, with HOST an address or the name of a [[{}]] of the configuration, not {}",
        mail ? "--maillog" : "--querylog", mail ? "mail_server" : "dns_server", in_quotes(argument.host)));
  }
  if (mail && !has_address(servers, *address)) servers.push_back({argument.host, {*address}});
  return *address;
}

// When the log was last written to: now, if that cannot be known.
std::time_t written_at(const std::string& path) {
  struct stat status {};
  const bool file = path != "-" && ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  return file ? status.st_mtime : std::time(nullptr);
}

wire::LogClock clock_of(const std::string& path, const LogOptions& options) {
  const std::time_t written = written_at(path);
  wire::LogClock clock(options.zone_s.value_or(zone_of_machine(written)));
  if (options.year) {
    clock.begin_in(*options.year);
  } else {
    clock.near(static_cast<std::int64_t>(written) * 1'000'000'000);
  }
  return clock;
}

}  // namespace

std::vector<dataplane::LogFile> log_files(const LogOptions& options, Config& config) {
  std::vector<dataplane::LogFile> files;
  for (const LogArgument& argument : options.logs) {
    const wire::Address server = server_of(argument, config);
    files.push_back({argument.role, server, argument.path, clock_of(argument.path, options)});
  }
  return files;
}

}  // namespace mgmt

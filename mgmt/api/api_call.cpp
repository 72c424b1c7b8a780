#include "mgmt/api/api_call.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace mgmt {
namespace {

constexpr std::size_t kHostColumns = 60;

const aggregator::WatchedServer* server_if(const Config& config, auto&& is_it) {
  for (const auto* servers : {&config.mail_servers, &config.dns_servers}) {
    const auto found = std::ranges::find_if(*servers, is_it);
    if (found != servers->end()) return &*found;
  }
  return nullptr;
}

}  // namespace

wire::Address host_named(const SensorState& state, const std::string& name) {
  if (const auto address = wire::address_from(name)) return *address;
  const auto* server = server_if(*state.config, [&](const auto& one) { return one.name == name; });
  if (server != nullptr) return server->addresses.front();
  throw ApiError(400, fmt::format("'{}' is neither an address nor the name of a server of the configuration",
                                  printable(name, kHostColumns, TextStyle{})));
}

std::vector<aggregator::Finding> all_findings(const SensorState& state) {
  std::vector<aggregator::Finding> all = state.earlier_findings;
  if (state.summary.hosts)
    all.insert(all.end(), state.summary.hosts->findings.begin(), state.summary.hosts->findings.end());
  return all;
}

std::string name_of(const SensorState& state, const wire::Address& host) {
  const auto* server =
      server_if(*state.config, [&](const auto& one) { return std::ranges::count(one.addresses, host) > 0; });
  return server == nullptr ? "" : server->name;
}

}  // namespace mgmt

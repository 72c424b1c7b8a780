#include "mgmt/history/baselines_file.h"

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mgmt/history/record.h"
#include "mgmt/history/whole_file.h"

namespace mgmt {
namespace {

using aggregator::Baselines;
using Json = nlohmann::json;

constexpr int kVersion = 1;
constexpr std::uintmax_t kMostBytes = 256 << 20;

Json json_of(const Baselines& baselines, const KeptHosts& kept) {
  Json numbers = Json::object();
  for (const auto& [name, by_host] : baselines.numbers) {
    for (const auto& [host, values] : by_host) numbers[name][kept.kept(host)] = values;
  }
  Json hosts = Json::array();
  for (const Baselines::Host& host : baselines.hosts)
    hosts.push_back({kept.kept(host.address), host.habits, host.answers});
  return {{"version", kVersion},
          {"step_ns", baselines.step_ns},
          {"window_ns", baselines.window_ns},
          {"steps", baselines.steps},
          {"end_ns", baselines.end_ns},
          {"accepts_seen", baselines.accepts_seen},
          {"numbers", std::move(numbers)},
          {"hosts", std::move(hosts)}};
}

// Throws std::runtime_error.
wire::Address address_in(const std::string& text, const KeptHosts& kept) {
  const auto address = kept.address(text);
  if (!address) throw std::runtime_error("an address is none, or hidden by another key");
  return *address;
}

// Throws Json::exception, std::runtime_error.
Baselines baselines_in(const Json& json, const KeptHosts& kept) {
  if (json.at("version") != kVersion) throw std::runtime_error("another version of tapline wrote it");
  Baselines baselines;
  baselines.step_ns = json.at("step_ns");
  baselines.window_ns = json.at("window_ns");
  baselines.steps = json.at("steps");
  baselines.end_ns = json.at("end_ns");
  baselines.accepts_seen = json.at("accepts_seen");
  for (const auto& [name, by_host] : json.at("numbers").items()) {
    for (const auto& [host, values] : by_host.items())
      baselines.numbers[name][address_in(host, kept)] = values.get<std::vector<double>>();
  }
  for (const Json& host : json.at("hosts"))
    baselines.hosts.push_back({address_in(host.at(0), kept), host.at(1), host.at(2)});
  return baselines;
}

}  // namespace

std::string baselines_file(const std::string& folder) {
  return folder + "/baselines.json";
}

void write_baselines(const HistoryPlace& place, const Baselines& baselines) {
  write_whole(baselines_file(place.folder), json_of(baselines, place.hosts).dump());
}

std::optional<Baselines> read_baselines(const HistoryPlace& place) {
  const std::string file = baselines_file(place.folder);
  const std::optional<std::string> text = read_whole(file, kMostBytes);
  if (!text) return std::nullopt;
  try {
    return baselines_in(Json::parse(*text), place.hosts);
  } catch (const std::exception& error) {
    throw HistoryError(
        fmt::format("{}: is not what tapline writes: {}", state_file_text(file), error.what()));
  }
}

std::string put_baselines_aside(const std::string& folder) {
  const std::string file = baselines_file(folder), kept = file + ".before";
  return std::rename(file.c_str(), kept.c_str()) == 0 ? state_file_text(kept) : "";
}

}  // namespace mgmt

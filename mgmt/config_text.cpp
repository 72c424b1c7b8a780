#include "mgmt/config_text.h"

#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "mgmt/core_list.h"
#include "mgmt/duration_text.h"

namespace mgmt {
namespace {

// Keys aligned, values as TOML writes them.
class SectionText {
 public:
  explicit SectionText(std::string_view heading) : text_(fmt::format("{}\n", heading)) {}

  SectionText& raw(std::string_view key, std::string_view value) {
    text_ += fmt::format("{:<{}} = {}\n", key, kKeyColumns, value);
    return *this;
  }
  SectionText& count(std::string_view key, std::uint64_t value) { return raw(key, std::to_string(value)); }
  SectionText& boolean(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  SectionText& text(std::string_view key, const std::string& value) {
    std::ostringstream quoted;
    quoted << toml::value<std::string>(value);
    return raw(key, quoted.str());
  }
  SectionText& duration(std::string_view key, std::int64_t ns) {
    return text(key, ns == 0 ? "off" : duration_text(ns));
  }
  // 0 and an empty list are what is chosen at start; the key is left out.
  SectionText& chosen_count(std::string_view key, std::uint64_t value) {
    return value == 0 ? *this : count(key, value);
  }
  SectionText& chosen_cores(std::string_view key, const std::vector<std::uint64_t>& cores) {
    return cores.empty() ? *this : text(key, core_list_text(cores));
  }

  std::string str() const { return text_; }

 private:
  static constexpr int kKeyColumns = 16;
  std::string text_;
};

std::string replay_text(const Config::Replay& replay) {
  return SectionText("[replay]").count("workers", replay.workers).count("shards", replay.shards).str();
}

std::string pairing_text(const Config::Pairing& pairing) {
  const bool by_client = pairing.correlate == aggregator::Correlate::kClient;
  return SectionText("[pairing]")
      .duration("window", pairing.window_ns)
      .text("correlate", by_client ? "client" : "address")
      .str();
}

std::string decode_text(const Config::Decode& decode) {
  return SectionText("[decode]")
      .boolean("reassemble", decode.reassemble)
      .duration("dedup", decode.dedup_ns)
      .str();
}

std::string memory_text(const Config::Memory& memory) {
  return SectionText("[memory]")
      .count("pairing_entries", memory.pairing_entries)
      .count("clients", memory.clients)
      .count("names", memory.names)
      .count("fragments", memory.fragments)
      .count("dns_streams", memory.dns_streams)
      .count("dns_stream_bytes", memory.dns_stream_bytes)
      .count("dedup_packets", memory.dedup_packets)
      .count("ring_events", memory.ring_events)
      .str();
}

std::string port_text(const Config::Port& port) {
  const dataplane::PortSettings& settings = port.settings;
  return SectionText("[[port]]")
      .text("name", settings.name)
      .text("driver", std::string(dataplane::kPortDriverNames[static_cast<std::size_t>(settings.driver)]))
      .text("devargs", settings.devargs)
      .chosen_count("queues", settings.queues)
      .chosen_cores("cores", port.cores)
      .chosen_cores("shard_cores", port.shard_cores)
      .chosen_count("rx_descriptors", settings.rx_descriptors)
      .chosen_count("mempool", settings.mempool)
      .boolean("nic_filter", settings.nic_filter)
      .boolean("expect_vlans", port.expect_vlans)
      .str();
}

}  // namespace

std::string config_text(const Config& config) {
  std::string text = fmt::format("{}\n{}\n{}\n{}", replay_text(config.replay), pairing_text(config.pairing),
                                 decode_text(config.decode), memory_text(config.memory));
  for (const Config::Port& port : config.ports) text.append("\n").append(port_text(port));
  return text;
}

std::string config_json(const Config& config) {
  std::ostringstream json;
  json << toml::json_formatter(toml::parse(config_text(config))) << '\n';
  return json.str();
}

}  // namespace mgmt

#include "mgmt/config.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <tuple>

#include <fmt/format.h>

#include "mgmt/text_style.h"
#include "mgmt/toml_section.h"

namespace mgmt {
namespace {

constexpr std::size_t kMaxConfigBytes = 1 << 20;
constexpr std::size_t kMaxReasonColumns = 200;
constexpr std::ptrdiff_t kMaxDotsInLine = 500;  // toml++ calls itself once for each part of a dotted key
constexpr std::array<std::string_view, 2> kCorrelateNames = {"client", "address"};

// Sections of commands that have readers of their own.
constexpr std::array<std::string_view, 4> kOtherSections = {"network", "mail_server", "dns_server",
                                                            "detectors"};

void read_replay(TomlSection& in, Config::Replay& replay) {
  in.count("workers", replay.workers, kWorkersRange);
  in.count("shards", replay.shards, kShardsRange);
}

void read_pairing(TomlSection& in, Config::Pairing& pairing) {
  in.duration("window", pairing.window_ns, kWindowRangeNs);
  in.choice("correlate", pairing.correlate, kCorrelateNames);
}

void read_decode(TomlSection& in, Config::Decode& decode) {
  in.boolean("reassemble", decode.reassemble);
  in.duration_or_off("dedup", decode.dedup_ns, kDedupRangeNs);
}

void read_memory(TomlSection& in, Config::Memory& memory) {
  in.count("pairing_entries", memory.pairing_entries, kPairingEntriesRange);
  in.count("clients", memory.clients, kClientsRange);
  in.count("names", memory.names, kNamesRange);
  in.count("fragments", memory.fragments, kFragmentsRange);
  in.count("dns_streams", memory.dns_streams, kDnsStreamsRange);
  in.count("dns_stream_bytes", memory.dns_stream_bytes, kDnsStreamBytesRange);
  in.power_of_two("dedup_packets", memory.dedup_packets, kDedupPacketsRange);
  in.power_of_two("ring_events", memory.ring_events, kRingEventsRange);
}

void read_port(TomlSection& in, Config::Port& port) {
  dataplane::PortSettings& settings = port.settings;
  in.required_text("name", settings.name);
  in.choice("driver", settings.driver, dataplane::kPortDriverNames);
  in.text("devargs", settings.devargs);
  in.count("queues", settings.queues, kQueuesRange);
  in.cores("cores", port.cores, kCoreRange);
  in.cores("shard_cores", port.shard_cores, kCoreRange);
  in.count("rx_descriptors", settings.rx_descriptors, kRxDescriptorsRange);
  in.count("mempool", settings.mempool, kMempoolRange);
  in.boolean("nic_filter", settings.nic_filter);
  in.boolean("expect_vlans", port.expect_vlans);
}

void read_all(TomlSection& in, Config& config) {
  in.section("replay", [&](TomlSection& section) { read_replay(section, config.replay); });
  in.section("pairing", [&](TomlSection& section) { read_pairing(section, config.pairing); });
  in.section("decode", [&](TomlSection& section) { read_decode(section, config.decode); });
  in.section("memory", [&](TomlSection& section) { read_memory(section, config.memory); });
  in.sections("port", [&](TomlSection& section) { read_port(section, config.ports.emplace_back()); });
  for (const std::string_view name : kOtherSections) in.ignore(name);
  in.refuse_other_keys();
}

std::string shown(std::string_view file) {
  return printable(file, kPathColumns, TextStyle{});
}

std::string located(std::string_view file, const toml::source_position& where, std::string_view sentence) {
  return fmt::format("{}:{}:{}: {}", shown(file), where.line, where.column, sentence);
}

std::string sentences_of(TomlMistakes mistakes, std::string_view file) {
  std::ranges::stable_sort(mistakes, {}, [](const TomlMistake& mistake) {
    return std::tuple(mistake.where.line, mistake.where.column);
  });
  std::string sentences;
  for (const TomlMistake& mistake : mistakes) {
    sentences.append(sentences.empty() ? "" : "\n").append(located(file, mistake.where, mistake.sentence));
  }
  return sentences;
}

void refuse_lines_of_dots(std::string_view text, std::string_view file) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    if (std::ranges::count(text.substr(0, length), '.') > kMaxDotsInLine) {
      throw ConfigError(
          fmt::format("{}:{}: has more than {} dots, which no key needs; break a long list into lines",
                      shown(file), line, kMaxDotsInLine));
    }
    text.remove_prefix(std::min(length + 1, text.size()));
  }
}

toml::table parse_toml(std::string_view text, std::string_view file) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw ConfigError(located(file, error.source().begin,
                              "not TOML: " + printable(error.description(), kMaxReasonColumns, TextStyle{})));
  }
}

std::string contents_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxConfigBytes + 1, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    const char* reason = std::strerror(errno);
    throw ConfigError(fmt::format("{}: cannot be read: {}", shown(file), reason));
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxConfigBytes) {
    throw ConfigError(fmt::format("{}: is longer than 1 MiB, which no configuration is", shown(file)));
  }
  return text;
}

}  // namespace

Config parse_config(std::string_view text, std::string_view file) {
  refuse_lines_of_dots(text, file);
  const toml::table root = parse_toml(text, file);
  Config config;
  TomlMistakes mistakes;
  TomlSection section("", root, mistakes);
  read_all(section, config);
  if (!mistakes.empty()) throw ConfigError(sentences_of(std::move(mistakes), file));
  return config;
}

Config read_config(const std::string& file) {
  return parse_config(contents_of(file), file);
}

}  // namespace mgmt

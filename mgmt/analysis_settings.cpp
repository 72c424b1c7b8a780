#include "mgmt/analysis_settings.h"

namespace mgmt {

dataplane::ObserverSettings observer_settings(const Config& config) {
  dataplane::ObserverSettings settings;
  settings.reassemble = config.decode.reassemble;
  settings.duplicates.window_ns = config.decode.dedup_ns;
  settings.duplicates.packets = static_cast<std::uint32_t>(config.memory.dedup_packets);
  settings.fragments.datagrams = static_cast<std::uint32_t>(config.memory.fragments);
  settings.streams.streams = static_cast<std::uint32_t>(config.memory.dns_streams);
  settings.streams.blocks =
      static_cast<std::uint32_t>(config.memory.dns_stream_bytes / dataplane::OctetStore::kBlockBytes);
  return settings;
}

aggregator::ShardSettings shard_settings(const Config& config) {
  aggregator::ShardSettings settings;
  settings.mode = config.pairing.correlate;
  settings.window_ns = config.pairing.window_ns;
  settings.open_answers = config.memory.pairing_entries;
  settings.clients = config.memory.clients;
  settings.names = config.memory.names;
  return settings;
}

}  // namespace mgmt

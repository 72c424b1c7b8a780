// From the configuration to what workers and shards are told; the same for files and ports.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>

#include "aggregator/host_analysis.h"
#include "aggregator/shard.h"
#include "dataplane/observer.h"
#include "mgmt/config.h"

namespace mgmt {

// Null without local domains. Throws ConfigError if a subdomain is of no local domain, or there is no public
// suffix list on this machine.
std::shared_ptr<const matchers::UnresolvedNames> unresolved_names(const Config::Network& network);

// For so many workers. Throws ConfigError as above, and for what is wrong with the pattern file.
dataplane::ObserverSettings observer_settings(const Config& config, std::size_t workers);

// But for the number of shards. Besides internal hosts and servers, `others` are counted one by one.
aggregator::ShardSettings shard_settings(const Config& config, std::span<const wire::Address> others = {});

// What is made of the hosts that these shards count; nothing if they count none.
std::optional<aggregator::HostAnalysisSettings> host_analysis_settings(
    const Config& config, const aggregator::ShardSettings& shard, const dataplane::PatternScanners* patterns);

// The list of this machine; null if there is none.
std::shared_ptr<const matchers::PublicSuffixes> suffixes_if_there();

std::map<std::uint32_t, std::string> pattern_labels(const dataplane::PatternScanners* patterns);

}  // namespace mgmt

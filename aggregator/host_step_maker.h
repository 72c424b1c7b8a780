// From what the shards know of one second to what all hosts did in it.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "aggregator/detector_settings.h"
#include "aggregator/host_set.h"
#include "aggregator/host_step.h"
#include "aggregator/recent_addresses.h"
#include "aggregator/shard_step.h"
#include "matchers/domain_text.h"
#include "matchers/public_suffixes.h"

namespace aggregator {

struct HostStepSettings {
  std::vector<wire::Network> exempt_hosts;                   // whose connections are not judged
  std::vector<std::uint16_t> exempt_ports;                   // to which none is
  std::size_t told_bytes = std::size_t{1} << 20;             // as of the shards
  KeyedHash hash;                                            // likewise
  std::vector<matchers::WireName> local_domains;             // longest first
  std::shared_ptr<const matchers::PublicSuffixes> suffixes;  // null: names stay whole
  std::vector<WatchedServer> mail_servers;
  bool tap = true;  // false: all queries are those of logs
};

// One thread.
class HostStepMaker {
 public:
  explicit HostStepMaker(const HostStepSettings& settings);

  // `second` since 1970; never goes back. The step's losses are left to the caller.
  HostStep make(std::uint64_t second, ShardStep&& step);

 private:
  void judge(std::uint64_t second, HostStep& step) const;
  HostField verdict_on(std::uint64_t second, const UnresolvedConnect& connect) const;
  void add_mail(ShardStep&& step, HostStep& result);
  std::vector<FormedName> domains_of(const std::vector<FormedQuery>& queries) const;
  std::string domain_of(const FormedQuery& query) const;

  HostStepSettings settings_;
  HostSet exempt_hosts_;
  std::set<wire::Address> logged_servers_;  // first addresses of mail servers whose logs said something
  RecentAddresses recent_;
};

}  // namespace aggregator

#include "aggregator/sensor_counts.h"

#include "aggregator/shard_window.h"
#include "wire/dns_message.h"

namespace aggregator {
namespace {

constexpr std::size_t kServfail = 2;  // RFC 1035 section 4.1.1
constexpr std::size_t kNxdomain = 3;

}  // namespace

SensorCounts sensor_counts(const ShardWindow& window) {
  const DnsTally& dns = window.dns;
  const auto queries = [&](wire::DnsType type) { return dns.types[static_cast<std::size_t>(type)]; };
  SensorCounts counts;
  counts[SensorField::kQueries] = dns.udp_queries + dns.tcp_queries;
  counts[SensorField::kQueriesA] = queries(wire::DnsType::kA);
  counts[SensorField::kQueriesAaaa] = queries(wire::DnsType::kAaaa);
  counts[SensorField::kQueriesPtr] = queries(wire::DnsType::kPtr);
  counts[SensorField::kQueriesMx] = queries(wire::DnsType::kMx);
  counts[SensorField::kResponses] = dns.udp_responses + dns.tcp_responses;
  counts[SensorField::kNxdomain] = dns.rcodes[kNxdomain];
  counts[SensorField::kServfail] = dns.rcodes[kServfail];
  counts[SensorField::kAnswersWithAddress] = window.pairing.answers_with_address;
  counts[SensorField::kSyns] = window.syn;
  counts[SensorField::kSynAcks] = window.syn_ack;
  counts[SensorField::kQuic] = window.quic_initial;
  counts[SensorField::kPairs] = window.pairing.delays.total();
  counts[SensorField::kSynsFollowing] = window.pairing.syns_following;
  return counts;
}

}  // namespace aggregator

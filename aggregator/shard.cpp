#include "aggregator/shard.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace aggregator {
namespace {

using dataplane::Event;
using dataplane::EventKind;

constexpr std::uint16_t kNxdomain = 3;  // RFC 1035 section 4.1.1

unsigned partitions_per_shard(const ShardSettings& settings) noexcept {
  return (partitions(settings.mode) + settings.shards - 1) / settings.shards;
}

std::size_t per_partition(std::size_t capacity, const ShardSettings& settings) noexcept {
  return std::max<std::size_t>(1, capacity / partitions(settings.mode));
}

const ShardSettings& checked(const ShardSettings& settings) {
  if (settings.window_ns < 1 || settings.window_ns > kMaxWindowNs) {
    throw std::runtime_error("a window of " + std::to_string(settings.window_ns) +
                             " ns is not usable. It must be at least a nanosecond and at most an hour.");
  }
  if (settings.shards < 1) throw std::runtime_error("there must be at least one shard.");
  return settings;
}

bool is_tcp_syn(const Event& event) noexcept {
  return event.kind == EventKind::kConnect && (event.flags & dataplane::kQuic) == 0;
}

bool has_key(const Event& event) noexcept {
  return event.kind == EventKind::kResolution || is_tcp_syn(event);
}

bool has_client_row(EventKind kind) noexcept {
  return kind == EventKind::kQuery || kind == EventKind::kResponse || kind == EventKind::kConnect;
}

}  // namespace

Shard::Shard(const ShardSettings& settings)
    : mode_(checked(settings).mode),
      pairer_({.mode = settings.mode,
               .window_ns = settings.window_ns,
               .partitions = partitions_per_shard(settings),
               .answers_per_partition = per_partition(settings.open_answers, settings)}),
      clients_(partitions_per_shard(settings), per_partition(settings.clients, settings)),
      names_(partitions_per_shard(settings), per_partition(settings.names, settings)),
      window_(settings.mode, settings.window_ns) {
  for (unsigned p = 0; p < partitions(mode_); ++p) {
    local_partitions_[p] = static_cast<std::uint8_t>(p / settings.shards);
  }
}

// Each event takes four steps, kStepEvents apart: the places in the indexes are fetched, then the entries
// that these name, then the entries that those name, and then it is counted.
void Shard::observe(std::span<const Event> events) noexcept {
  const auto ahead = [this](std::size_t i) -> Ahead& { return ahead_[i % kAheadSlots]; };
  for (std::size_t first = 0; first < events.size() + 3 * kStepEvents; ++first) {
    const std::size_t second = first - kStepEvents;  // These wrap, and then are no places in `events`.
    const std::size_t third = second - kStepEvents;
    const std::size_t last = third - kStepEvents;
    if (first < events.size()) prefetch_indexes(events[first], ahead(first));
    if (second < events.size()) prefetch_entries(events[second], ahead(second));
    if (third < events.size()) prefetch_chain(events[third], ahead(third));
    if (last < events.size()) count(events[last], ahead(last));
  }
}

ShardWindow Shard::close() {
  ShardWindow window = close_window();
  window.names = names_.tally();
  names_.clear();
  return window;
}

ShardWindow Shard::close_window() {
  window_.clients.rows = clients_.rows();
  window_.clients.other = clients_.other();
  window_.clients.other_events = clients_.other_events();
  const PairingLosses& losses = pairer_.losses();
  window_.pairing.losses = {losses.pushed_out - losses_closed_.pushed_out,
                            losses.evicted - losses_closed_.evicted};
  losses_closed_ = losses;
  clients_.clear();
  return std::exchange(window_, ShardWindow(window_.mode, window_.window_ns));
}

void Shard::prefetch_indexes(const Event& event, Ahead& ahead) noexcept {
  if (event.kind == EventKind::kName) return;
  ahead.partition = local_partition(event.client);
  if (has_client_row(event.kind)) {
    ahead.client_hash = clients_.hash_of(event.client);
    clients_.prefetch_index(ahead.client_hash);
  }
  if (event.kind == EventKind::kQuery) {
    names_.prefetch(ahead.partition, event.name_hash);
  } else if (has_key(event)) {
    ahead.key = pairer_.key_of(event.client, event.peer);
    ahead.key_hash = pairer_.hash_of(ahead.key);
    pairer_.prefetch_index(ahead.key_hash);
  }
}

void Shard::prefetch_entries(const Event& event, const Ahead& ahead) noexcept {
  if (has_client_row(event.kind)) clients_.prefetch_row(ahead.client_hash);
  if (has_key(event)) pairer_.prefetch_oldest(ahead.key_hash);
}

void Shard::prefetch_chain(const Event& event, const Ahead& ahead) noexcept {
  if (has_key(event)) pairer_.prefetch_chain(ahead.key_hash);
}

void Shard::count(const Event& event, const Ahead& ahead) noexcept {
  switch (event.kind) {
    case EventKind::kName:
      return name_slots_.add(event);
    case EventKind::kQuery:
      return count_query(event, ahead);
    case EventKind::kResponse:
      return count_response(event, ahead);
    case EventKind::kResolution:
      return count_resolution(event, ahead);
    case EventKind::kConnect:
      return count_connect(event, ahead);
    case EventKind::kAccept:
      if ((event.flags & dataplane::kQuic) == 0) ++window_.syn_ack;
      return;
    case EventKind::kHint:  // Not an address of the answer section: no part of this statistic.
    case EventKind::kCount:
      return;
  }
}

void Shard::count_query(const Event& event, const Ahead& ahead) noexcept {
  DnsTally& dns = window_.dns;
  ++((event.flags & dataplane::kOverTcp) != 0 ? dns.tcp_queries : dns.udp_queries);
  if ((event.flags & dataplane::kMalformed) != 0) ++dns.malformed;
  ++clients_.row(ahead.partition, event.client, ahead.client_hash).queries;
  if ((event.flags & dataplane::kNoQuestion) != 0) {
    ++dns.no_question;
    return;
  }
  ++dns.types[event.detail.dns.qtype];
  names_.add(ahead.partition, event.name_hash, name_slots_.name_for(event.order));
}

void Shard::count_response(const Event& event, const Ahead& ahead) noexcept {
  DnsTally& dns = window_.dns;
  const bool over_tcp = (event.flags & dataplane::kOverTcp) != 0;
  ++(over_tcp ? dns.tcp_responses : dns.udp_responses);
  if ((event.flags & dataplane::kMalformed) != 0) ++dns.malformed;
  ++dns.rcodes[event.detail.dns.rcode % kRcodes];

  ClientRow& client = clients_.row(ahead.partition, event.client, ahead.client_hash);
  ++client.responses;
  if (event.detail.dns.rcode == kNxdomain) ++client.nxdomain;

  answer_.order = event.order;
  answer_.client = event.client;
  answer_.pairs = !over_tcp && (event.flags & dataplane::kFromPort53) != 0;
  if (!answer_.pairs) return;
  ++window_.pairing.answers;
  if ((event.flags & (dataplane::kHasA | dataplane::kHasAaaa)) != 0) ++window_.pairing.answers_with_address;
  pairer_.begin_answer();
}

void Shard::count_resolution(const Event& event, const Ahead& ahead) noexcept {
  const bool of_answer = answer_.pairs && event.order == answer_.order && event.client == answer_.client;
  if (!of_answer) return;
  ++((event.flags & dataplane::kHasA) != 0 ? window_.pairing.a_records : window_.pairing.aaaa_records);
  pairer_.add_address(ahead.partition, ahead.key, ahead.key_hash, event.time_ns);
}

void Shard::count_connect(const Event& event, const Ahead& ahead) noexcept {
  ClientRow& client = clients_.row(ahead.partition, event.client, ahead.client_hash);
  if (is_tcp_syn(event)) {
    count_syn(event, ahead, client);
  } else {
    ++window_.quic_initial;
    ++client.quic;
  }
}

void Shard::count_syn(const Event& event, const Ahead& ahead, ClientRow& client) noexcept {
  const std::size_t port = event.detail.port % kPorts;
  ++window_.syn;
  ++client.connections;
  ++window_.pairing.syn_ports[port];
  const Pairer::Match match = pairer_.connect(ahead.partition, ahead.key, ahead.key_hash, event.time_ns);
  if (match.following) ++window_.pairing.syns_following;
  if (!match.paired) return;
  ++client.paired;
  ++window_.pairing.paired_ports[port];
  window_.pairing.delays.add(match.delay_ns);
}

std::uint32_t Shard::local_partition(const wire::Address& client) const noexcept {
  return local_partitions_[partition_of(client, mode_)];
}

}  // namespace aggregator

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
  return (event.kind == EventKind::kConnect) & ((event.flags & dataplane::kQuic) == 0);
}

// What is asked for ahead, by kind; a QUIC Initial's key in vain, for to know it would be a branch.
enum Need : std::uint8_t {
  kRow = 1 << 0,
  kNames = 1 << 1,
  kKey = 1 << 2
};

constexpr std::array<std::uint8_t, dataplane::kEventKinds> kNeeds = [] {
  std::array<std::uint8_t, dataplane::kEventKinds> table{};
  const auto of = [&](EventKind kind) -> std::uint8_t& { return table[static_cast<std::size_t>(kind)]; };
  of(EventKind::kQuery) = kRow | kNames;
  of(EventKind::kLogQuery) = kRow;
  of(EventKind::kResponse) = kRow;
  of(EventKind::kResolution) = kKey;
  of(EventKind::kConnect) = kRow | kKey;
  return table;
}();

bool needs(const Event& event, Need what) noexcept {
  return (kNeeds[static_cast<std::size_t>(event.kind)] & what) != 0;
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
      window_ns_(settings.window_ns),
      window_(std::in_place, settings.mode, settings.window_ns),
      logs_alone_(settings.logs_alone) {
  for (unsigned p = 0; p < partitions(mode_); ++p) {
    local_partitions_[p] = static_cast<std::uint8_t>(p / settings.shards);
  }
  if (settings.suffixes) {
    domains_.emplace(settings.suffixes, partitions_per_shard(settings),
                     per_partition(settings.domains, settings));
  }
  if (settings.hosts.any()) hosts_.emplace(settings.hosts, partitions_per_shard(settings), partitions(mode_));
  if (hosts_ && !settings.mail.servers.empty())
    mail_.emplace(settings.mail, partitions_per_shard(settings), partitions(mode_));
}

// Each batch of events takes four steps, with those of other batches between them: the places in the indexes
// are fetched, then the entries that these name, then the entries that those name, and then it is counted.
void Shard::observe(std::span<const Event> events) {
  window();
  const std::size_t batches = (events.size() + kBatchEvents - 1) / kBatchEvents;
  const auto batch = [this](std::size_t i) -> Batch& { return batches_[i % kSteps]; };
  for (std::size_t first = 0; first < batches + kSteps - 1; ++first) {
    const std::size_t second = first - 1;  // These wrap, and then are no batches.
    const std::size_t third = second - 1;
    const std::size_t last = third - 1;
    if (last < batches) count(batch(last));
    if (third < batches) prefetch_chains(batch(third));
    if (second < batches) prefetch_entries(batch(second));
    if (first < batches) {
      const auto rest = events.subspan(first * kBatchEvents);
      begin(batch(first), rest.first(std::min(kBatchEvents, rest.size())));
      prefetch_indexes(batch(first));
    }
  }
  name_slots_.keep();
}

ShardWindow Shard::close() {
  ShardWindow window = close_window();
  window.names = names_.tally();
  if (domains_) window.domains = close_domains();
  names_.clear();
  return window;
}

NameTally Shard::close_domains() {
  names_.tell_rest(*domains_);
  NameTally tally = domains_->tally();
  domains_->clear();
  return tally;
}

ShardWindow Shard::close_window() {
  ShardWindow closed = std::move(window());
  window_.reset();
  closed.clients.rows = clients_.rows();
  closed.clients.other = clients_.other();
  closed.clients.other_events = clients_.other_events();
  const PairingLosses& losses = pairer_.losses();
  closed.pairing.losses = {losses.pushed_out - losses_closed_.pushed_out,
                           losses.evicted - losses_closed_.evicted};
  losses_closed_ = losses;
  clients_.clear();
  return closed;
}

// So none is made after the last close.
ShardWindow& Shard::window() {
  return window_ ? *window_ : window_.emplace(mode_, window_ns_);
}

std::optional<ShardStep> Shard::close_step() {
  if (!hosts_) return std::nullopt;
  ShardStep step = hosts_->close();
  if (mail_) mail_->close(step);
  return step;
}

// Kinds of events follow each other at random, and a wrong guess costs more than all that is done here: so
// each is entered in every list, and the next one takes its place if it does not belong there.
void Shard::begin(Batch& batch, std::span<const Event> events) const noexcept {
  batch.events = events;
  std::size_t rows = 0;
  std::size_t names = 0;
  std::size_t keys = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    batch.ahead[i].partition = local_partition(event.client);
    batch.rows.places[rows] = batch.names.places[names] = batch.keys.places[keys] =
        static_cast<std::uint8_t>(i);
    rows += needs(event, kRow);
    names += needs(event, kNames);
    keys += needs(event, kKey);
  }
  batch.rows.count = rows;
  batch.names.count = names;
  batch.keys.count = keys;
}

void Shard::prefetch_indexes(Batch& batch) noexcept {
  for (const std::size_t i : batch.rows.all()) {
    batch.ahead[i].client_hash = clients_.hash_of(batch.events[i].client);
    clients_.prefetch_index(batch.ahead[i].client_hash);
  }
  for (const std::size_t i : batch.names.all()) {
    names_.prefetch(batch.ahead[i].partition, batch.events[i].name_hash);
  }
  for (const std::size_t i : batch.keys.all()) {
    batch.ahead[i].key_hash = pairer_.hash_of(key_of(batch.events[i]));
    pairer_.prefetch_index(batch.ahead[i].key_hash);
  }
}

void Shard::prefetch_entries(Batch& batch) noexcept {
  for (const std::size_t i : batch.rows.all()) {
    batch.ahead[i].row = clients_.prefetch_row(batch.ahead[i].client_hash);
  }
  for (const std::size_t i : batch.keys.all()) {
    batch.ahead[i].chain = pairer_.prefetch_oldest(batch.ahead[i].key_hash);
  }
}

void Shard::prefetch_chains(const Batch& batch) noexcept {
  for (const std::size_t i : batch.keys.all()) pairer_.prefetch_chain(batch.ahead[i].chain);
}

void Shard::count(const Batch& batch) noexcept {
  for (std::size_t i = 0; i < batch.events.size(); ++i) count(batch.events[i], batch.ahead[i]);
}

void Shard::count(const Event& event, const Ahead& ahead) noexcept {
  switch (event.kind) {
    case EventKind::kName:
      return name_slots_.add(event);
    case EventKind::kMatch:
      return keep_matches(event);
    case EventKind::kQuery:
      return count_query(event, ahead);
    case EventKind::kMail:
      return count_mail(event, ahead);
    case EventKind::kLogQuery:
      return count_log_query(event, ahead);
    case EventKind::kResponse:
      return count_response(event, ahead);
    case EventKind::kResolution:
      return count_resolution(event, ahead);
    case EventKind::kConnect:
      return count_connect(event, ahead);
    case EventKind::kAccept:
      return count_accept(event, ahead);
    case EventKind::kHint:  // Not an address of the answer section: no part of the pairing.
      if (hosts_) hosts_->told(event, ahead.partition);
      return;
    case EventKind::kCount:
      return;
  }
}

void Shard::keep_matches(const Event& event) noexcept {
  matches_ = {event.order, dataplane::match_ids(event),
              std::min<std::size_t>(event.detail.match.count, dataplane::kMatchIds)};
}

void Shard::count_query(const Event& event, const Ahead& ahead) noexcept {
  DnsTally& dns = window_->dns;
  ++((event.flags & dataplane::kOverTcp) != 0 ? dns.tcp_queries : dns.udp_queries);
  if ((event.flags & dataplane::kMalformed) != 0) ++dns.malformed;
  ++row_of(event, ahead).queries;
  const std::span<const std::uint8_t> name = name_slots_.name_for(event.order);
  if (hosts_) {
    hosts_->query(event, ahead.partition, name);
    if (matches_.count > 0 && matches_.order == event.order)
      hosts_->matched(event, ahead.partition, std::span(matches_.ids).first(matches_.count));
    matches_.count = 0;
  }
  if ((event.flags & dataplane::kNoQuestion) != 0) {
    ++dns.no_question;
    return;
  }
  ++dns.types[event.detail.dns.qtype];
  names_.add(ahead.partition, event.name_hash, name, domains_ ? &*domains_ : nullptr);
}

void Shard::count_mail(const Event& event, const Ahead& ahead) noexcept {
  if (mail_) mail_->mail(event, ahead.partition, name_slots_.name_for(event.order));
}

void Shard::count_log_query(const Event& event, const Ahead& ahead) noexcept {
  if (mail_) mail_->query(event);
  if (logs_alone_) count_query(event, ahead);
}

void Shard::count_response(const Event& event, const Ahead& ahead) noexcept {
  DnsTally& dns = window_->dns;
  const bool over_tcp = (event.flags & dataplane::kOverTcp) != 0;
  ++(over_tcp ? dns.tcp_responses : dns.udp_responses);
  if ((event.flags & dataplane::kMalformed) != 0) ++dns.malformed;
  ++dns.rcodes[event.detail.dns.rcode % kRcodes];

  ClientRow& client = row_of(event, ahead);
  ++client.responses;
  if (event.detail.dns.rcode == kNxdomain) ++client.nxdomain;
  if (hosts_) hosts_->response(event, ahead.partition);

  answer_.order = event.order;
  answer_.client = event.client;
  answer_.pairs = !over_tcp && (event.flags & dataplane::kFromPort53) != 0;
  if (!answer_.pairs) return;
  ++window_->pairing.answers;
  if ((event.flags & (dataplane::kHasA | dataplane::kHasAaaa)) != 0) ++window_->pairing.answers_with_address;
  pairer_.begin_answer();
}

void Shard::count_resolution(const Event& event, const Ahead& ahead) noexcept {
  if (hosts_) hosts_->told(event, ahead.partition);
  const bool of_answer = answer_.pairs && event.order == answer_.order && event.client == answer_.client;
  if (!of_answer) return;
  ++((event.flags & dataplane::kHasA) != 0 ? window_->pairing.a_records : window_->pairing.aaaa_records);
  pairer_.add_address(ahead.partition, key_of(event), ahead.key_hash, event.time_ns, ahead.chain);
}

void Shard::count_connect(const Event& event, const Ahead& ahead) noexcept {
  ClientRow& client = row_of(event, ahead);
  if (is_tcp_syn(event)) {
    count_syn(event, ahead, client);
  } else {
    ++window_->quic_initial;
    ++client.quic;
  }
}

void Shard::count_syn(const Event& event, const Ahead& ahead, ClientRow& client) noexcept {
  const std::size_t port = event.detail.port % kPorts;
  ++window_->syn;
  ++client.connections;
  ++window_->pairing.syn_ports[port];
  const Pairer::Match match =
      pairer_.connect(ahead.partition, key_of(event), ahead.key_hash, event.time_ns, ahead.chain);
  if (hosts_) hosts_->connect(event, ahead.partition, match.paired);
  if (match.following) ++window_->pairing.syns_following;
  if (!match.paired) return;
  ++client.paired;
  ++window_->pairing.paired_ports[port];
  window_->pairing.delays.add(match.delay_ns);
}

void Shard::count_accept(const Event& event, const Ahead& ahead) noexcept {
  if ((event.flags & dataplane::kQuic) != 0) return;
  ++window_->syn_ack;
  if (hosts_) hosts_->accept(event, ahead.partition);
}

ClientRow& Shard::row_of(const Event& event, const Ahead& ahead) noexcept {
  return clients_.row(ahead.partition, event.client, ahead.client_hash, ahead.row);
}

PairKey Shard::key_of(const Event& event) const noexcept {
  return pairer_.key_of(event.client, event.peer);
}

std::uint32_t Shard::local_partition(const wire::Address& client) const noexcept {
  return local_partitions_[partition_of(client, mode_)];
}

}  // namespace aggregator

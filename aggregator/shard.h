// One core's share of the aggregator: from events to counts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "aggregator/client_table.h"
#include "aggregator/host_counter.h"
#include "aggregator/mail_counter.h"
#include "aggregator/name_slots.h"
#include "aggregator/pairing.h"
#include "aggregator/routing.h"
#include "aggregator/shard_window.h"
#include "aggregator/top_domains.h"
#include "aggregator/top_names.h"
#include "dataplane/event.h"

namespace aggregator {

// Capacities are of all partitions together, so that they do not depend on the number of shards.
struct ShardSettings {
  Correlate mode = Correlate::kClient;
  std::int64_t window_ns = 1'000'000'000;  // of the pairing; from 1 to kMaxWindowNs
  unsigned shards = 1;
  std::size_t open_answers = std::size_t{1} << 22;  // 80 bytes each once used; see AnswerLog
  std::size_t clients = std::size_t{1} << 20;       // 77 bytes each once used
  std::size_t names = std::size_t{1} << 17;         // 152 bytes each once used; longer names 128 more
  std::size_t domains = std::size_t{1} << 15;       // as names
  std::shared_ptr<const matchers::PublicSuffixes> suffixes = nullptr;  // null: no domains are counted
  HostSettings hosts = {};  // none of interest: no host is counted by the second
  MailSettings mail = {};   // counted only beside hosts
  // Without a tap, query logs stand for it: their queries are counted as such, and a formed name counts as
  // unresolved.
  bool logs_alone = false;
};

// Owns the partitions p with p % shards = its own number; shard_of() says which events are for it. One
// thread. Only construction, the closes and the first observe() after one allocate, and may throw then; no
// input makes an event cost more than a bounded walk.
class Shard {
 public:
  // Throws std::runtime_error, in a sentence, if the settings are out of bounds or the memory cannot be had.
  explicit Shard(const ShardSettings& settings);

  // Events in capture order, those of one frame in the order made: the kName slots of a query directly before
  // it, the addresses of a response after it. A frame may be divided between two calls.
  void observe(std::span<const dataplane::Event> events);

  // Hands over what was counted since the last close. Answers stay open.
  ShardWindow close();

  // The same but for the names, which are counted on: a ranking of a second costs too much and says too
  // little.
  ShardWindow close_window();

  // Hands over what was counted of hosts since the last close_step(); nothing if none are of interest.
  std::optional<ShardStep> close_step();

 private:
  // Events of one batch: enough for memory to answer between one step and the next, few enough for the lines
  // asked for to stay in the nearest cache.
  static constexpr std::size_t kBatchEvents = 16;
  static constexpr std::size_t kSteps = 4;

  // What an event will need, found before its turn so that its memory is on the way.
  struct Ahead {
    std::uint64_t client_hash;
    std::uint64_t key_hash;
    std::uint32_t partition;
    std::uint32_t row;    // where its client's row probably is
    std::uint32_t chain;  // where its key's answers probably begin
  };
  // Which events of a batch need something, by their place in it.
  struct Needing {
    std::array<std::uint8_t, kBatchEvents> places;
    std::size_t count;

    std::span<const std::uint8_t> all() const noexcept { return {places.data(), count}; }
  };
  struct Batch {
    std::span<const dataplane::Event> events;
    std::array<Ahead, kBatchEvents> ahead;
    Needing rows;
    Needing names;
    Needing keys;
  };
  // The response whose addresses are being read.
  struct CurrentAnswer {
    std::uint64_t order = 0;
    wire::Address client;
    bool pairs = false;  // counts as an answer: over UDP, from port 53
  };

  // What the name of the query that follows has matched.
  struct Matches {
    std::uint64_t order = 0;
    std::array<std::uint32_t, dataplane::kMatchIds> ids{};
    std::size_t count = 0;
  };

  void begin(Batch& batch, std::span<const dataplane::Event> events) const noexcept;
  void prefetch_indexes(Batch& batch) noexcept;
  void prefetch_entries(Batch& batch) noexcept;
  void prefetch_chains(const Batch& batch) noexcept;
  void count(const Batch& batch) noexcept;
  void count(const dataplane::Event& event, const Ahead& ahead) noexcept;
  void keep_matches(const dataplane::Event& event) noexcept;
  void count_query(const dataplane::Event& event, const Ahead& ahead) noexcept;
  void count_mail(const dataplane::Event& event, const Ahead& ahead) noexcept;
  void count_log_query(const dataplane::Event& event, const Ahead& ahead) noexcept;
  void count_response(const dataplane::Event& event, const Ahead& ahead) noexcept;
  void count_resolution(const dataplane::Event& event, const Ahead& ahead) noexcept;
  void count_connect(const dataplane::Event& event, const Ahead& ahead) noexcept;
  void count_syn(const dataplane::Event& event, const Ahead& ahead, ClientRow& client) noexcept;
  void count_accept(const dataplane::Event& event, const Ahead& ahead) noexcept;
  NameTally close_domains();
  ShardWindow& window();
  ClientRow& row_of(const dataplane::Event& event, const Ahead& ahead) noexcept;
  PairKey key_of(const dataplane::Event& event) const noexcept;
  std::uint32_t local_partition(const wire::Address& client) const noexcept;

  Correlate mode_;
  std::array<std::uint8_t, dataplane::kPartitions> local_partitions_{};
  Pairer pairer_;
  ClientTable clients_;
  TopNames names_;
  std::optional<TopDomains> domains_;
  NameSlots name_slots_;
  Matches matches_;
  CurrentAnswer answer_;
  PairingLosses losses_closed_;
  std::array<Batch, kSteps> batches_;
  std::int64_t window_ns_;
  std::optional<ShardWindow> window_;  // none from a close until it is needed
  std::optional<HostCounter> hosts_;
  std::optional<MailCounter> mail_;
  bool logs_alone_;
};

}  // namespace aggregator

// Which DNS answer a connection follows (Rikitake et al. 2003): DESIGN section 3, "pairing".
#pragma once

#include <cstddef>
#include <cstdint>

#include "aggregator/answer_log.h"
#include "aggregator/hash_index.h"
#include "aggregator/keyed_hash.h"
#include "aggregator/summary.h"

namespace aggregator {

struct PairingSettings {
  Correlate mode = Correlate::kClient;
  std::int64_t window_ns = 1'000'000'000;
  unsigned partitions = 1;
  std::size_t answers_per_partition = AnswerLog::kBlockAnswers;  // addresses of open answers, in fact
};

// Open answers given up within their window; an answer counts once for each address lost.
struct PairingLosses {
  std::uint64_t pushed_out = 0;  // by kMaxAnswersPerKey
  std::uint64_t evicted = 0;     // by the partition's capacity
};

// A SYN satisfies an answer that stands before it in capture order, was sent to its client (by client only),
// holds its destination, and is from 0 to window_ns older; both ends included. It is given to the oldest such
// answer that has no SYN yet. Time may go back: order decides who is older, time who is within the window.
//
// Exact as long as nothing is lost, and what is lost is counted; except where time goes back by kDisorderNs
// more than it ever did before in the partition. One thread; nothing is allocated after construction.
inline constexpr std::uint32_t kMaxAnswersPerKey = 255;  // bounds a walk; fits OpenAnswer::length
inline constexpr std::int64_t kDisorderNs = 100'000'000;

class Pairer {
 public:
  struct Match {
    bool following = false;     // satisfies an answer, taken or not
    bool paired = false;        // was given to an answer
    std::int64_t delay_ns = 0;  // since that answer
  };

  explicit Pairer(const PairingSettings& settings);

  PairKey key_of(const wire::Address& client, const wire::Address& address) const noexcept {
    return {by_client_ ? client : wire::Address{}, address};
  }
  std::uint64_t hash_of(const PairKey& key) const noexcept { return hash_(key.client, key.address); }

  // Three steps of looking ahead, each some time after the one before. The second says where the key's
  // answers probably begin.
  void prefetch_index(std::uint64_t hash) const noexcept { index_.prefetch(hash); }
  std::uint32_t prefetch_oldest(std::uint64_t hash) noexcept;
  void prefetch_chain(std::uint32_t likely) noexcept;
  void prefetch_chain(std::uint64_t hash) = delete;

  // The addresses that follow belong to a new answer.
  void begin_answer() noexcept { answer_begins_ = true; }
  // An address of the answer begun last; one that is repeated in it counts once. `likely` must be what
  // prefetch_oldest() said, now or before, of this key or another.
  void add_address(unsigned partition, const PairKey& key, std::uint64_t hash, std::int64_t time_ns,
                   std::uint32_t likely = HashIndex::kNone) noexcept;
  Match connect(unsigned partition, const PairKey& key, std::uint64_t hash, std::int64_t time_ns,
                std::uint32_t likely = HashIndex::kNone) noexcept;

  const PairingLosses& losses() const noexcept { return losses_; }
  std::size_t keys() const noexcept { return index_.size(); }
  std::size_t bytes() const noexcept { return log_.bytes() + index_.bytes(); }

 private:
  std::uint32_t find(const PairKey& key, std::uint64_t hash, std::uint32_t likely) noexcept;
  std::uint32_t claim_place(unsigned partition, std::int64_t time_ns) noexcept;
  static void begin_chain(OpenAnswer& answer, std::uint32_t place, bool begins) noexcept;
  void prefetch_upcoming(unsigned partition) noexcept;
  void append(std::uint32_t oldest, std::uint32_t place, std::uint64_t hash) noexcept;
  void unlink_oldest(std::uint32_t oldest, std::uint64_t hash) noexcept;
  bool within_window(const OpenAnswer& answer, std::int64_t time_ns) const noexcept;
  bool expired(const OpenAnswer& answer, std::int64_t time_ns) const noexcept;
  Match match_in_order(OpenAnswer& chain, std::int64_t time_ns) noexcept;
  Match match_any_order(std::uint32_t oldest, std::int64_t time_ns) noexcept;
  Match take(std::uint32_t place, std::int64_t time_ns) noexcept;

  bool by_client_;
  std::int64_t window_ns_;
  bool answer_begins_ = false;
  PairingLosses losses_;
  KeyedHash hash_;
  AnswerLog log_;
  HashIndex index_;
  HugeArray<std::uint32_t> answers_begun_;  // by partition
  std::uint32_t places_ahead_;
};

}  // namespace aggregator

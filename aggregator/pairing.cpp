#include "aggregator/pairing.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "aggregator/prefetch.h"

namespace aggregator {
namespace {

// How many claims of a partition go by until a place asked for is needed: few where the partitions take
// turns, more where there is only one.
constexpr std::uint32_t kClaimsAhead = 16;
constexpr std::uint32_t kMinPlacesAhead = 4;

constexpr std::int64_t kNeverNs = std::numeric_limits<std::int64_t>::min();

}  // namespace

Pairer::Pairer(const PairingSettings& settings)
    : by_client_(settings.mode == Correlate::kClient),
      window_ns_(settings.window_ns),
      log_(settings.partitions, settings.answers_per_partition, settings.window_ns + kDisorderNs),
      index_(log_.capacity()),
      answers_begun_(settings.partitions),
      places_ahead_(std::max(kClaimsAhead / settings.partitions, kMinPlacesAhead)) {}

std::uint32_t Pairer::prefetch_oldest(std::uint64_t hash) noexcept {
  const std::uint32_t place = index_.candidate(hash);
  prefetch_to_write(&log_[place_or_first(place, HashIndex::kNone)]);
  return place;
}

void Pairer::prefetch_chain(std::uint32_t likely) noexcept {
  const OpenAnswer& chain = log_[place_or_first(likely, HashIndex::kNone)];
  prefetch_to_write(&log_[chain.newest]);
  prefetch_to_write(&log_[place_or_first(chain.start, kNoAnswer)]);
}

void Pairer::add_address(unsigned partition, const PairKey& key, std::uint64_t hash, std::int64_t time_ns,
                         std::uint32_t likely) noexcept {
  log_.note_time(partition, time_ns);
  const bool begins = std::exchange(answer_begins_, false);
  answers_begun_[partition] += begins;
  const std::uint32_t number = answers_begun_[partition];

  std::uint32_t oldest = find(key, hash, likely);
  const bool repeated = oldest != HashIndex::kNone && log_[log_[oldest].newest].number == number;
  if (repeated) return;

  const std::uint32_t place = claim_place(partition, time_ns);
  if (oldest == place) oldest = find(key, hash, likely);  // The entry that made room was of this very key.
  begin_chain(log_[place], place, begins);
  log_[place].key.client = key.client;  // one by one, as the key was just put together
  log_[place].key.address = key.address;
  log_[place].time_ns = time_ns;
  log_[place].number = number;
  if (!begins) log_[log_.before(place)].goes_on = 1;
  if (oldest == HashIndex::kNone) {
    index_.insert(hash, place);
  } else {
    append(oldest, place, hash);
  }
}

Pairer::Match Pairer::connect(unsigned partition, const PairKey& key, std::uint64_t hash,
                              std::int64_t time_ns, std::uint32_t likely) noexcept {
  log_.note_time(partition, time_ns);
  const std::uint32_t oldest = find(key, hash, likely);
  if (oldest == HashIndex::kNone) return {};
  OpenAnswer& chain = log_[oldest];
  const bool in_order =
      chain.newest_is_latest != 0 && time_ns >= log_[chain.newest].time_ns && time_ns >= chain.skipped_at_ns;
  return in_order ? match_in_order(chain, time_ns) : match_any_order(oldest, time_ns);
}

// An outdated place does no harm: of a key's entries only the one that the index knows is marked as the
// oldest.
std::uint32_t Pairer::find(const PairKey& key, std::uint64_t hash, std::uint32_t likely) noexcept {
  if (likely != HashIndex::kNone && log_[likely].oldest != 0 && log_[likely].key == key) return likely;
  return index_.find(hash, [&](std::uint32_t place) { return log_[place].key == key; });
}

// The next place of the partition's log, with what was there before given up.
std::uint32_t Pairer::claim_place(unsigned partition, std::int64_t time_ns) noexcept {
  const std::uint32_t place = log_.next_place(partition, time_ns);
  const OpenAnswer& old = log_[place];
  if (old.linked != 0) {
    if (old.taken == 0 && !expired(old, time_ns)) ++losses_.evicted;
    unlink_oldest(place, hash_of(old.key));
  }
  prefetch_upcoming(partition);
  return place;
}

// A chain of one. Field by field: an entry built elsewhere and copied stalls on its own stores, as does a
// word read of which a part was just written.
void Pairer::begin_chain(OpenAnswer& answer, std::uint32_t place, bool begins) noexcept {
  answer.skipped_at_ns = kNeverNs;
  answer.newer = kNoAnswer;
  answer.linked = 1;
  answer.taken = 0;
  answer.oldest = 1;
  answer.newest_is_latest = 1;
  answer.begins = begins;
  answer.goes_on = 0;
  answer.unused = 0;
  answer.newest = place;
  answer.length = 1;
  answer.start = place;
}

// What later claims will touch: first the entries that make room, then what unlinking these needs.
void Pairer::prefetch_upcoming(unsigned partition) noexcept {
  prefetch_to_write(&log_[log_.upcoming(partition, places_ahead_)]);
  const OpenAnswer& old = log_[log_.upcoming(partition, places_ahead_ / 2)];
  if (old.linked == 0) return;
  index_.prefetch(hash_of(old.key));
  prefetch_to_write(&log_[place_or_first(old.newer, kNoAnswer)]);
}

void Pairer::append(std::uint32_t oldest, std::uint32_t place, std::uint64_t hash) noexcept {
  if (log_[oldest].length == kMaxAnswersPerKey) {
    const OpenAnswer& old = log_[oldest];
    if (old.taken == 0 && !expired(old, log_[place].time_ns)) ++losses_.pushed_out;
    const std::uint32_t second = old.newer;
    unlink_oldest(oldest, hash);
    oldest = second;
  }
  OpenAnswer& chain = log_[oldest];
  OpenAnswer& newest = log_[chain.newest];
  if (log_[place].time_ns < newest.time_ns) chain.newest_is_latest = 0;
  log_[place].oldest = 0;
  newest.newer = place;
  chain.newest = place;
  chain.length = chain.length + 1;
  if (chain.start == kNoAnswer) chain.start = place;
}

// The second of the chain becomes its oldest. Nothing but the oldest is ever unlinked: arrival order is the
// order of the chain and the order in which a partition's places come round.
void Pairer::unlink_oldest(std::uint32_t oldest, std::uint64_t hash) noexcept {
  OpenAnswer& old = log_[oldest];
  const std::uint32_t second = old.newer;  // read before bits beside it are written
  old.linked = 0;
  old.oldest = 0;
  if (second == kNoAnswer) {
    index_.erase(hash, oldest);
    return;
  }
  OpenAnswer& chain = log_[second];
  chain.oldest = 1;
  chain.skipped_at_ns = old.skipped_at_ns;
  chain.newest_is_latest = old.newest_is_latest;
  chain.newest = old.newest;
  chain.length = old.length - 1;
  chain.start = old.start == oldest ? second : old.start;
  index_.move(hash, oldest, second);
}

bool Pairer::within_window(const OpenAnswer& answer, std::int64_t time_ns) const noexcept {
  return time_ns >= answer.time_ns && !expired(answer, time_ns);
}

bool Pairer::expired(const OpenAnswer& answer, std::int64_t time_ns) const noexcept {
  return time_ns > answer.time_ns &&
         nanoseconds_between(answer.time_ns, time_ns) > static_cast<std::uint64_t>(window_ns_);
}

// The ordinary case: no answer of the chain is later than the SYN, so those not expired are satisfied, and
// what the SYN before skipped can be skipped again. Each answer is passed once.
Pairer::Match Pairer::match_in_order(OpenAnswer& chain, std::int64_t time_ns) noexcept {
  if (expired(log_[chain.newest], time_ns)) return {};
  std::uint32_t place = chain.start;
  while (place != kNoAnswer && (log_[place].taken != 0 || expired(log_[place], time_ns))) {
    if (log_[place].taken == 0) chain.skipped_at_ns = time_ns;
    place = log_[place].newer;
  }
  chain.start = place;
  if (place == kNoAnswer) return {.following = true};
  return take(place, time_ns);
}

// Time went back somewhere: looks at all of the chain, and finds out whether it is in order again.
Pairer::Match Pairer::match_any_order(std::uint32_t oldest, std::int64_t time_ns) noexcept {
  std::uint32_t open = kNoAnswer;
  bool following = false;
  std::int64_t latest_ns = kNeverNs;
  for (std::uint32_t place = oldest; place != kNoAnswer; place = log_[place].newer) {
    const OpenAnswer& answer = log_[place];
    latest_ns = std::max(latest_ns, answer.time_ns);
    if (!within_window(answer, time_ns)) continue;
    following = true;
    if (open == kNoAnswer && answer.taken == 0) open = place;
  }
  OpenAnswer& chain = log_[oldest];
  chain.newest_is_latest = latest_ns == log_[chain.newest].time_ns;
  chain.start = oldest;
  chain.skipped_at_ns = kNeverNs;
  if (open == kNoAnswer) return {.following = following};
  return take(open, time_ns);
}

// An answer with several addresses is taken once for all of them. Its entries are neighbours; those of others
// are not looked at.
Pairer::Match Pairer::take(std::uint32_t place, std::int64_t time_ns) noexcept {
  const std::uint32_t number = log_[place].number;
  log_[place].taken = 1;
  const auto takes = [&](std::uint32_t at) { return log_[at].number == number && log_[at].taken == 0; };
  if (log_[place].begins == 0)
    for (std::uint32_t at = log_.before(place); takes(at); at = log_.before(at)) log_[at].taken = 1;
  if (log_[place].goes_on != 0)
    for (std::uint32_t at = log_.after(place); takes(at); at = log_.after(at)) log_[at].taken = 1;
  return {.following = true,
          .paired = true,
          .delay_ns = static_cast<std::int64_t>(nanoseconds_between(log_[place].time_ns, time_ns))};
}

}  // namespace aggregator

#include "dataplane/ledger.h"

namespace dataplane {
namespace {

template <std::size_t N>
void add(std::array<std::uint64_t, N>& to, const std::array<std::uint64_t, N>& from) noexcept {
  for (std::size_t i = 0; i < N; ++i) to[i] += from[i];
}

}  // namespace

Ledger& Ledger::operator+=(const Ledger& other) noexcept {
  frames += other.frames;
  bytes += other.bytes;
  captured_bytes += other.captured_bytes;
  first_ns = std::min(first_ns, other.first_ns);
  last_ns = std::max(last_ns, other.last_ns);
  time_went_back += other.time_went_back;
  late += other.late;
  bad_checksum += other.bad_checksum;
  add(verdicts, other.verdicts);
  add(events, other.events);
  ring_full += other.ring_full;
  add(dns_faults, other.dns_faults);
  fragments_evicted += other.fragments_evicted;
  dns_streams_evicted += other.dns_streams_evicted;
  dns_bytes_lost += other.dns_bytes_lost;
  duplicates_forgotten += other.duplicates_forgotten;
  return *this;
}

}  // namespace dataplane

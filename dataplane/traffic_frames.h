// Generated frames in packet buffers of DPDK.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "dataplane/traffic/trace.h"

struct rte_mbuf;
struct rte_mempool;

namespace dataplane {

struct TrafficSettings {
  traffic::Mix mix = traffic::Mix::kCoreMix;
  std::uint32_t plain_size = traffic::kSmallestFrame;  // of the mix kPlain
  std::uint64_t seed = traffic::kDefaultSeed;
  // Lent: a buffer is given the octets of the next frame when it is taken, of payload the first 128; that is
  // not for sending. Else each buffer has a frame of its own, whole.
  bool lent = true;
  // Of each queue. Lent ones take up more than a second-level cache and less than a third-level one, which is
  // where a NIC leaves what it receives.
  std::size_t frames = 100'000;

  // As many as a NIC with 4096 descriptors has in use.
  static constexpr std::size_t kLentBuffers = 4607;
};

// One thread takes, one gives back by freeing: it is the same or another. The buffers are handed out in the
// order in which they came back, and the sources of a flood are new each time.
class TrafficFrames {
 public:
  // Throws std::runtime_error, in a sentence.
  explicit TrafficFrames(const TrafficSettings& settings);
  ~TrafficFrames();
  TrafficFrames(const TrafficFrames&) = delete;
  TrafficFrames& operator=(const TrafficFrames&) = delete;

  // All or nothing: false if not so many have come back.
  bool take(std::span<rte_mbuf*> frames) noexcept;

  // What a frame takes on the wire on average, without the frame check sequence.
  double mean_octets() const noexcept { return mean_octets_; }

 private:
  struct Lent {
    std::uint32_t at;  // in octets_
    std::uint16_t length;
    std::uint16_t wire_length;
  };
  struct Free {
    void operator()(std::uint8_t* octets) const noexcept { std::free(octets); }
  };

  void make_lent(const TrafficSettings& settings);
  void fill_buffers(const TrafficSettings& settings);
  void lend(rte_mbuf& buffer) noexcept;
  void vary(rte_mbuf& buffer) noexcept;

  rte_mempool* pool_ = nullptr;
  std::unique_ptr<std::uint8_t[], Free> octets_;
  std::vector<Lent> lent_;
  std::size_t next_ = 0;  // of them
  bool is_flood_;
  std::uint32_t next_source_ = 0;
  double mean_octets_ = 0;
};

// What the pools of so many queues take, in bytes.
std::uint64_t traffic_bytes(const TrafficSettings& settings, std::uint64_t queues);

}  // namespace dataplane

// A port's RX queue: packet buffers of every shape become frames, and go back to where they came from.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "dataplane/eal.h"
#include "dataplane/memory_traffic.h"
#include "dataplane/port.h"
#include "dataplane/port_queue.h"

namespace tests {
namespace {

constexpr unsigned kBuffers = 127;

// DPDK starts once in a process, with all its devices.
class Dpdk : public testing::Environment {
 public:
  void SetUp() override {
    const std::vector<dataplane::PortSettings> settings = {dataplane::memory_port_settings(0, 1)};
    const std::vector<dataplane::Device> devices = dataplane::devices_of(settings);
    eal_ = std::make_unique<dataplane::Eal>(dataplane::EalSettings{
        .devices = devices, .hugepages = false, .memory_bytes = std::uint64_t{64} << 20});
    port_ = std::make_unique<dataplane::Port>(settings[0], devices[0]);
  }
  void TearDown() override {
    port_.reset();
    eal_.reset();
  }
  static dataplane::Port& port() { return *port_; }

 private:
  static inline std::unique_ptr<dataplane::Eal> eal_;
  static inline std::unique_ptr<dataplane::Port> port_;
};
const auto* const kDpdk = testing::AddGlobalTestEnvironment(new Dpdk);

class Pool {
 public:
  explicit Pool(const char* name)
      : pool_(rte_pktmbuf_pool_create(name, kBuffers, 0, 0, 2048, SOCKET_ID_ANY)) {}
  ~Pool() { rte_mempool_free(pool_); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  unsigned out() const { return rte_mempool_in_use_count(pool_); }
  rte_mempool* get() const { return pool_; }
  rte_mbuf* with(const std::string& octets) const {
    rte_mbuf* const buffer = rte_pktmbuf_alloc(pool_);
    std::memcpy(rte_pktmbuf_append(buffer, static_cast<std::uint16_t>(octets.size())), octets.data(),
                octets.size());
    return buffer;
  }

 private:
  rte_mempool* pool_;
};

class PortQueueTest : public testing::Test, public dataplane::PortQueue::OnWindow {
 protected:
  void SetUp() override { callback_ = rte_eth_add_rx_callback(Dpdk::port().id(), 0, hand_over, this); }
  void TearDown() override { rte_eth_remove_rx_callback(Dpdk::port().id(), 0, callback_); }

  void window_begins(std::uint64_t) noexcept override {}

  // What the queue hands out of these buffers, in as many bursts as it likes.
  std::vector<std::string> received(const std::vector<rte_mbuf*>& buffers) {
    waiting_ = buffers;
    std::vector<std::string> frames;
    while (frames.size() < buffers.size()) {
      for (const wire::Frame& frame : queue_.receive()) {
        frames.emplace_back(reinterpret_cast<const char*>(frame.bytes), frame.length);
        EXPECT_EQ(frame.wire_length, frame.length);
        EXPECT_GT(frame.order, last_order_);
        last_order_ = frame.order;
      }
    }
    queue_.receive();  // gives the last ones back
    return frames;
  }

  Pool pool_{"first"};
  Pool other_{"other"};

 private:
  static std::uint16_t hand_over(std::uint16_t, std::uint16_t, rte_mbuf** buffers, std::uint16_t,
                                 std::uint16_t most, void* test) {
    std::vector<rte_mbuf*>& waiting = static_cast<PortQueueTest*>(test)->waiting_;
    const auto count = std::min<std::size_t>(most, waiting.size());
    std::copy_n(waiting.begin(), count, buffers);
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
    return static_cast<std::uint16_t>(count);
  }

  std::vector<rte_mbuf*> waiting_;
  std::uint64_t last_order_ = 0;
  const rte_eth_rxtx_callback* callback_ = nullptr;
  std::atomic<bool> stop_{false};
  dataplane::PortQueue queue_{Dpdk::port(), 0, stop_, *this};
};

TEST_F(PortQueueTest, BuffersComeBackToTheirPool) {
  std::vector<rte_mbuf*> buffers;
  std::vector<std::string> octets;
  for (unsigned i = 0; i < kBuffers; ++i) {
    octets.push_back("frame " + std::to_string(i));
    buffers.push_back(pool_.with(octets.back()));
  }
  EXPECT_EQ(pool_.out(), kBuffers);
  EXPECT_EQ(received(buffers), octets);
  EXPECT_EQ(pool_.out(), 0);
}

TEST_F(PortQueueTest, SoDoThoseOfSeveralPools) {
  EXPECT_EQ(received({pool_.with("first"), other_.with("other"), pool_.with("last")}),
            (std::vector<std::string>{"first", "other", "last"}));
  EXPECT_EQ(pool_.out(), 0);
  EXPECT_EQ(other_.out(), 0);
}

TEST_F(PortQueueTest, AFrameInPartsIsPutTogether) {
  rte_mbuf* const in_parts = pool_.with("a frame ");
  rte_pktmbuf_chain(in_parts, pool_.with("in two, "));
  rte_pktmbuf_chain(in_parts, pool_.with("no, three"));
  EXPECT_EQ(received({pool_.with("whole"), in_parts}),
            (std::vector<std::string>{"whole", "a frame in two, no, three"}));
  EXPECT_EQ(pool_.out(), 0);
}

TEST_F(PortQueueTest, WhatSomebodyElseHoldsTooStaysHis) {
  rte_mbuf* const shared = pool_.with("shared");
  rte_mbuf_refcnt_update(shared, 1);
  EXPECT_EQ(received({pool_.with("alone"), shared}), (std::vector<std::string>{"alone", "shared"}));
  EXPECT_EQ(pool_.out(), 1);
  rte_pktmbuf_free(shared);
  EXPECT_EQ(pool_.out(), 0);
}

TEST_F(PortQueueTest, AnothersOctetsAreGivenBackToHim) {
  rte_mbuf* const shared = pool_.with("shared");
  rte_mbuf* const clone = rte_pktmbuf_clone(shared, other_.get());
  rte_pktmbuf_free(shared);
  EXPECT_EQ(received({clone}), std::vector<std::string>{"shared"});
  EXPECT_EQ(pool_.out(), 0);
  EXPECT_EQ(other_.out(), 0);
}

}  // namespace
}  // namespace tests

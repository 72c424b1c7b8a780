// The frames of interest leave a worker through a ring of octets: each whole and in order, or counted as
// dropped.
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "dataplane/capture_source.h"
#include "dataplane/frame_tap.h"
#include "dataplane/worker.h"
#include "tests/support/captures.h"
#include "tests/support/frame_copy.h"
#include "tests/support/packet_builder.h"
#include "tests/support/worker_run.h"

namespace tests {
namespace {

using dataplane::FrameRing;
using dataplane::FrameTap;
using wire::Verdict;

// Its octets follow from its number, so that a mixture of two would show.
Bytes octets_of(std::uint64_t number, std::size_t length) {
  Bytes octets(length);
  for (std::size_t i = 0; i < length; ++i) octets[i] = static_cast<std::uint8_t>(number * 31 + i);
  return octets;
}

wire::Frame frame_of(std::uint64_t number, const Bytes& octets) {
  return {octets.data(),
          static_cast<std::uint32_t>(octets.size()),
          static_cast<std::uint32_t>(octets.size() + 4),
          static_cast<std::int64_t>(number),
          0,
          wire::LinkType::kEthernet};
}

TEST(FrameRing, WhatIsNotPublishedIsNotSeen) {
  FrameRing ring(4096);
  const Bytes octets = octets_of(1, 60);
  ASSERT_TRUE(ring.push(frame_of(1, octets), 2048));
  EXPECT_EQ(ring.drain(1 << 20, [](const wire::Frame&) { FAIL(); }), 0U);
  ring.publish();
  EXPECT_EQ(ring.drain(1 << 20, [&](const wire::Frame& frame) { EXPECT_EQ(copy_of(frame).bytes, octets); }),
            1U);
}

TEST(FrameRing, KeepsNoMoreOfAFrameThanTheSnapLengthAndItsLengthOnTheWire) {
  FrameRing ring(4096);
  const Bytes octets = octets_of(1, 300);
  ASSERT_TRUE(ring.push(frame_of(1, octets), 99));
  ring.publish();
  ring.drain(1 << 20, [&](const wire::Frame& frame) {
    EXPECT_EQ(frame.length, 99U);
    EXPECT_EQ(frame.wire_length, 304U);
    EXPECT_EQ(copy_of(frame).bytes, Bytes(octets.begin(), octets.begin() + 99));
  });
}

// Lengths of all kinds go round and round, with a reader who is at times behind.
TEST(FrameRing, ComesOutAsItWentInOrNotAtAll) {
  constexpr std::uint64_t kFrames = 50'000;
  FrameRing ring(16384);
  std::vector<bool> pushed(kFrames);
  std::vector<std::size_t> lengths(kFrames);
  std::atomic<bool> ended{false};
  std::jthread writer([&] {
    std::mt19937_64 random(1);
    for (std::uint64_t number = 0; number < kFrames; ++number) {
      const Bytes octets = octets_of(number, lengths[number] = random() % 1600);
      pushed[number] = ring.push(frame_of(number, octets), 1500);
      if (random() % 8 == 0) ring.publish();
      if (random() % 64 == 0) std::this_thread::yield();
    }
    ring.publish();
    ended = true;
  });
  std::vector<FrameCopy> read;
  const auto drain = [&] {
    return ring.drain(4000, [&](const wire::Frame& frame) { read.push_back(copy_of(frame)); });
  };
  for (bool more = true; more; more = !ended) drain();
  writer.join();
  while (drain() > 0) continue;
  std::size_t at = 0, dropped = 0;
  for (std::uint64_t number = 0; number < kFrames; ++number) {
    const std::size_t length = lengths[number];
    if (!pushed[number]) {
      ++dropped;
      continue;
    }
    ASSERT_LT(at, read.size());
    Bytes expected = octets_of(number, length);
    expected.resize(std::min<std::size_t>(length, 1500));
    ASSERT_EQ(read[at].time_ns, static_cast<std::int64_t>(number));
    ASSERT_EQ(read[at++].bytes, expected) << number;
  }
  EXPECT_EQ(at, read.size());
  EXPECT_GT(dropped, 0U) << "the reader rested while the ring was full";
}

TEST(FrameTap, MustHoldTwoFrames) {
  EXPECT_THROW(FrameTap({.ring_bytes = 4096, .snap_length = 2048, .on = false}), std::invalid_argument);
  EXPECT_THROW(FrameTap({.ring_bytes = 10'000, .snap_length = 100, .on = false}), std::invalid_argument);
}

std::string capture() {
  return (source_root() / "tests/fixtures/d_sessions/suri_browse_tls.pcap").string();
}

// A worker over the capture; what came through its tap.
struct Tapped {
  explicit Tapped(std::size_t ring_bytes, bool on = true)
      : tap({.ring_bytes = ring_bytes, .snap_length = 2000, .on = on}) {
    dataplane::CaptureReader reader({capture()});
    dataplane::CaptureSource source(reader);
    dataplane::EventRing ring(256);
    DrainInto discard([](std::span<const dataplane::Event>) {});
    dataplane::Outlet outlet({&ring}, dataplane::Routing::kToFirst, discard);
    dataplane::Worker worker(source, outlet, dataplane::ObserverSettings{}, 0, {.spool = &tap});
    while (worker.poll_once()) discard.make_room(ring);
    ledger = worker.ledger();
    tap.drain(std::size_t{1} << 30, [&](const wire::Frame& frame) { frames.push_back(copy_of(frame)); });
  }

  std::uint64_t of_interest() const {
    std::uint64_t count = 0;
    for (std::size_t v = 0; v < wire::kVerdicts; ++v) {
      if (dataplane::is_dns_or_syn(static_cast<Verdict>(v))) count += ledger.verdicts[v];
    }
    return count;
  }

  FrameTap tap;
  dataplane::Ledger ledger;
  std::vector<FrameCopy> frames;
};

TEST(FrameTap, TakesTheFramesOfDnsAndSynAndNoOthers) {
  const Tapped tapped(1 << 22);
  EXPECT_GT(tapped.ledger[Verdict::kDns], 0U);
  EXPECT_GT(tapped.ledger[Verdict::kSyn], 0U);
  EXPECT_GT(tapped.ledger.frames, tapped.of_interest());
  EXPECT_EQ(tapped.frames.size(), tapped.of_interest());
  EXPECT_EQ(tapped.tap.offered(), tapped.of_interest());
  EXPECT_EQ(tapped.tap.dropped(), 0U);
  for (const FrameCopy& frame : tapped.frames) {
    wire::Packet packet;
    const wire::Frame seen = {frame.bytes.data(),
                              static_cast<std::uint32_t>(frame.bytes.size()),
                              frame.wire_length,
                              frame.time_ns,
                              0,
                              frame.link};
    EXPECT_TRUE(dataplane::is_dns_or_syn(wire::decode(seen, packet)));
  }
}

TEST(FrameTap, FullItCountsWhatItDropsAndTheWorkersBooksDoNotChange) {
  const Tapped all(1 << 22), few(1 << 12);
  EXPECT_GT(few.tap.dropped(), 0U);
  EXPECT_EQ(few.tap.offered(), few.of_interest());
  EXPECT_EQ(few.frames.size() + few.tap.dropped(), few.tap.offered());
  EXPECT_EQ(few.ledger.verdicts, all.ledger.verdicts);
}

TEST(FrameTap, TurnedOffItTakesNothing) {
  const Tapped tapped(1 << 22, false);
  EXPECT_EQ(tapped.tap.offered(), 0U);
  EXPECT_TRUE(tapped.frames.empty());
  EXPECT_GT(tapped.of_interest(), 0U);
}

}  // namespace
}  // namespace tests

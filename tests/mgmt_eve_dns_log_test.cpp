// The thread that reads the frames of the workers' taps again, and what the event logs have of it in the end.
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "dataplane/capture_reader.h"
#include "dataplane/capture_source.h"
#include "dataplane/frame_tap.h"
#include "dataplane/worker.h"
#include "mgmt/eve/dns_log.h"
#include "mgmt/eve/event_output.h"
#include "tests/support/captures.h"
#include "tests/support/host_capture.h"
#include "tests/support/program.h"
#include "tests/support/worker_run.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr std::int64_t kAtNs = 1'795'329'600'123'456'789;

// Of the one file that was opened as `path`, closed.
std::vector<json> events_in(const std::filesystem::path& path) {
  std::vector<json> events;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path())) {
    if (!entry.path().filename().string().starts_with(path.stem().string() + "-2")) continue;
    std::istringstream lines(contents_of(entry.path().string()));
    for (std::string line; std::getline(lines, line);) events.push_back(json::parse(line));
  }
  return events;
}

class EveDnsLog : public testing::Test {
 protected:
  static constexpr std::size_t kQueue = 1 << 16;

  mgmt::EventLogSettings file(const std::string& name, std::uint64_t queue = kQueue) const {
    mgmt::EventLogSettings settings;
    settings.path = scratch_.path(name);
    settings.queue = queue;
    return settings;
  }

  static void offer(dataplane::FrameTap& tap, const Bytes& frame, wire::Verdict verdict) {
    tap.offer({frame.data(), static_cast<std::uint32_t>(frame.size()),
               static_cast<std::uint32_t>(frame.size()), kAtNs, 0, wire::LinkType::kEthernet},
              verdict);
  }

  static std::chrono::steady_clock::time_point soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(30);
  }

  std::vector<json> written(const std::string& name) const { return events_in(scratch_.path(name)); }

  ScratchDirectory scratch_;
};

TEST_F(EveDnsLog, TellsEveryLogOfEveryMessageInItsOrder) {
  constexpr int kMessages = 300;
  mgmt::EventOutput one(file("a.json"), "box"), two(file("b.json"), "box");
  dataplane::FrameTap tap({.interest = dataplane::FrameInterest::kDns, .on = true}), idle({});
  mgmt::DnsLog log({{&tap, &idle}, {}, {}}, {&one, &two}, {}, "box");
  for (int i = 0; i < kMessages; ++i) {
    offer(tap, frame_bytes(query_packet(host(10), host(53), "n" + std::to_string(i) + ".example.com")),
          wire::Verdict::kDns);
    offer(tap, Bytes(60, 0), wire::Verdict::kSyn);
    tap.publish();
  }
  log.end(soon());
  for (mgmt::EventOutput* output : {&one, &two}) {
    output->end();
    output->finish(soon());
    EXPECT_EQ(output->state().lost, 0U);
  }
  const std::vector<json> events = written("a.json");
  ASSERT_EQ(events.size(), kMessages);
  for (int i = 0; i < kMessages; ++i)
    EXPECT_EQ(events[static_cast<std::size_t>(i)]["dns"]["rrname"], "n" + std::to_string(i) + ".example.com");
  EXPECT_EQ(events, written("b.json"));
}

// Of a tap that overflows, of a log whose queue is full, of an end that came too late: all are counted.
TEST_F(EveDnsLog, WhatIsNotToldIsCountedAndLeavesRoomForAlerts) {
  const Bytes frame = frame_bytes(query_packet(host(10), host(53), "example.com"));
  mgmt::EventOutput hanging(
      [&] {
        mgmt::EventLogSettings settings;
        settings.type = mgmt::EventLogType::kUnix;
        settings.path = scratch_.path("nobody");
        settings.queue = 16;
        return settings;
      }(),
      "box");
  dataplane::FrameTap tap(
      {.interest = dataplane::FrameInterest::kDns, .ring_bytes = 4096, .snap_length = 512, .on = true});
  for (int i = 0; i < 1000; ++i) offer(tap, frame, wire::Verdict::kDns);
  tap.publish();
  EXPECT_GT(tap.dropped(), 0U);
  {
    mgmt::DnsLog log({{&tap}, {}, {}}, {&hanging}, {}, "box");
    log.end(soon());
  }
  EXPECT_EQ(hanging.state().lost, 1000U - 14);
  const auto alert = std::make_shared<const mgmt::EventRecord>(
      mgmt::EventRecord{mgmt::EventType::kAlert, mgmt::Urgency::kCritical, kAtNs, "{}"});
  hanging.offer(alert);
  hanging.offer(alert);
  EXPECT_EQ(hanging.state().lost, 1000U - 14);
  hanging.end();
  hanging.finish(std::chrono::steady_clock::now());
  EXPECT_EQ(hanging.state().lost, 1002U);
}

TEST_F(EveDnsLog, WhatIsLeftWhenThereIsNoTimeIsCounted) {
  const Bytes frame = frame_bytes(query_packet(host(10), host(53), "example.com"));
  mgmt::EventOutput output(file("a.json"), "box");
  dataplane::FrameTap tap({.interest = dataplane::FrameInterest::kDns, .on = true});
  for (int i = 0; i < 50'000; ++i) offer(tap, frame, wire::Verdict::kDns);
  tap.publish();
  const std::uint64_t taken = tap.offered() - tap.dropped();
  {
    mgmt::DnsLog log({{&tap}, {}, {}}, {&output}, {}, "box");
    log.end(std::chrono::steady_clock::now() - std::chrono::seconds(1));
  }
  output.end();
  output.finish(soon());
  EXPECT_EQ(output.state().written + output.state().lost, taken + tap.dropped());
}

// Halves of messages that had to make room for others'.
TEST_F(EveDnsLog, StreamsThatAreForgottenAreCounted) {
  mgmt::EventOutput output(file("a.json"), "box");
  dataplane::FrameTap tap({.interest = dataplane::FrameInterest::kDns, .on = true});
  mgmt::DnsFrames frames = {{&tap}, {}, {}};
  frames.streams.streams = 64;
  for (std::uint32_t client = 0; client < 1000; ++client) {
    const Bytes half = Bytes{0, 40, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0} + Bytes{3, 'w', 'w', 'w'};
    const Bytes header = be16(40'000) + be16(53) + zeros(8) + Bytes{0x50, 0x18} + zeros(6);
    offer(tap, frame_bytes(ipv4(kTcp, to_text(host(client)), to_text(host(53)), header + half)),
          wire::Verdict::kDnsSegment);
  }
  tap.publish();
  {
    mgmt::DnsLog log(frames, {&output}, {}, "box");
    log.end(soon());
  }
  output.end();
  output.finish(soon());
  EXPECT_EQ(tap.dropped(), 0U);
  EXPECT_GE(output.state().lost, 900U);
  EXPECT_EQ(output.state().written, 0U);
}

// A worker over the capture, a log behind its tap.
std::vector<json> told_of(const std::string& capture, const mgmt::EventLogSettings& settings) {
  dataplane::FrameTap tap({.interest = dataplane::FrameInterest::kDns,
                           .ring_bytes = std::size_t{1} << 22,
                           .snap_length = wire::kMaxDatagramOctets,
                           .on = true});
  dataplane::CaptureReader reader({capture});
  dataplane::CaptureSource source(reader);
  dataplane::EventRing ring(256);
  DrainInto discard([](std::span<const dataplane::Event>) {});
  dataplane::Outlet outlet({&ring}, dataplane::Routing::kToFirst, discard);
  dataplane::Worker worker(source, outlet, dataplane::ObserverSettings{}, 0, {.dns = &tap});
  mgmt::EventOutput output(settings, "box");
  mgmt::DnsLog log({{&tap}, {}, {}}, {&output}, {}, "box");
  while (worker.poll_once()) discard.make_room(ring);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  log.end(deadline);
  output.end();
  output.finish(deadline);
  EXPECT_EQ(output.state().lost, 0U);
  return events_in(settings.path);
}

// With fragments, tunnels and messages over TCP in any segments.
TEST_F(EveDnsLog, TellsOfTheMessagesThatTsharkSees) {
  using Key = std::tuple<std::string, std::string, int, bool>;  // file, community ID, ID, response
  std::map<Key, int> expected, told;
  for (const Row& row : read_tsv(source_root() / "tests/fixtures/truth_dns_messages.tsv"))
    expected[{row.at("file"), row.at("community_id"), std::stoi(row.at("id")), row.at("response") == "1"}] =
        std::stoi(row.at("messages"));
  std::set<std::string> files;
  for (const auto& [key, messages] : expected) files.insert(std::get<0>(key));
  ASSERT_GE(files.size(), 10U);
  for (const std::string& name : files) {
    const std::string capture = (source_root() / "tests/fixtures" / name).string();
    for (const json& event : told_of(capture, file(std::filesystem::path(name).stem().string() + ".json"))) {
      const json& dns = event["dns"];
      ++told[{name, event["community_id"], dns["id"].get<int>(), dns["type"] == "answer"}];
    }
  }
  EXPECT_EQ(told, expected);
}

}  // namespace
}  // namespace tests

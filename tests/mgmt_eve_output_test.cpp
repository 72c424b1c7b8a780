// Event logs whose other side is slow, absent, dies or is not who it should be: nobody waits for them, the
// order stays, and what is lost is counted.
#include <csignal>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/eve/event_output.h"
#include "tests/support/event_records.h"
#include "tests/support/program.h"
#include "tests/support/stream_listener.h"

namespace tests {
namespace {

using mgmt::EventLogSettings;
using mgmt::EventLogType;
using mgmt::EventOutput;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

// More than a machine stands still, less than an output that waits for the other side does.
constexpr auto kAtOnce = std::chrono::seconds(4);

class EveOutput : public testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  EventLogSettings unix_log(std::uint64_t queue = 10'000) const {
    EventLogSettings settings;
    settings.type = EventLogType::kUnix;
    settings.path = socket();
    settings.queue = queue;
    return settings;
  }
  EventLogSettings syslog() const {
    EventLogSettings settings;
    settings.type = EventLogType::kSyslog;
    settings.address = {*wire::address_from("127.0.0.1"), port_};
    return settings;
  }
  EventLogSettings by_tls(const TestCertificate& trusted, const std::string& name = "") const {
    EventLogSettings settings = syslog();
    settings.tls = true;
    settings.tls_ca = scratch_.path("ca.pem");
    settings.tls_name = name;
    trusted.save(settings.tls_ca);
    return settings;
  }

  std::string socket() const { return scratch_.path("sock"); }

  // What became of it, once it has ended.
  static aggregator::LiveEventLog ended(EventOutput& output) {
    output.end();
    output.finish(Clock::now() + std::chrono::seconds(30));
    return output.state();
  }

  ScratchDirectory scratch_;
  const std::uint16_t port_ = free_port();
};

void offer(EventOutput& output, int from, int to, std::size_t octets = 0) {
  for (int i = from; i < to; ++i) output.offer(shared_record(i, octets));
}

std::vector<int> numbers_of(const std::vector<std::string>& lines) {
  std::vector<int> numbers;
  numbers.reserve(lines.size());
  for (const std::string& line : lines) numbers.push_back(json::parse(line)["number"]);
  return numbers;
}

// The JSON of messages that count their octets.
std::vector<std::string> messages_of(std::string text) {
  std::vector<std::string> messages;
  while (!text.empty()) {
    std::size_t digits = 0;
    const std::size_t length = std::stoul(text, &digits);
    const std::string message = text.substr(digits + 1, length);
    if (message.size() < length) break;
    messages.push_back(message.substr(message.find('{')));
    text.erase(0, digits + 1 + length);
  }
  return messages;
}

TEST_F(EveOutput, AUnixSocketGetsLinesInTheirOrder) {
  const StreamListener listener(socket());
  EventOutput output(unix_log(), "box");
  offer(output, 0, 1000);
  const aggregator::LiveEventLog state = ended(output);
  EXPECT_EQ(state.written, 1000U);
  EXPECT_EQ(state.lost, 0U);
  ASSERT_TRUE(eventually([&] { return listener.lines().size() == 1000; }));
  const std::vector<int> numbers = numbers_of(listener.lines());
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(numbers[static_cast<std::size_t>(i)], i);
}

TEST_F(EveOutput, ASlowReaderLosesWhatFindsNoRoomAndHoldsUpNobody) {
  StreamListener listener(socket());
  listener.stop_reading();
  EventOutput output(unix_log(100), "box");
  ASSERT_TRUE(eventually([&] { return listener.connections() == 1; }));
  const Clock::time_point begin = Clock::now();
  offer(output, 0, 20'000, 1000);
  EXPECT_LT(Clock::now() - begin, kAtOnce);
  ASSERT_GT(output.state().lost, 10'000U);
  EXPECT_EQ(output.state().lost_late, output.state().lost);
  listener.stop_reading(false);
  const aggregator::LiveEventLog state = ended(output);
  EXPECT_EQ(state.written + state.lost, 20'000U);
  ASSERT_TRUE(eventually([&] { return listener.lines().size() == state.written; }));
  EXPECT_TRUE(std::ranges::is_sorted(numbers_of(listener.lines())));
}

TEST_F(EveOutput, WhatWaitsIsOfBoundedOctets) {
  EventOutput output(unix_log(100'000), "box");
  constexpr std::size_t kOctets = 1 << 20;
  offer(output, 0, 100, kOctets);
  const std::uint64_t waiting = 100 - output.state().lost;
  EXPECT_GE(waiting, mgmt::RecordQueue::kMostOctets / kOctets - 2);
  EXPECT_LE(waiting, mgmt::RecordQueue::kMostOctets / kOctets);
}

// One that reads, but so slowly that all would take two minutes.
TEST_F(EveOutput, ASlowReaderDoesNotHoldUpTheEnd) {
  StreamListener listener(socket());
  listener.read_slowly(std::chrono::milliseconds(10));
  EventOutput output(unix_log(100'000), "box");
  offer(output, 0, 50'000, 1000);
  output.end();
  const Clock::time_point begin = Clock::now();
  output.finish(begin + std::chrono::milliseconds(200));
  EXPECT_LT(Clock::now() - begin, kAtOnce);
  EXPECT_EQ(output.state().written + output.state().lost, 50'000U);
  EXPECT_GT(output.state().lost, 0U);
}

TEST_F(EveOutput, AReaderWhoNeverReadsDoesNotHoldUpTheEnd) {
  StreamListener listener(socket());
  listener.stop_reading();
  EventOutput output(unix_log(), "box");
  offer(output, 0, 5'000, 1000);
  output.end();
  const Clock::time_point begin = Clock::now();
  output.finish(begin + std::chrono::milliseconds(200));
  EXPECT_LT(Clock::now() - begin, kAtOnce);
  EXPECT_EQ(output.state().written + output.state().lost, 5'000U);
  EXPECT_GT(output.state().lost, 0U);
}

TEST_F(EveOutput, NobodyThereIsSaidAndWhoComesLaterGetsWhatWaited) {
  EventOutput output(unix_log(50), "box");
  offer(output, 0, 100);
  ASSERT_TRUE(eventually([&] { return !output.state().trouble.empty(); }));
  EXPECT_EQ(output.state().trouble, "cannot be connected to: No such file or directory");
  EXPECT_EQ(output.state().lost, 50U);
  const StreamListener listener(socket());
  ASSERT_TRUE(eventually([&] { return listener.lines().size() == 50; }));
  EXPECT_TRUE(eventually([&] { return output.state().trouble.empty(); }));
  EXPECT_EQ(numbers_of(listener.lines()).back(), 49);
}

TEST_F(EveOutput, ASyslogServerThatDiesAndComesBackGetsTheRest) {
  EventOutput output(syslog(), "box");
  auto server = std::make_unique<StreamListener>(port_);
  offer(output, 0, 100);
  ASSERT_TRUE(eventually([&] { return messages_of(server->received()).size() == 100; }));
  server.reset();
  ASSERT_TRUE(eventually([&] { return !output.state().trouble.empty(); }));
  offer(output, 100, 200);
  server = std::make_unique<StreamListener>(port_);
  ASSERT_TRUE(eventually([&] { return messages_of(server->received()).size() == 100; }));
  EXPECT_EQ(numbers_of(messages_of(server->received())).front(), 100);
  const aggregator::LiveEventLog state = ended(output);
  EXPECT_EQ(state.written, 200U);
  EXPECT_EQ(state.lost, 0U);
}

TEST_F(EveOutput, ByTlsToAServerWithAGoodCertificate) {
  for (const auto& [bears, expected] : {std::pair("IP:127.0.0.1", ""), {"DNS:log.example", "log.example"}}) {
    const TestCertificate certificate(bears);
    EventOutput output(by_tls(certificate, expected), "box");
    const StreamListener server(port_, &certificate);
    offer(output, 0, 100);
    ASSERT_TRUE(eventually([&] { return messages_of(server.received()).size() == 100; }))
        << output.state().trouble;
    EXPECT_EQ(ended(output).lost, 0U);
  }
}

TEST_F(EveOutput, ByTlsToNobodyElse) {
  const TestCertificate real("IP:127.0.0.1"), forged("IP:127.0.0.1"), other_name("DNS:other.example");
  struct Case {
    const TestCertificate& shown;
    const TestCertificate& trusted;
    const char* name;
    const char* trouble;
  };
  for (const Case& each :
       {Case{forged, real, "",
             "its certificate is refused: self-signed certificate (tls_ca says who may vouch for it)"},
        Case{real, real, "log.example",
             "its certificate is refused: hostname mismatch (tls_name says what it must bear)"},
        Case{other_name, other_name, "",
             "its certificate is refused: IP address mismatch (tls_name says what it must bear)"}}) {
    EventOutput output(by_tls(each.trusted, each.name), "box");
    const StreamListener server(port_, &each.shown);
    offer(output, 0, 10);
    EXPECT_TRUE(eventually([&] { return output.state().trouble == each.trouble; })) << output.state().trouble;
    const aggregator::LiveEventLog state = ended(output);
    EXPECT_EQ(state.written, 0U);
    EXPECT_EQ(state.lost, 10U);
    EXPECT_EQ(server.received(), "");
  }
}

TEST_F(EveOutput, ATlsServerThatDiesAndComesBackGetsTheRest) {
  const TestCertificate certificate("IP:127.0.0.1");
  EventOutput output(by_tls(certificate), "box");
  auto server = std::make_unique<StreamListener>(port_, &certificate);
  offer(output, 0, 10);
  ASSERT_TRUE(eventually([&] { return messages_of(server->received()).size() == 10; }));
  server.reset();
  ASSERT_TRUE(eventually([&] { return !output.state().trouble.empty(); }));
  offer(output, 10, 20);
  server = std::make_unique<StreamListener>(port_, &certificate);
  EXPECT_TRUE(eventually([&] { return messages_of(server->received()).size() == 10; }));
}

TEST_F(EveOutput, AServerThatSpeaksNoTlsIsWaitedForInVainButNotForEver) {
  const TestCertificate certificate("IP:127.0.0.1");
  const StreamListener plain(port_);
  EventOutput output(by_tls(certificate), "box");
  EXPECT_TRUE(eventually([&] { return output.state().trouble == "the other side does not answer"; }))
      << output.state().trouble;
}

TEST_F(EveOutput, CertificatesThatCannotBeReadAreSaidAtTheStart) {
  EventLogSettings settings = syslog();
  settings.tls = true;
  settings.tls_ca = scratch_.path("nothing.pem");
  try {
    const EventOutput output(settings, "box");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("nothing.pem cannot be read: "), std::string::npos)
        << error.what();
  }
}

TEST_F(EveOutput, AFileThatWasMovedIsOpenedAnewWhenTold) {
  EventLogSettings settings;
  settings.path = scratch_.path("eve.json");
  EventOutput output(settings, "box");
  offer(output, 0, 1);
  ASSERT_TRUE(eventually([&] { return output.state().written == 1; }));
  std::filesystem::rename(settings.path + ".part", scratch_.path("moved"));
  output.reopen();
  EXPECT_TRUE(
      eventually([&] { return std::filesystem::exists(settings.path + ".part"); }, std::chrono::seconds(2)));
}

}  // namespace
}  // namespace tests

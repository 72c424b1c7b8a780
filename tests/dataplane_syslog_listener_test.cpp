// Syslog on real sockets of the loopback, by a clock that stands until it is moved.
#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "dataplane/syslog_listener.h"
#include "tests/support/program.h"
#include "tests/support/syslog_sender.h"

namespace tests {
namespace {

using dataplane::Event;
using dataplane::EventKind;
using dataplane::LogVerdict;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMidnight = 1'795'305'600 * kSecond;  // 2026-11-22
constexpr std::int64_t kNow = kMidnight + 30 * kSecond;
constexpr const char* kMailHost = "127.0.0.1";
constexpr const char* kNameHost = "127.0.0.3";
constexpr const char* kStranger = "127.0.0.2";
constexpr const char* kIpv6Host = "::1";

const std::string kConnect = "<22>Nov 22 00:00:20 mx postfix/smtpd[1]: connect from mail.example[192.0.2.7]";
const std::string kLoginOf5424 =
    "<22>1 2026-11-22T00:00:21.5Z mx dovecot - - - pop3-login: Login: user=<a>, method=PLAIN, rip=192.0.2.8, "
    "lip=10.1.0.25";
const std::string kQuery =
    "<30>Nov 22 00:00:22 ns named[1]: client @0x7f 10.1.0.25#1234 (a.example): query: a.example IN MX + "
    "(10.1.0.53)";

wire::Address ip(const char* text) {
  return *wire::address_from(text);
}

class NeverWaits : public dataplane::FullRing {
 public:
  bool make_room(dataplane::EventRing&) override { return false; }
};

class SyslogListenerTest : public testing::Test {
 protected:
  SyslogListenerTest() {
    settings_.address = ip("127.0.0.1");
    settings_.port = free_port();
    settings_.senders = {{ip(kMailHost), ip("10.1.0.25"), {}}, {ip(kNameHost), {}, ip("10.1.0.53")}};
  }
  ~SyslogListenerTest() override { end(); }

  void start(std::size_t slots = 4096) {
    ring_ = std::make_unique<dataplane::EventRing>(slots);
    outlet_ =
        std::make_unique<dataplane::Outlet>(std::vector{ring_.get()}, dataplane::Routing::kToFirst, full_);
    listener_ = std::make_unique<dataplane::SyslogListener>(
        settings_, *outlet_, rules_, 0, [this] { return now_ns_.load(); }, stop_);
    thread_ = std::thread([this] { listener_->run(); });
  }

  // Ends it; what it did is in report_, and its events in story_.
  void end() {
    if (!thread_.joinable()) return;
    stop_ = true;
    thread_.join();
    report_ = listener_->final_report();
    EXPECT_EQ(ring_->announced(), dataplane::kFinished);
    drain();
    const dataplane::LogLedger& lines = report_.lines;
    EXPECT_EQ(lines.sum_of_verdicts(), lines.lines);
    EXPECT_EQ(report_.senders.datagrams + report_.senders.messages, lines.lines);
    EXPECT_EQ(report_.ledger.events_pushed(), drained_);
  }

  void drain() {
    for (auto events = ring_->readable(); !events.empty(); events = ring_->readable()) {
      for (const Event& event : events) tell(event);
      drained_ += events.size();
      ring_->release(events.size());
    }
  }

  bool announces(std::int64_t ns) {
    return eventually([&] { return ring_->announced() >= static_cast<std::uint64_t>(ns); });
  }

  SyslogSender by_udp(const char* from = kMailHost) { return {SOCK_DGRAM, from, settings_.port}; }
  SyslogSender by_tcp(const char* from = kMailHost) { return {SOCK_STREAM, from, settings_.port}; }
  SyslogSender by_ipv6(int type) { return {type, kIpv6Host, settings_.port, kIpv6Host}; }

  // Waits until this many events, names among them, are on the ring or were.
  bool came(std::size_t events) {
    return eventually([&] { return drain(), drained_ >= events; });
  }

  std::uint64_t verdict(LogVerdict which) const { return report_.lines[which]; }

  dataplane::SyslogSettings settings_;
  std::atomic<std::int64_t> now_ns_ = kNow;
  std::vector<Event> facts_;
  dataplane::SyslogReport report_;
  std::unique_ptr<dataplane::EventRing> ring_;
  std::unique_ptr<dataplane::SyslogListener> listener_;

 private:
  void tell(const Event& event) {
    EXPECT_GE(event.order, order_);
    order_ = event.order;
    if (event.kind == EventKind::kName) return;
    if (!facts_.empty()) {
      EXPECT_GT(event.order, facts_.back().order);
    }
    facts_.push_back(event);
  }

  NeverWaits full_;
  std::unique_ptr<dataplane::Outlet> outlet_;
  dataplane::CurrentRules rules_{std::make_unique<dataplane::WorkerRules>(), 1};
  std::atomic<bool> stop_ = false;
  std::thread thread_;
  std::uint64_t order_ = 0;
  std::size_t drained_ = 0;
};

TEST_F(SyslogListenerTest, DatagramsBecomeFactsOfTheServersTheyComeFrom) {
  start();
  ASSERT_TRUE(by_udp().send(kConnect + "\n"));
  ASSERT_TRUE(came(1));
  ASSERT_TRUE(by_udp(kNameHost).send(kQuery));
  ASSERT_TRUE(came(3));  // with its name
  ASSERT_TRUE(by_udp().send(kQuery));
  ASSERT_TRUE(by_udp().send("<22>Nov 22 00:00:20 mx kernel: nothing"));
  end();
  ASSERT_EQ(facts_.size(), 2U);
  EXPECT_EQ(facts_[0].kind, EventKind::kMail);
  EXPECT_EQ(facts_[0].peer, ip("10.1.0.25"));
  EXPECT_EQ(facts_[0].client, ip("192.0.2.7"));
  EXPECT_EQ(facts_[0].time_ns, kMidnight + 20 * kSecond);
  EXPECT_EQ(facts_[1].kind, EventKind::kLogQuery);
  EXPECT_EQ(facts_[1].peer, ip("10.1.0.53"));
  EXPECT_EQ(verdict(LogVerdict::kOther), 1U) << "a query in the log of a mail server";
  EXPECT_EQ(verdict(LogVerdict::kUnknown), 1U);
  EXPECT_EQ(report_.senders.datagrams, 4U);
  EXPECT_EQ(report_.senders.late, 0U);
}

TEST_F(SyslogListenerTest, SendersThatTakeTurnsAreToldApart) {
  start();
  const SyslogSender mail_host = by_udp();
  const SyslogSender name_host = by_udp(kNameHost);
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(mail_host.send(kConnect));
    ASSERT_TRUE(name_host.send(kQuery));
  }
  ASSERT_TRUE(came(600));  // with the names of the queries
  end();
  EXPECT_EQ(verdict(LogVerdict::kMail), 200U);
  EXPECT_EQ(verdict(LogVerdict::kQuery), 200U);
}

TEST_F(SyslogListenerTest, AHostMayHaveBothLogs) {
  settings_.senders[0].dns_server = ip("10.1.0.54");
  start();
  ASSERT_TRUE(by_tcp().send(kConnect + "\n" + kQuery + "\n"));
  ASSERT_TRUE(came(3));
  end();
  ASSERT_EQ(facts_.size(), 2U);
  EXPECT_EQ(facts_[0].peer, ip("10.1.0.25"));
  EXPECT_EQ(facts_[1].peer, ip("10.1.0.54"));
}

TEST_F(SyslogListenerTest, StreamsAreReadHoweverTheyCome) {
  start();
  const std::string counted = std::to_string(kLoginOf5424.size()) + " " + kLoginOf5424;
  SyslogSender slow = by_tcp();
  for (const std::string& part : {kConnect, std::string("\n"), counted, kConnect}) {
    for (const char octet : part) ASSERT_TRUE(slow.send(std::string_view(&octet, 1)));
  }
  slow.finish();
  ASSERT_TRUE(came(3));
  const SyslogSender quick = by_tcp();
  for (const std::string& part : {counted, counted, kConnect, std::string("\r\n")})
    ASSERT_TRUE(quick.send(part));
  ASSERT_TRUE(came(6));
  end();
  EXPECT_EQ(verdict(LogVerdict::kMail), 6U);
  EXPECT_EQ(report_.senders.messages, 6U);
  EXPECT_EQ(report_.senders.connections, 2U);
  EXPECT_EQ(facts_[1].time_ns, kMidnight + 21 * kSecond + kSecond / 2);
  EXPECT_EQ(report_.senders.cut_messages, 0U);
}

TEST_F(SyslogListenerTest, OthersThanTheSendersAreRefused) {
  start();
  ASSERT_TRUE(by_udp(kStranger).send(kConnect));
  const SyslogSender stranger = by_tcp(kStranger);
  ASSERT_TRUE(stranger.connected());
  stranger.send(kConnect + "\n");
  EXPECT_TRUE(stranger.closed_by_other());
  ASSERT_TRUE(by_udp().send(kConnect));
  ASSERT_TRUE(came(1));
  end();
  EXPECT_EQ(report_.senders.refused_datagrams, 1U);
  EXPECT_EQ(report_.senders.refused_connections, 1U);
  EXPECT_EQ(report_.lines.lines, 1U);
}

TEST_F(SyslogListenerTest, SendersOfIpv6AreKnownByTheirAddresses) {
  if (!has_ipv6()) GTEST_SKIP() << "needs ::1 on the loopback";
  settings_.address = ip(kIpv6Host);
  settings_.senders = {{ip(kIpv6Host), ip("2001:db8::25"), {}}};
  start();
  EXPECT_FALSE(by_tcp().connected()) << "to 127.0.0.1";
  ASSERT_TRUE(by_ipv6(SOCK_DGRAM).send(kConnect));
  ASSERT_TRUE(came(1));
  ASSERT_TRUE(by_ipv6(SOCK_STREAM).send(kConnect + "\n"));
  ASSERT_TRUE(came(2));
  end();
  for (const Event& fact : facts_) EXPECT_EQ(fact.peer, ip("2001:db8::25"));
  EXPECT_EQ(report_.senders.datagrams, 1U);
  EXPECT_EQ(report_.senders.messages, 1U);
}

TEST_F(SyslogListenerTest, ASocketOfBothFamiliesTellsItsSendersApart) {
  if (!has_ipv6()) GTEST_SKIP() << "needs ::1 on the loopback";
  settings_.address = ip("::");
  settings_.senders.push_back({ip(kIpv6Host), ip("2001:db8::25"), {}});
  start();
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    const std::size_t before = facts_.size();
    ASSERT_TRUE(by_ipv6(type).send(kConnect + "\n"));
    ASSERT_TRUE(came(before + 1));
    ASSERT_TRUE(SyslogSender(type, kMailHost, settings_.port).send(kConnect + "\n"));
    ASSERT_TRUE(came(before + 2));
    EXPECT_EQ(facts_[before].peer, ip("2001:db8::25"));
    EXPECT_EQ(facts_[before + 1].peer, ip("10.1.0.25"));
  }
  ASSERT_TRUE(by_udp(kStranger).send(kConnect));
  EXPECT_TRUE(by_tcp(kStranger).closed_by_other());
  end();
  EXPECT_EQ(report_.senders.refused_datagrams, 1U);
  EXPECT_EQ(report_.senders.refused_connections, 1U);
  EXPECT_EQ(report_.lines.lines, 4U);
}

TEST_F(SyslogListenerTest, StrangersOfIpv6AreRefused) {
  if (!has_ipv6()) GTEST_SKIP() << "needs ::1 on the loopback";
  settings_.address = ip("::");
  start();
  ASSERT_TRUE(by_ipv6(SOCK_DGRAM).send(kConnect));
  EXPECT_TRUE(by_ipv6(SOCK_STREAM).closed_by_other());
  ASSERT_TRUE(by_udp().send(kConnect));
  ASSERT_TRUE(came(1));
  end();
  EXPECT_EQ(report_.senders.refused_datagrams, 1U);
  EXPECT_EQ(report_.senders.refused_connections, 1U);
  EXPECT_EQ(report_.lines.lines, 1U);
}

TEST_F(SyslogListenerTest, ConnectionsAreBounded) {
  settings_.connections = 2;
  start();
  SyslogSender first = by_tcp();
  SyslogSender second = by_tcp();
  const SyslogSender third = by_tcp();
  EXPECT_TRUE(third.closed_by_other());
  first.finish();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const SyslogSender fourth = by_tcp();
  ASSERT_TRUE(fourth.send(kConnect + "\n"));
  ASSERT_TRUE(came(1));
  ASSERT_TRUE(second.send(kConnect + "\n"));
  ASSERT_TRUE(came(2));
  end();
  EXPECT_EQ(report_.senders.too_many_connections, 1U);
  EXPECT_EQ(report_.senders.connections, 3U);
}

TEST_F(SyslogListenerTest, SilentConnectionsAreClosed) {
  settings_.idle_ns = 10 * kSecond;
  start();
  const SyslogSender silent = by_tcp();
  const SyslogSender busy = by_tcp();
  ASSERT_TRUE(silent.send(kConnect + "\n" + kConnect));  // a line without its end
  ASSERT_TRUE(came(1));
  now_ns_ = kNow + 6 * kSecond;
  ASSERT_TRUE(busy.send(kConnect + "\n"));
  ASSERT_TRUE(came(2));
  now_ns_ = kNow + 12 * kSecond;
  EXPECT_TRUE(silent.closed_by_other());
  ASSERT_TRUE(busy.send(kConnect + "\n"));
  ASSERT_TRUE(came(3));
  end();
  EXPECT_EQ(report_.senders.idle_connections, 1U);
  EXPECT_EQ(report_.senders.cut_messages, 1U);
  EXPECT_EQ(verdict(LogVerdict::kMail), 3U);
}

TEST_F(SyslogListenerTest, TimesThatAreFarOffCountAsNow) {
  start();
  const SyslogSender sender = by_udp();
  for (const char* const time : {"Nov 21 23:59:31", "Nov 22 00:01:29", "Nov 21 23:59:29", "Nov 22 00:01:31"})
    ASSERT_TRUE(sender.send("<22>" + std::string(time) + " mx postfix/smtpd[1]: connect from a[192.0.2.7]"));
  ASSERT_TRUE(came(4));
  ASSERT_TRUE(sender.send("<22>1 - mx postfix/smtpd 1 - - connect from a[192.0.2.7]"));
  ASSERT_TRUE(came(5));
  end();
  ASSERT_EQ(facts_.size(), 5U);
  EXPECT_EQ(facts_[0].time_ns, kNow - 59 * kSecond);
  EXPECT_EQ(facts_[1].time_ns, kNow + 59 * kSecond);
  for (std::size_t i = 2; i < 5; ++i) EXPECT_EQ(facts_[i].time_ns, kNow) << i;
  EXPECT_EQ(report_.senders.late, 2U) << "a line without a time is of now";
  EXPECT_EQ(report_.lines.time_went_back, 1U);
  for (const Event& fact : facts_)
    EXPECT_EQ(fact.order / kSecond, static_cast<std::uint64_t>(kNow / kSecond));
}

TEST_F(SyslogListenerTest, AYearThatIsNotWrittenIsThatOfNow) {
  now_ns_ = kMidnight + (39 * 86'400 + 23 * 3'600 + 3'599) * kSecond;  // 2026-12-31 23:59:59
  start();
  ASSERT_TRUE(by_udp().send("<22>Jan  1 00:00:05 mx postfix/smtpd[1]: connect from a[192.0.2.7]"));
  ASSERT_TRUE(came(1));
  end();
  EXPECT_EQ(facts_[0].time_ns, now_ns_ + 6 * kSecond);
  EXPECT_EQ(report_.senders.late, 0U);
}

TEST_F(SyslogListenerTest, TimePassesForShardsWithoutAnyLine) {
  start();
  EXPECT_TRUE(announces(kNow));
  now_ns_ = kNow + 5 * kSecond;
  EXPECT_TRUE(announces(kNow + 5 * kSecond));
  const std::uint64_t announced = ring_->announced();
  EXPECT_LT(announced, static_cast<std::uint64_t>(kNow + 6 * kSecond));
  ASSERT_TRUE(by_udp().send(kConnect));
  ASSERT_TRUE(came(1));
  EXPECT_GT(facts_[0].order, announced) << "what was announced is kept";
}

TEST_F(SyslogListenerTest, ReportsSayWhatWasBeforeEachSecond) {
  start();
  ASSERT_TRUE(by_udp().send(kConnect));
  ASSERT_TRUE(came(1));
  now_ns_ = kNow + kSecond;
  ASSERT_TRUE(announces(now_ns_));
  ASSERT_TRUE(by_udp().send(kConnect));
  ASSERT_TRUE(came(2));
  const auto window = static_cast<std::uint64_t>(kNow / kSecond);
  const auto first = listener_->next_report();
  const auto second = listener_->next_report();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->window, window);
  EXPECT_EQ(first->ledger.events_made(), 0U);
  EXPECT_EQ(second->window, window + 1);
  EXPECT_EQ(second->last_window, window);
  EXPECT_EQ(second->ledger.events_made(), 1U);
  EXPECT_EQ(second->lines.lines, 1U);
  EXPECT_FALSE(listener_->next_report());
}

TEST_F(SyslogListenerTest, AFullRingLosesAndCounts) {
  start(4);
  const SyslogSender sender = by_tcp();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(sender.send(kConnect + "\n"));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  end();
  EXPECT_EQ(verdict(LogVerdict::kMail), 10U);
  EXPECT_EQ(report_.ledger.ring_full, 6U);
  EXPECT_EQ(facts_.size(), 4U);
}

TEST_F(SyslogListenerTest, NothingThatIsSentEndsIt) {
  start();
  SyslogSender endless = by_tcp();
  ASSERT_TRUE(endless.send(std::string(1'000'000, 'x')));
  ASSERT_TRUE(endless.send("\n" + kConnect + "\n"));
  ASSERT_TRUE(came(1));
  SyslogSender broken = by_tcp();
  ASSERT_TRUE(broken.send("4000 <22>"));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  broken.break_off();
  ASSERT_TRUE(by_udp().send(std::string("<22>\0\0\0", 7)));
  ASSERT_TRUE(by_udp().send(""));
  ASSERT_TRUE(by_udp().send("<999>Nov 22 00:00:20 mx postfix/smtpd[1]: connect from a[192.0.2.7]"));
  ASSERT_TRUE(by_udp().send(std::string(9'000, 'y')));
  ASSERT_TRUE(by_udp().send(std::string(60'000, 'z')));
  ASSERT_TRUE(by_tcp().send(std::string("99999999999 <22>\n0 <22>\n\0\0\n", 27)));
  ASSERT_TRUE(by_udp().send(kConnect));
  ASSERT_TRUE(came(2));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  end();
  EXPECT_EQ(verdict(LogVerdict::kMail), 2U);
  EXPECT_EQ(verdict(LogVerdict::kTooLong), 3U);
  EXPECT_EQ(verdict(LogVerdict::kMalformed), 1U) << "no such priority";
  EXPECT_EQ(verdict(LogVerdict::kUnknown), 4U);
  EXPECT_EQ(report_.senders.cut_messages, 1U);
}

TEST_F(SyslogListenerTest, WhatWasSentBeforeTheEndIsRead) {
  start();
  const SyslogSender stream = by_tcp();
  const SyslogSender datagrams = by_udp();
  for (int i = 0; i < 100; ++i) {  // of which none is lost in the kernel's buffer, however late they are read
    ASSERT_TRUE(stream.send(kConnect + "\n"));
    ASSERT_TRUE(datagrams.send(kConnect));
  }
  end();
  EXPECT_EQ(verdict(LogVerdict::kMail), 200U);
}

TEST_F(SyslogListenerTest, APortThatIsTakenIsSaid) {
  start();
  for (const bool tcp : {false, true}) {
    dataplane::SyslogSettings second = settings_;
    second.udp = !tcp;
    second.tcp = tcp;
    dataplane::CurrentRules rules(std::make_unique<dataplane::WorkerRules>(), 1);
    NeverWaits full;
    dataplane::Outlet outlet({ring_.get()}, dataplane::Routing::kToFirst, full);
    const std::atomic<bool> stop = true;
    try {
      dataplane::SyslogListener listener(
          second, outlet, rules, 0, [] { return kNow; }, stop);
      ADD_FAILURE() << "tcp: " << tcp;
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), "cannot listen for syslog on " + std::string(tcp ? "tcp" : "udp") +
                                  " 127.0.0.1:" + std::to_string(settings_.port) +
                                  ": Address already in use.");
    }
  }
}

}  // namespace
}  // namespace tests

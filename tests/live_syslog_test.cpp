// `tapline run` takes syslog on real sockets: from util-linux's logger, and from those who mean no good.
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/balanced_ledger.h"
#include "tests/support/program.h"
#include "tests/support/syslog_sender.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr const char* kServer = "127.0.0.1";  // its logs
constexpr const char* kStranger = "127.0.0.2";
constexpr int kConnections = 20;

const std::string kConnect = "connect from mail.example[192.0.2.7]";
const std::string kRejected =
    "NOQUEUE: reject: RCPT from unknown[192.0.2.8]: 554 5.7.1 <a@far.example>: Relay access denied; "
    "from=<b@near.example> to=<a@far.example> proto=ESMTP helo=<x>";
const std::string kQuery = "client @0x7f 10.1.0.25#1234 (a.example): query: a.example IN MX + (10.1.0.53)";

class LiveSyslog : public testing::Test {
 protected:
  void SetUp() override {
    if (shell("command -v logger >/dev/null") != 0) GTEST_SKIP() << "needs logger (bsdutils)";
    start("127.0.0.1", kServer);
  }

  // With the logs of both servers from `server`.
  void start(const std::string& listen, const std::string& server) {
    std::ofstream(path("tapline.toml"))
        << "[[port]]\nname = \"nowhere\"\ndriver = \"null\"\n"
        << "[syslog]\nlisten = \"" << listen << ":" << port_ << "\"\nconnections = " << kConnections
        << "\nidle = \"2s\"\n"
        << "[[mail_server]]\nname = \"mx\"\naddress = \"10.1.0.25\"\nlog_from = \"" << server << "\"\n"
        << "[[dns_server]]\nname = \"dns\"\naddress = \"10.1.0.53\"\nlog_from = \"" << server << "\"\n";
    run_ = std::make_unique<Process>(
        std::vector<std::string>{tapline(), "run", "--json", "--config", path("tapline.toml")},
        path("run.json"), path("run.err"));
    ASSERT_TRUE(eventually([&] { return errors().find("tapline: syslog on") != std::string::npos; }))
        << errors();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }

  std::string path(const std::string& name) const { return scratch_.path(name); }

  // Ends it in order. What it reported.
  json report() {
    run_->signal(SIGTERM);
    EXPECT_EQ(run_->wait(), 0) << contents_of(path("run.err"));
    json report = json::parse(contents_of(path("run.json")), nullptr, false);
    expect_balanced(report);
    std::uint64_t verdicts = 0;
    for (const auto& count : report["logs"]["verdicts"]) verdicts += count.get<std::uint64_t>();
    EXPECT_EQ(report["logs"]["lines"], verdicts);
    const json& syslog = report["live"]["syslog"];
    EXPECT_EQ(report["logs"]["lines"],
              syslog["datagrams"].get<std::uint64_t>() + syslog["messages"].get<std::uint64_t>());
    return report;
  }

  // `options` are those of logger; one message for each line of `text`.
  void log(const std::string& options, const std::string& tag, const std::string& text,
           const std::string& to = kServer) {
    std::ofstream(path("lines")) << text;
    EXPECT_EQ(shell("logger -n " + to + " -P " + std::to_string(port_) + " -p mail.info -i -t " + tag + " " +
                    options + " -f " + path("lines")),
              0)
        << options;
  }

  SyslogSender by_udp(const char* from = kServer) { return {SOCK_DGRAM, from, port_}; }
  SyslogSender by_tcp(const char* from = kServer) { return {SOCK_STREAM, from, port_}; }

  std::string errors() const { return contents_of(path("run.err")); }

  ScratchDirectory scratch_;
  const std::uint16_t port_ = free_port();
  std::unique_ptr<Process> run_;
};

std::string repeated(const std::string& line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line + "\n";
  return text;
}

json counts_of_mx(const json& report) {
  return report["mail"][0]["counts"];
}

TEST_F(LiveSyslog, WhatLoggerSendsIsCountedInEveryFormat) {
  int lines = 0;
  for (const std::string protocol : {"--udp", "--tcp", "--tcp --octet-count"}) {
    for (const std::string format : {"--rfc3164", "--rfc5424"}) {
      std::string options = protocol;
      options.append(" ").append(format);
      log(options, "postfix/smtpd", repeated(kConnect, 10) + repeated(kRejected, 3));
      log(options, "named", repeated(kQuery, 5));
      log(options, "cron", repeated("nothing", 2));
      lines += 20;
    }
  }
  const json report = this->report();
  EXPECT_EQ(report["logs"]["lines"], lines);
  EXPECT_EQ(report["logs"]["verdicts"]["mail"], 6 * 13);
  EXPECT_EQ(report["logs"]["verdicts"]["query"], 6 * 5);
  EXPECT_EQ(report["logs"]["verdicts"]["unknown"], 6 * 2);
  EXPECT_EQ(counts_of_mx(report)["connects"], 6 * 10);
  EXPECT_EQ(counts_of_mx(report)["relay_denied"], 6 * 3);
  EXPECT_EQ(counts_of_mx(report)["logged_mx"], 6 * 5);
  EXPECT_EQ(report["live"]["syslog"]["datagrams"], 2 * 20);
  EXPECT_EQ(report["live"]["syslog"]["connections"], 4 * 3);
  EXPECT_EQ(report["live"]["syslog"]["late"], 0);
}

class LiveSyslogByIpv6 : public LiveSyslog {
 protected:
  void SetUp() override {
    if (shell("command -v logger >/dev/null") != 0) GTEST_SKIP() << "needs logger (bsdutils)";
    if (!has_ipv6()) GTEST_SKIP() << "needs ::1 on the loopback";
  }
};

TEST_F(LiveSyslogByIpv6, WhatLoggerSendsIsCounted) {
  start("[::1]", "::1");
  for (const char* protocol : {"--udp", "--tcp"}) {
    log(protocol, "postfix/smtpd", repeated(kConnect, 10), "::1");
    log(protocol, "named", repeated(kQuery, 5), "::1");
  }
  const json report = this->report();
  EXPECT_EQ(counts_of_mx(report)["connects"], 2 * 10);
  EXPECT_EQ(counts_of_mx(report)["logged_mx"], 2 * 5);
  EXPECT_EQ(report["live"]["syslog"]["datagrams"], 15);
  EXPECT_EQ(report["live"]["syslog"]["connections"], 2);
}

TEST_F(LiveSyslogByIpv6, ASocketOfBothFamiliesTakesIpv4) {
  start("[::]", kServer);
  for (const char* protocol : {"--udp", "--tcp"}) log(protocol, "postfix/smtpd", repeated(kConnect, 10));
  log("--udp", "postfix/smtpd", repeated(kConnect, 3), "::1");  // a stranger
  const json report = this->report();
  EXPECT_EQ(counts_of_mx(report)["connects"], 2 * 10);
  EXPECT_EQ(report["live"]["syslog"]["datagrams"], 10);
  EXPECT_EQ(report["live"]["syslog"]["refused_datagrams"], 3);
}

TEST_F(LiveSyslog, NobodyCanEndIt) {
  const std::string line = "<22>1 - mx postfix/smtpd 1 - - " + kConnect + "\n";
  ASSERT_TRUE(by_tcp().send(std::string(1'000'000, 'x') + "\n" + line));
  ASSERT_TRUE(by_tcp().send(std::string("<22>\0\0\n\0\0\0\n", 11) + line));
  ASSERT_TRUE(by_tcp().send("99999999999 <22>x\n0 <22>x\n8193 <22>" + std::string(8'189, 'y') + line));
  SyslogSender half = by_tcp();
  ASSERT_TRUE(half.send(line + "500 <22>1 - mx postfix"));
  half.finish();
  ASSERT_TRUE(by_udp().send(std::string(60'000, 'z')));
  ASSERT_TRUE(by_udp().send(line));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const json report = this->report();
  EXPECT_EQ(report["logs"]["verdicts"]["mail"], 5);
  EXPECT_EQ(report["logs"]["verdicts"]["too_long"], 3);
  EXPECT_EQ(report["logs"]["verdicts"]["unknown"], 3) << "<22>, and two counts that are none";
  EXPECT_EQ(report["live"]["syslog"]["cut_messages"], 1);
  EXPECT_EQ(counts_of_mx(report)["connects"], 5);
}

TEST_F(LiveSyslog, StrangersAndCrowdsAreTurnedAwayAndTheSilentAreClosed) {
  ASSERT_TRUE(by_udp(kStranger).send("<22>1 - mx postfix/smtpd 1 - - " + kConnect));
  EXPECT_TRUE(by_tcp(kStranger).closed_by_other());
  std::vector<SyslogSender> crowd;
  crowd.reserve(100);
  for (int i = 0; i < 100; ++i) crowd.push_back(by_tcp());
  EXPECT_TRUE(crowd.back().closed_by_other());
  ASSERT_TRUE(crowd.front().send("<22>1 - mx postfix/smtpd 1 - - " + kConnect + "\n"));
  EXPECT_TRUE(eventually([&] { return crowd[1].closed_by_other(); })) << "of silence";
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const SyslogSender later = by_tcp();
  ASSERT_TRUE(later.send("<22>1 - mx postfix/smtpd 1 - - " + kConnect + "\n"));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const json syslog = report()["live"]["syslog"];
  EXPECT_EQ(syslog["refused_datagrams"], 1);
  EXPECT_EQ(syslog["refused_connections"], 1);
  EXPECT_EQ(syslog["too_many_connections"], 100 - kConnections);
  EXPECT_EQ(syslog["connections"], kConnections + 1);
  EXPECT_EQ(syslog["messages"], 2);
  EXPECT_GE(syslog["idle_connections"], kConnections - 1);
}

TEST_F(LiveSyslog, WhatWasSentBeforeTheEndIsRead) {
  const SyslogSender datagrams = by_udp();
  const SyslogSender stream = by_tcp();
  const std::string line = "<22>1 - mx postfix/smtpd 1 - - " + kConnect;
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(datagrams.send(line));
    ASSERT_TRUE(stream.send(std::to_string(line.size()) + " " + line));
  }
  const json report = this->report();
  EXPECT_EQ(counts_of_mx(report)["connects"], 1000) << report["live"]["syslog"];
}

TEST_F(LiveSyslog, TheDoctorAndASecondRunSayThatThePortIsTaken) {
  std::vector<std::string> words = {tapline(),           "doctor", "--json", "--listen", "0", "--config",
                                    path("tapline.toml")};
  Process(words, path("doctor.json"), path("doctor.err")).wait();
  json found;
  for (const json& diagnosis : json::parse(contents_of(path("doctor.json")), nullptr, false)) {
    if (diagnosis["check"] == "syslog") found = diagnosis;
  }
  const std::string taken =
      "cannot listen for syslog on udp 127.0.0.1:" + std::to_string(port_) + ": Address already in use.";
  EXPECT_EQ(found["status"], "fail");
  EXPECT_EQ(found["found"], taken);
  words = {tapline(), "run", "--config", path("tapline.toml")};
  EXPECT_EQ(Process(words, path("second.out"), path("second.err")).wait(), 1);
  EXPECT_NE(contents_of(path("second.err")).find(taken), std::string::npos)
      << contents_of(path("second.err"));
  report();
}

}  // namespace
}  // namespace tests

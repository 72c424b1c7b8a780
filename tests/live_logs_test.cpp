// A mail server with POP3 and a name server that send their logs to `tapline run`, which also sees their
// packets: at each of three rates of mail and of POP3 sessions, packets, logs and those who made them count
// the same. From either, regression finds how many queries a mail and a session make: as many as the query
// log has for each.
//
// Seen with Postfix 3.7.11 that checks the sender's domain, Dovecot 2.3.19 with TCP wrappers, and glibc 2.36:
//   a mail: PTR of the client's address, A of its name, MX and A of the sender's domain, which has no MX;
//   also A of NAME.campus.example if the client's name has no address
//   a POP3 session: PTR of the client's address, A of its name
#include <algorithm>
#include <array>
#include <fstream>
#include <span>

#include <gtest/gtest.h>

#include "tests/support/balanced_ledger.h"
#include "tests/support/live/campus_needs.h"
#include "tests/support/live/log_tail.h"
#include "tests/support/live/mail_load.h"
#include "tests/support/live/mail_server.h"
#include "tests/support/live/name_servers.h"
#include "tests/support/live/pop3_load.h"
#include "tests/support/live/pop3_server.h"
#include "tests/support/live/query_log.h"
#include "tests/support/live/server_scratch.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr double kSeconds = 8;
// Each a second. They go up and down by themselves: else no regression could tell them apart.
struct Rates {
  double mails = 0;
  double checks = 0;  // POP3 sessions
};
constexpr std::array<Rates, 3> kRates = {{{2, 7}, {12, 2}, {6, 11}}};
constexpr const char* kSensorAddress = "10.1.0.2";
constexpr std::uint16_t kSyslogPort = 5514;

constexpr const char* kConfiguration = R"(
[[port]]
name = "mirror"
driver = "af_packet"
[network]
internal = ["10.1.0.0/16"]
[syslog]
listen = "10.1.0.2:5514"
tcp = false
[[mail_server]]
name = "mx"
address = "10.1.0.25"
[[dns_server]]
name = "dns"
address = "10.1.0.53"
)";

// A sender's domain has an address, and no MX.
std::vector<Mail> mails_at(double per_second, std::mt19937& random) {
  std::vector<Mail> mails;
  for (const double at : arrivals(per_second, kSeconds, random)) {
    const int host = static_cast<int>(random() % kMailHosts);
    const int domain = static_cast<int>(random() % (kMailHosts - 1));
    mails.push_back({at, mail_host_address(host), campus::kMxAddress,
                     "someone@mail" + std::to_string(domain) + ".example.org",
                     kMailUsers[random() % kMailUsers.size()] + std::string("@campus.example")});
  }
  return mails;
}

std::vector<MailCheck> checks_at(double per_second, std::mt19937& random) {
  std::vector<MailCheck> checks;
  for (const double at : arrivals(per_second, kSeconds, random)) {
    checks.push_back({at, campus::kDeskAddresses[random() % campus::kDeskAddresses.size()],
                      campus::kMxAddress, kMailUsers[random() % kMailUsers.size()]});
  }
  return checks;
}

// One time with the same rates, by those who counted it.
struct Watch {
  int status = -1;
  std::string errors;
  json report = json::object();
  std::size_t mails = 0;  // by those who sent them
  std::map<int, std::size_t> replies;
  std::size_t checks = 0;  // by those who made them
  std::size_t good_checks = 0;
  std::size_t delivered = 0;  // in mailboxes
  Asked asked;                // by the mail server, in BIND's file
  std::size_t lines_sent = 0;
};

std::uint64_t total(const json& counts, const std::string& prefix) {
  std::uint64_t sum = 0;
  for (const std::string type : {"a", "aaaa", "ptr", "mx", "txt", "https", "other"})
    sum += counts[prefix + type].get<std::uint64_t>();
  return sum;
}

std::uint64_t connections_to(int port, const json& report) {
  for (const json& row : report["pairing"]["syn_ports"]) {
    if (row["port"] == port) return row["packets"].get<std::uint64_t>();
  }
  return 0;
}

class Campus {
 public:
  bool answers() {
    bool answers = false;
    run_inside(campus::kRouter, [&] {
      answers =
          eventually([&] { return SmtpSession(mail_host_address(0), campus::kMxAddress).reply() == 220; });
    });
    run_inside(campus::kDesks, [&] {
      answers &= eventually([&] {
        return check({0, campus::kDeskAddresses[0], campus::kMxAddress, kMailUsers[0]});
      });
    });
    return answers;
  }

  std::string said() const { return root_.said() + dns_.said() + mx_.said() + pop3_.said(); }

  void observe(const Rates& rates, Watch& watch) {
    const std::vector<Mail> mails = mails_at(rates.mails, random_);
    const std::vector<MailCheck> checks = checks_at(rates.checks, random_);
    std::ofstream(path("tapline.toml")) << kConfiguration;
    wait_until_quiet();
    const std::size_t delivered_before = mx_.delivered();
    const std::size_t logged_before = dns_.queries().size();
    std::filesystem::remove(path("run.err"));
    Process process(inside(campus::kSwitch, {tapline(), "run", "--json", "--config", path("tapline.toml")}),
                    path("run.json"), path("run.err"));
    eventually([&] { return contents_of(path("run.err")).find("syslog on") != std::string::npos; });
    watch.lines_sent = begin_log();
    {
      LogTail mail_log(campus::kMx, path("mx") + "/log", {campus::kMxAddress, kSensorAddress, kSyslogPort},
                       [](const std::string& line) { return "<22>" + line; });
      // "Nov 22 05:55:00 pop3-login: Info: Login: ...": without host and program.
      LogTail pop3_log(campus::kMx, path("pop3") + "/log", {campus::kMxAddress, kSensorAddress, kSyslogPort},
                       [](const std::string& line) {
                         return "<22>" + line.substr(0, 16) + "mx dovecot: " + line.substr(16);
                       });
      // BIND's own time is left out, and no other put in its place.
      LogTail query_log(campus::kDns, path("dns") + "/queries",
                        {campus::kDnsAddress, kSensorAddress, kSyslogPort}, [](const std::string& line) {
                          return "<30>1 - dns named - - - " + line.substr(line.find(" client ") + 1);
                        });
      std::thread desks([&] { run_inside(campus::kDesks, [&] { watch.good_checks = check_all(checks); }); });
      run_inside(campus::kRouter, [&] { watch.replies = deliver(mails); });
      desks.join();
      eventually([&] { return mx_.delivered() >= delivered_before + mails.size(); });
      wait_until_quiet();
      watch.lines_sent += mail_log.finish() + pop3_log.finish() + query_log.finish();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    process.signal(SIGTERM);
    watch.status = process.wait();
    watch.errors = contents_of(path("run.err"));
    watch.report = json::parse(contents_of(path("run.json")), nullptr, false);
    watch.mails = mails.size();
    watch.checks = checks.size();
    watch.delivered = mx_.delivered() - delivered_before;
    watch.asked = asked_by(campus::kMxAddress, dns_.queries().substr(logged_before));
  }

  // By the logs of all watches, and before and between them, as files.
  Asked asked() const { return asked_by(campus::kMxAddress, dns_.queries()); }
  std::size_t mail_connections() const { return lines_with(": connect from ", mx_.said()); }
  std::size_t logins() const { return lines_with(" Login: user=<", pop3_.said()); }

  // What `tapline regress` says of a second's queries in those files.
  json regression_by_files() const {
    const std::string mx = campus::kMxAddress;
    return regression({"--maillog", mx + "=" + path("mx") + "/log", "--maillog",
                       mx + "=" + path("pop3") + "/log", "--querylog",
                       std::string(campus::kDnsAddress) + "=" + path("dns") + "/queries", "--step", "1s",
                       "--y", "dq", "--x", "smtp,pop3"});
  }

  // And of the queries of each watch, by what `tapline run` reported of it.
  json regression_by_reports(std::span<const Watch> watches) const {
    std::ofstream csv(path("watches.csv"));
    csv << "mails,checks,queries\n";
    for (const Watch& watch : watches) {
      const json& counts = watch.report["mail"][0]["counts"];
      csv << counts["connects"] << "," << counts["pop"] << "," << total(counts, "logged_") << "\n";
    }
    csv.close();
    return regression({"--csv", path("watches.csv"), "--y", "queries", "--x", "mails,checks"});
  }

 private:
  std::string path(const std::string& name) const { return scratch_.path(name); }

  // What the tap sees of a mail server's queries is told from the second on in which its log first says
  // something. That is an IMAP login here, and over when the load begins. Returns how many lines that took.
  static std::size_t begin_log() {
    bool sent = false;
    run_inside(campus::kMx, [&] {
      sent = SyslogSender(SOCK_DGRAM, campus::kMxAddress, kSyslogPort, kSensorAddress)
                 .send(
                     "<22>1 - mx dovecot - - - imap-login: Login: user=<ann>, method=PLAIN, rip=10.1.0.101, "
                     "lip=10.1.0.25");
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));
    return sent;
  }

  json regression(std::vector<std::string> words) const {
    words.insert(words.begin(), {tapline(), "regress", "--json"});
    Process(words, path("regress.json"), path("regress.err")).wait();
    return json::parse(contents_of(path("regress.json")), nullptr, false);
  }

  static std::size_t lines_with(const std::string& text, const std::string& log) {
    std::istringstream lines(log);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) count += line.find(text) != line.npos;
    return count;
  }

  // Nobody has asked or logged anything for a second.
  void wait_until_quiet() {
    const auto state = [&] {
      return root_.queries().size() + dns_.queries().size() + mx_.said().size() + pop3_.said().size();
    };
    eventually([&] {
      const std::size_t before = state();
      std::this_thread::sleep_for(std::chrono::seconds(1));
      return state() == before;
    });
  }

  ServerScratch scratch_;
  std::mt19937 random_{2002};
  NameServer root_ = root_server(path("root"));
  NameServer dns_ = campus_name_server(path("dns"));
  MailServer mx_{campus::kMx, path("mx"), "smtpd_sender_restrictions = reject_unknown_sender_domain\n"};
  Pop3Server pop3_{campus::kMx, path("pop3"), mx_.mailboxes()};
};

class LiveLogs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    missing_ = pop3_server_lacks();
    if (missing_.empty()) missing_ = campus_lacks();
    if (!missing_.empty()) return;
    shell(std::string("ip -n switch address add ") + kSensorAddress + "/16 dev bridge");
    Campus campus;
    if (!campus.answers()) {
      broken_ = "servers do not answer: " + campus.said();
      return;
    }
    for (std::size_t i = 0; i < kRates.size(); ++i) {
      campus.observe(kRates[i], watches_[i]);
      if (watches_[i].status != 0 || !watches_[i].report.is_object())
        broken_ += "tapline run: " + watches_[i].errors;
    }
    if (!broken_.empty()) return;
    asked_ = campus.asked();
    mail_connections_ = campus.mail_connections();
    logins_ = campus.logins();
    by_files_ = campus.regression_by_files();
    by_reports_ = campus.regression_by_reports(watches_);
  }

  void SetUp() override {
    if (!missing_.empty()) GTEST_SKIP() << missing_;
    ASSERT_EQ(broken_, "");
  }

  static inline std::string missing_;
  static inline std::string broken_;
  static inline std::array<Watch, kRates.size()> watches_;
  static inline Asked asked_;
  static inline std::size_t mail_connections_ = 0;
  static inline std::size_t logins_ = 0;
  static inline json by_files_;
  static inline json by_reports_;
};

TEST_F(LiveLogs, ServersDidWhatTheyAreThereFor) {
  for (const Watch& watch : watches_) {
    EXPECT_EQ(watch.replies, (std::map<int, std::size_t>{{250, watch.mails}}));
    EXPECT_EQ(watch.delivered, watch.mails);
    EXPECT_EQ(watch.good_checks, watch.checks);
    EXPECT_GE(watch.asked.about_desks, watch.checks);
    EXPECT_GT(watch.asked.queries, watch.asked.about_desks + watch.mails);
  }
}

TEST_F(LiveLogs, EveryLineCameAndTheBooksBalance) {
  for (const Watch& watch : watches_) {
    expect_balanced(watch.report);
    EXPECT_EQ(watch.report["logs"]["lines"], watch.lines_sent);
    EXPECT_EQ(watch.report["logs"]["verdicts"]["malformed"], 0);
    EXPECT_EQ(watch.report["live"]["syslog"]["datagrams"], watch.lines_sent);
    EXPECT_EQ(watch.report["live"]["syslog"]["late"], 0);
    EXPECT_EQ(watch.report["live"]["syslog"]["refused_datagrams"], 0);
  }
}

TEST_F(LiveLogs, ConnectionsAreAsManyByPacketsByLogsAndByTheirMakers) {
  for (const Watch& watch : watches_) {
    const json& counts = watch.report["mail"][0]["counts"];
    EXPECT_EQ(connections_to(25, watch.report), watch.mails);
    EXPECT_EQ(counts["connects"], watch.mails);
    EXPECT_EQ(counts["from"], watch.mails);
    EXPECT_EQ(counts["sent"], watch.mails);
    EXPECT_EQ(counts["deferred"], 0);
  }
}

TEST_F(LiveLogs, SessionsOfPop3AreAsManyByPacketsByLogsAndByTheirMakers) {
  for (const Watch& watch : watches_) {
    EXPECT_EQ(connections_to(110, watch.report), watch.checks);
    EXPECT_EQ(watch.report["mail"][0]["counts"]["pop"], watch.checks);
    EXPECT_EQ(watch.report["mail"][0]["counts"]["imap"], 1) << "that begins the log";
  }
}

TEST_F(LiveLogs, QueriesAreAsManyByPacketsAndByTheQueryLog) {
  for (const Watch& watch : watches_) {
    const json& counts = watch.report["mail"][0]["counts"];
    EXPECT_EQ(total(counts, "logged_"), watch.asked.queries);
    EXPECT_EQ(total(counts, "seen_"), watch.asked.queries);
    for (const char* type : {"a", "aaaa", "ptr", "mx"})
      EXPECT_EQ(counts[std::string("logged_") + type], counts[std::string("seen_") + type]) << type;
  }
}

TEST_F(LiveLogs, SmtpClientsAreTheSameByPacketsAndByLogs) {
  for (const Watch& watch : watches_) {
    std::map<std::string, std::uint64_t> by_packets;
    for (const json& row : watch.report["smtp_clients"])
      by_packets[row["client"].get<std::string>()] = row["connections"].get<std::uint64_t>();
    std::map<std::string, std::uint64_t> by_logs;
    for (const json& row : watch.report["mail"][0]["clients"])
      by_logs[row["client"].get<std::string>()] = row["connects"].get<std::uint64_t>();
    EXPECT_EQ(by_logs, by_packets);
    EXPECT_GE(by_logs.size(), 2U);
  }
}

// How many queries a mail and a POP3 session make, by the names that were asked for.
struct Cost {
  double of_mail = 0;     // m_S
  double of_session = 0;  // m_P
};

Cost cost(const Asked& asked, std::size_t mails, std::size_t checks) {
  return {static_cast<double>(asked.queries - asked.about_desks) / static_cast<double>(mails),
          static_cast<double>(asked.about_desks) / static_cast<double>(checks)};
}

// Each row is a watch, which begins and ends in silence: when a query was asked within it is of no weight.
// What is left is that clients without an address cost a query more, and are not as many among the mails of
// each.
TEST_F(LiveLogs, TheReportsOfThreeRatesSayWhatAMailAndASessionCost) {
  ASSERT_TRUE(by_reports_.is_object());
  Asked asked;
  std::size_t mails = 0;
  std::size_t checks = 0;
  for (const Watch& watch : watches_) {
    asked.queries += watch.asked.queries;
    asked.about_desks += watch.asked.about_desks;
    mails += watch.mails;
    checks += watch.checks;
  }
  const Cost implied = cost(asked, mails, checks);
  EXPECT_EQ(by_reports_["n"], kRates.size());
  EXPECT_NEAR(by_reports_["coefficients"][0], implied.of_mail, 0.1);
  EXPECT_NEAR(by_reports_["coefficients"][1], implied.of_session, 0.1);
}

// Each row is a second. A slow machine asks for a mail of one in the next: that widens the errors, but not so
// far that mails and sessions could be taken for each other.
TEST_F(LiveLogs, TheSecondsOfTheFilesSayWhatAMailAndASessionCost) {
  constexpr double kStandardErrors = 5;
  constexpr double kGreatestError = 0.5;
  ASSERT_TRUE(by_files_.is_object());
  const Cost implied = cost(asked_, mail_connections_, logins_);
  const double of_mail_error = by_files_["stderr"][0];
  const double of_session_error = by_files_["stderr"][1];
  EXPECT_LT(of_mail_error, kGreatestError);
  EXPECT_LT(of_session_error, kGreatestError);
  EXPECT_NEAR(by_files_["coefficients"][0], implied.of_mail, kStandardErrors * of_mail_error);
  EXPECT_NEAR(by_files_["coefficients"][1], implied.of_session, kStandardErrors * of_session_error);
}

}  // namespace
}  // namespace tests

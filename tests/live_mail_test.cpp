// `tapline run` on the mirror port of a campus whose mail servers are Postfix and whose name server is BIND:
// what the resolver library asks when mail is forged is counted as BIND's query log has it, and is called
// backscatter.
//
// What a received mail costs with `search campus.example`, seen with Postfix 3.7.11 as Debian sets it up,
// BIND 9.18.49 and glibc 2.36, all of it before HELO:
//   PTR of the client's address, and A of its name
//   if that name has no address, A of NAME.campus.example: NXDOMAIN, one unresolved FQDN
// Without a search line there is none of the latter.
// Recipients that do not exist cost nothing more, nor do forged domains in HELO and MAIL FROM.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/balanced_ledger.h"
#include "tests/support/live/campus.h"
#include "tests/support/live/campus_needs.h"
#include "tests/support/live/desks.h"
#include "tests/support/live/mail_load.h"
#include "tests/support/live/mail_server.h"
#include "tests/support/live/name_servers.h"
#include "tests/support/live/query_log.h"
#include "tests/support/live/server_scratch.h"
#include "tests/support/live/tap_recorder.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr double kOrdinarySeconds = 24;  // with nothing else
constexpr double kBeforeSeconds = 18;
constexpr double kAttackSeconds = 18;

constexpr const char* kConfiguration = R"(
[[port]]
name = "mirror"
driver = "af_packet"
[network]
internal = ["10.1.0.0/16"]
local_domains = ["campus.example"]
[detectors]
step = "1s"
learn = "13s"
window = "10s"
[[mail_server]]
name = "mx"
address = ["10.1.0.25"]
[[mail_server]]
name = "lists"
address = ["10.1.0.26"]
[[dns_server]]
name = "dns"
address = ["10.1.0.53"]
)";

// To users that exist, at both mail servers.
std::vector<Mail> ordinary_mail(double seconds, std::mt19937& random) {
  constexpr double kMails = 4;  // per second
  std::vector<Mail> mails;
  for (const double at : arrivals(kMails, seconds, random)) {
    const bool nameless = random() % 20 == 0;
    const int host = nameless ? kMailHosts - 1 : static_cast<int>(random() % (kMailHosts - 1));
    mails.push_back({at, mail_host_address(host),
                     random() % 2 == 0 ? campus::kMxAddress : campus::kListsAddress,
                     "someone@mail" + std::to_string(host) + ".example.org",
                     kMailUsers[random() % kMailUsers.size()] + std::string("@campus.example")});
  }
  return mails;
}

// From many addresses to users that do not exist, at one mail server.
std::vector<Mail> forged_mail(double from, double seconds, std::mt19937& random) {
  constexpr double kMails = 14;  // per second
  std::vector<Mail> mails;
  for (const double at : arrivals(kMails, seconds, random)) {
    const std::size_t net = random() % kAttackDomains.size();
    const std::string address = "10.99." + std::to_string(net) + "." + std::to_string(random() % 256);
    const std::string forged = kAttackDomains[random() % kAttackDomains.size()];
    mails.push_back({from + at, address, campus::kMxAddress, "user" + std::to_string(random()) + "@" + forged,
                     "user" + std::to_string(random()) + "@campus.example"});
  }
  return mails;
}

// What is said of one run of `tapline run`, by it and by others.
struct Watch {
  int status = -1;
  std::string errors;
  json report = json::object();
  json replay;                         // what `tapline replay` says of libpcap's recording of the same time
  std::map<std::string, json> series;  // and of each mail server in it
  std::string query_log;               // BIND's
  std::vector<Mail> ordinary;
  std::vector<Mail> forged;
  double forged_from = 0;  // seconds since 1970
  double load_until = 0;
  std::map<int, std::size_t> replies;
  std::size_t delivered = 0;  // messages that came into mailboxes
};

class Campus {
 public:
  bool answers() {
    bool all = false;
    run_inside(campus::kDesks,
               [&] { all = eventually([] { return ask(campus::kDeskAddresses[0], site(0)) == 0; }); });
    run_inside(campus::kRouter, [&] {
      for (const char* server : {campus::kMxAddress, campus::kListsAddress})
        all &= eventually([&] { return SmtpSession(mail_host_address(0), server).reply() == 220; });
    });
    return all;
  }

  std::string said() const { return root_.said() + dns_.said() + mx_.said() + lists_.said(); }

  Watch watch(double ordinary_seconds, double forged_seconds) {
    Watch watch;
    watch.ordinary = ordinary_mail(ordinary_seconds + forged_seconds, random_);
    watch.forged = forged_mail(ordinary_seconds, forged_seconds, random_);
    std::ofstream(path("tapline.toml")) << kConfiguration;
    wait_until_quiet();
    const std::size_t delivered_before = delivered();
    const std::size_t logged_before = dns_.queries().size();
    {
      const TapRecorder recorder(path("tap.pcap"));
      std::filesystem::remove(path("run.err"));
      Process process(inside(campus::kSwitch, {tapline(), "run", "--json", "--config", path("tapline.toml")}),
                      path("run.json"), path("run.err"));
      eventually([&] { return contents_of(path("run.err")).find(" shard") != std::string::npos; });
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      put_load(ordinary_seconds, forged_seconds, watch);
      eventually([&] { return delivered() >= delivered_before + watch.ordinary.size(); });
      wait_until_quiet();
      process.signal(SIGTERM);
      watch.status = process.wait();
    }
    watch.errors = contents_of(path("run.err"));
    watch.report = json::parse(contents_of(path("run.json")), nullptr, false);
    watch.delivered = delivered() - delivered_before;
    watch.query_log = dns_.queries().substr(logged_before);
    watch.replay = replayed_recording({});
    for (const char* server : {"mx", "lists"})
      watch.series[server] = replayed_recording({"--series", server});
    return watch;
  }

 private:
  std::string path(const std::string& name) const { return scratch_.path(name); }
  std::size_t delivered() const { return mx_.delivered() + lists_.delivered(); }

  // Nobody has asked anything for a second, and no mail is under way.
  void wait_until_quiet() {
    const auto state = [&] { return std::pair(root_.queries().size() + dns_.queries().size(), delivered()); };
    eventually([&] {
      const auto before = state();
      std::this_thread::sleep_for(std::chrono::seconds(1));
      return state() == before;
    });
  }

  void put_load(double ordinary_seconds, double forged_seconds, Watch& watch) {
    std::vector<Mail> mails = watch.ordinary;
    mails.insert(mails.end(), watch.forged.begin(), watch.forged.end());
    std::ranges::stable_sort(mails, {}, &Mail::at);
    watch.forged_from = now() + ordinary_seconds;
    std::thread desks([&] {
      run_inside(campus::kDesks, [&] { work_at_desks(ordinary_seconds + forged_seconds, random_()); });
    });
    run_inside(campus::kRouter, [&] { watch.replies = deliver(mails); });
    watch.load_until = now();
    desks.join();
  }

  // Seconds since 1970.
  static double now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }

  json replayed_recording(const std::vector<std::string>& how) {
    std::vector<std::string> words = {tapline(), "replay", "--json", "--config", path("tapline.toml")};
    words.insert(words.end(), how.begin(), how.end());
    words.push_back(path("tap.pcap"));
    Process(words, path("replay.json"), path("replay.err")).wait();
    return json::parse(contents_of(path("replay.json")), nullptr, false);
  }

  ServerScratch scratch_;
  std::mt19937 random_{2003};
  NameServer root_ = root_server(path("root"));
  NameServer dns_ = campus_name_server(path("dns"));
  MailServer mx_{campus::kMx, path("mx")};
  MailServer lists_{campus::kLists, path("lists")};
};

std::uint64_t total(const json& series, const std::string& field) {
  std::uint64_t sum = 0;
  for (const json& point : series["points"]) sum += point[field].get<std::uint64_t>();
  return sum;
}

json backscatter_of(const json& report) {
  json findings = json::array();
  for (const json& finding : report["findings"]) {
    if (finding["detector"] == "backscatter") findings.push_back(finding);
  }
  return findings;
}

// The campus is watched twice: an ordinary time, and one that ends in an attack.
class LiveMail : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    missing_ = campus_lacks();
    if (!missing_.empty()) return;
    Campus campus;
    if (!campus.answers()) {
      broken_ = "servers do not answer: " + campus.said();
      return;
    }
    ordinary_ = campus.watch(kOrdinarySeconds, 0);
    attacked_ = campus.watch(kBeforeSeconds, kAttackSeconds);
    for (const Watch* watch : {&ordinary_, &attacked_}) {
      if (watch->status != 0 || !watch->report.is_object()) broken_ += "tapline run: " + watch->errors;
      if (!watch->replay.is_object() || watch->series.size() != 2) broken_ += "tapline replay failed";
    }
  }

  void SetUp() override {
    if (!missing_.empty()) GTEST_SKIP() << missing_;
    ASSERT_EQ(broken_, "");
  }

  static inline std::string missing_;
  static inline std::string broken_;
  static inline Watch ordinary_;
  static inline Watch attacked_;
};

TEST_F(LiveMail, ServersDidWhatTheyAreThereFor) {
  for (const Watch* watch : {&ordinary_, &attacked_}) {
    std::map<int, std::size_t> expected = {{250, watch->ordinary.size()}};
    if (!watch->forged.empty()) expected[550] = watch->forged.size();
    EXPECT_EQ(watch->replies, expected);
    EXPECT_EQ(watch->delivered, watch->ordinary.size());
  }
}

TEST_F(LiveMail, QueriesAreThoseOfTheQueryLog) {
  for (const Watch* watch : {&ordinary_, &attacked_}) {
    for (const auto& [server, address] :
         {std::pair("mx", campus::kMxAddress), {"lists", campus::kListsAddress}}) {
      const Asked asked = asked_by(address, watch->query_log);
      EXPECT_GT(asked.queries, 0U);
      EXPECT_EQ(total(watch->series.at(server), "queries"), asked.queries) << server;
      EXPECT_EQ(total(watch->series.at(server), "formed"), asked.formed) << server;
      EXPECT_EQ(total(watch->series.at(server), "unresolved"), asked.formed) << server;
    }
  }
  EXPECT_GE(asked_by(campus::kMxAddress, attacked_.query_log).formed, attacked_.forged.size());
}

TEST_F(LiveMail, TheLiveReportCountsTheSame) {
  for (const Watch* watch : {&ordinary_, &attacked_}) {
    EXPECT_EQ(watch->report["dns"], watch->replay["dns"]);
    EXPECT_EQ(watch->report["tcp"], watch->replay["tcp"]);
    std::size_t clients = 0;
    for (const json& client : watch->report["clients"]) {
      const std::string address = client["address"].get<std::string>();
      if (!address.starts_with("10.1.0.") || address == campus::kDnsAddress) continue;
      EXPECT_EQ(client["queries"], asked_by(address, watch->query_log).queries) << address;
      ++clients;
    }
    EXPECT_EQ(clients, 2 + campus::kDeskAddresses.size());
  }
}

TEST_F(LiveMail, OrdinaryMailIsNoFinding) {
  EXPECT_EQ(ordinary_.report["findings"], json::array());
  EXPECT_GT(
      ordinary_.report["ledger"]["last"].get<double>() - ordinary_.report["ledger"]["first"].get<double>(),
      kOrdinarySeconds / 2);
}

TEST_F(LiveMail, ForgedMailIsBackscatterAtTheMailServerAndNobodyElse) {
  const json found = backscatter_of(attacked_.report);
  ASSERT_EQ(found.size(), 1U) << attacked_.report["findings"].dump(1);
  const json& finding = found[0];
  EXPECT_EQ(finding["subject"], campus::kMxAddress);
  EXPECT_EQ(finding["name"], "mx");
  EXPECT_GT(finding["since"], attacked_.forged_from - 2);
  // How soon is for detector_quality to say: on a machine that is busy, forged mail comes late too.
  EXPECT_LT(finding["since"], attacked_.load_until);
  EXPECT_GT(finding["score"], 0.5);
  for (const json& other : attacked_.report["findings"]) {
    // On a machine that is busy, ordinary mail comes late and then all at once.
    const bool late_mail = other["detector"] == "smtp_flood" && other["subject"] == campus::kListsAddress;
    EXPECT_TRUE(other["subject"] == campus::kMxAddress || other["subject"] == campus::kDnsAddress ||
                late_mail)
        << other;
  }
}

TEST_F(LiveMail, ItsEvidenceIsWhatWasDone) {
  const json found = backscatter_of(attacked_.report);
  ASSERT_EQ(found.size(), 1U);
  const json& evidence = found[0]["evidence"];
  EXPECT_GT(evidence["r_squared"], 0.7);
  EXPECT_GT(evidence["unresolved_per_s"], 4.0);
  EXPECT_LT(evidence["baseline_per_s"], 1.0);
  EXPECT_GT(evidence["smtp_connections_per_s"],
            3 * evidence["baseline_smtp_connections_per_s"].get<double>());
  std::set<std::string> addresses;
  for (const Mail& mail : attacked_.forged) addresses.insert(mail.from_address);
  EXPECT_GT(evidence["smtp_clients"], addresses.size() / 4);
  EXPECT_LT(evidence["smtp_clients"], addresses.size() + 2 * kMailHosts);
  const auto domains = evidence["forged_domains"].get<std::set<std::string>>();
  for (const char* domain : kAttackDomains) EXPECT_TRUE(domains.contains(domain)) << domain;
}

TEST_F(LiveMail, TheBooksBalance) {
  for (const Watch* watch : {&ordinary_, &attacked_}) {
    expect_balanced(watch->report);
    EXPECT_EQ(watch->report["ledger"]["ring_full"], 0);
  }
}

}  // namespace
}  // namespace tests

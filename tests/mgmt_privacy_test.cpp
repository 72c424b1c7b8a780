// What is hidden, how, and that the same key always hides it the same way.
#include <array>
#include <bit>
#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "aggregator/detectors/access_lines.h"
#include "mgmt/api/api.h"
#include "mgmt/api/private_sensor.h"
#include "mgmt/privacy/crypto_pan.h"
#include "mgmt/privacy/hiding.h"
#include "mgmt/privacy/privacy_key.h"
#include "tests/support/fabricated_summaries.h"
#include "tests/support/fixed_sensor.h"
#include "tests/support/scratch_files.h"

namespace mgmt {
namespace {

using fabricated::address;

// The key and the addresses of the sample trace that comes with the authors' implementation.
constexpr CryptoPan::Key kReferenceKey = {21,  34, 23,  141, 51, 164, 207, 128, 19,  10,  91,
                                          22,  73, 144, 125, 16, 216, 152, 143, 131, 121, 121,
                                          101, 39, 98,  87,  76, 45,  42,  132, 34,  2};
struct Pair {
  const char* clear;
  const char* hidden;
};
constexpr Pair kReference[] = {{"128.11.68.132", "135.242.180.132"},   {"129.118.74.4", "134.136.186.123"},
                               {"130.132.252.244", "133.68.164.234"},  {"141.223.7.43", "141.167.8.160"},
                               {"141.233.145.108", "141.129.237.235"}, {"152.163.225.39", "151.140.114.167"},
                               {"156.29.3.236", "147.225.12.42"},      {"165.247.96.84", "162.9.99.234"},
                               {"166.107.77.190", "160.132.178.185"},  {"192.102.249.13", "252.138.62.131"}};

TEST(CryptoPan, GivesWhatTheAuthorsImplementationGives) {
  CryptoPan pan(kReferenceKey);
  for (const auto& [clear, hidden] : kReference) {
    EXPECT_EQ(wire::to_text(pan.hide(address(clear))), hidden);
    EXPECT_EQ(wire::to_text(pan.show(address(hidden))), clear);
  }
}

// As yacryptopan's documentation has it: another implementation, also of IPv6.
TEST(CryptoPan, GivesWhatAnotherImplementationGivesAlsoOfIpv6) {
  CryptoPan::Key key{};
  std::ranges::copy(std::string_view("32-char-str-for-AES-key-and-pad."), key.begin());
  CryptoPan pan(key);
  EXPECT_EQ(wire::to_text(pan.hide(address("192.0.2.1"))), "192.0.125.244");
  EXPECT_EQ(wire::to_text(pan.hide(address("2001:db8::1"))), "27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd");
}

int common_prefix(const wire::Address& a, const wire::Address& b) {
  const std::uint64_t high = __builtin_bswap64(a.high ^ b.high);
  return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(__builtin_bswap64(a.low ^ b.low));
}

TEST(CryptoPan, KeepsCommonPrefixesExactlyAndCanBeUndone) {
  std::mt19937_64 random(1);
  CryptoPan pan(kReferenceKey);
  for (int round = 0; round < 2000; ++round) {
    const bool v4 = round % 2 == 0;
    const auto draw = [&] {
      wire::Address drawn{random(), random()};
      return v4 ? wire::Address{0, (drawn.low & 0xFFFFFFFF00000000) | 0xFFFF0000} : drawn;
    };
    const wire::Address a = draw();
    wire::Address b = a;
    b.low ^= std::uint64_t{1} << (v4 ? 32 + random() % 32 : random() % 64);
    EXPECT_EQ(common_prefix(pan.hide(a), pan.hide(b)), common_prefix(a, b));
    EXPECT_EQ(pan.show(pan.hide(a)), a);
    EXPECT_EQ(pan.hide(a).is_v4(), v4);
  }
}

PrivacyKey key() {
  return {kReferenceKey, {}};
}

std::shared_ptr<const matchers::PublicSuffixes> suffixes() {
  static const auto list = std::make_shared<const matchers::PublicSuffixes>(matchers::PublicSuffixes::read());
  return list;
}

std::vector<std::string> labels_of(const std::string& name) {
  std::vector<std::string> labels(1);
  for (const char c : name) {
    if (c == '.')
      labels.emplace_back();
    else
      labels.back() += c;
  }
  return labels;
}

// Thirteen letters and digits that say nothing.
bool is_hash(const std::string& label) {
  return label.size() == 13 && label.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == label.npos;
}

TEST(Hiding, ShowsTheRegisteredDomainOfANameAndNothingBelow) {
  Hiding hiding(key(), suffixes());
  const std::string hidden = hiding.name("pc17.physics.example.ac.jp");
  EXPECT_TRUE(hidden.ends_with(".example.ac.jp")) << hidden;
  EXPECT_EQ(hidden.find("pc17"), std::string::npos);
  EXPECT_EQ(hidden.find("physics"), std::string::npos);
  EXPECT_EQ(hidden, hiding.name("PC17.physics.example.ac.jp."));
  EXPECT_NE(hidden, hiding.name("pc18.physics.example.ac.jp"));
  // Whoever is in the same place is in the same place still.
  EXPECT_EQ(hidden.substr(hidden.find('.')),
            hiding.name("other.physics.example.ac.jp").substr(hidden.find('.')));
  EXPECT_EQ(hiding.name("example.com"), "example.com");
  EXPECT_EQ(hiding.name("com"), "com");
  EXPECT_EQ(hiding.name("ck"), "ck");
  EXPECT_EQ(hiding.name("."), ".");
  EXPECT_EQ(hiding.name(""), "");
  PrivacyKey other = key();
  other.octets[3] ^= 1;
  EXPECT_NE(Hiding(other, suffixes()).name("pc17.physics.example.ac.jp"), hidden);
}

// Names that are good within a house only, whatever is put behind them.
TEST(Hiding, ShowsNoNameBelowASuffixThatTheListDoesNotName) {
  struct Case {
    const char* clear;
    std::size_t hashes;
    const char* shown;
  };
  constexpr Case kCases[] = {{"johns-laptop", 1, ""},
                             {"wpad", 1, ""},
                             {"10-1-0-77", 1, ""},
                             {"johns-laptop.corp", 1, "corp"},
                             {"johns-laptop.local", 1, "local"},
                             {"printer.johns-laptop.lan", 2, "lan"},
                             {"lists.dept.campus.example", 3, "example"},
                             {"printer.10-1-0-77", 2, ""},
                             {"[10.1.0.77]", 4, ""},
                             {"10.1.0.77.", 4, ""},
                             {"johns-laptop.home.arpa", 1, "home.arpa"},
                             {"wpad..no.name", 1, ""}};
  for (const bool with_list : {true, false}) {
    Hiding hiding(key(), with_list ? suffixes() : nullptr);
    for (const auto& [clear, hashes, shown] : kCases) {
      if (!with_list && std::string(shown) == "home.arpa") continue;
      const std::string hidden = hiding.name(clear);
      std::vector<std::string> labels = labels_of(hidden);
      ASSERT_GE(labels.size(), hashes) << hidden;
      for (std::size_t i = 0; i < hashes; ++i) EXPECT_TRUE(is_hash(labels[i])) << clear << " " << hidden;
      const std::string rest = hidden.substr(std::min(hidden.size(), hashes * 14));
      EXPECT_EQ(rest, shown) << clear << " " << hidden;
    }
  }
  Hiding blind(key(), nullptr);
  EXPECT_TRUE(is_hash(labels_of(blind.name("example.com"))[0]));
  EXPECT_TRUE(blind.name("example.com").ends_with(".com"));
  EXPECT_TRUE(is_hash(blind.name("com")));
}

// Many ask for addresses where a name is wanted.
TEST(Hiding, HidesAnAddressThatWasAskedForAsAName) {
  Hiding hiding(key(), suffixes());
  EXPECT_EQ(hiding.name("128.11.68.132"), "135.242.180.132");
  EXPECT_EQ(hiding.name("2001:db8::1"), wire::to_text(hiding.address(address("2001:db8::1"))));
}

// What stands before is told apart by where it stands: nobody counts how often "www" or "1" is asked for.
TEST(Hiding, HashesALabelWithTheNamesThatItIsIn) {
  Hiding hiding(key(), suffixes());
  EXPECT_NE(labels_of(hiding.name("www.example.com"))[0], labels_of(hiding.name("www.example.org"))[0]);
  const auto twice = labels_of(hiding.name("a.a.example.com"));
  EXPECT_NE(twice[0], twice[1]);
  EXPECT_EQ(twice[1], labels_of(hiding.name("a.example.com"))[0]);
  // HMAC with SHA-256, by Python's hmac: the key's hashes are the same in every version.
  EXPECT_EQ(hiding.name("a.www.example.com"), "cvbtlvbmqmnoz.h2bl2lmf3a5es.example.com");
  // Also if more was asked for meanwhile than is remembered.
  const std::string before = hiding.name("a.b.example.com");
  for (int i = 0; i < 100'000; ++i) hiding.name(std::to_string(i) + ".example.com");
  EXPECT_EQ(hiding.name("a.b.example.com"), before);
  EXPECT_EQ(hiding.name("new.example.com"), Hiding(key(), suffixes()).name("new.example.com"));
}

// The name of a host, or of a network, in the tree of addresses is hidden as the address is.
TEST(Hiding, HidesReverseNamesAsTheirAddresses) {
  Hiding hiding(key(), suffixes());
  const auto parts = labels_of(wire::to_text(hiding.address(address("128.11.68.132"))));
  EXPECT_EQ(hiding.name("132.68.11.128.in-addr.arpa"), "132.180.242.135.in-addr.arpa");
  EXPECT_EQ(hiding.name("68.11.128.IN-ADDR.ARPA."), "180.242.135.in-addr.arpa");
  EXPECT_EQ(hiding.name("128.in-addr.arpa"), "135.in-addr.arpa");
  EXPECT_EQ(hiding.name("in-addr.arpa"), "in-addr.arpa");
  EXPECT_NE(hiding.name("0.in-addr.arpa"), "0.in-addr.arpa");

  CryptoPan::Key text_key{};
  std::ranges::copy(std::string_view("32-char-str-for-AES-key-and-pad."), text_key.begin());
  Hiding other({text_key, {}}, suffixes());
  // 2001:db8::1 and 27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd, as above.
  const std::string zeros = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.";
  EXPECT_EQ(other.name("1." + zeros + "8.b.d.0.1.0.0.2.ip6.arpa"),
            "d.f.3.8.1.e.0.f.e.f.0.f.f.1.e.1.e.1.0.0.e.e.f.0.7.c.b.8.e.f.7.2.ip6.arpa");
  EXPECT_EQ(other.name("8.B.D.0.1.0.0.2.ip6.arpa"), "7.c.b.8.e.f.7.2.ip6.arpa");
  EXPECT_EQ(other.name("d.0.1.0.0.2.ip6.arpa"), "b.8.e.f.7.2.ip6.arpa");
  EXPECT_EQ(other.name("2.ip6.arpa"), "2.ip6.arpa");  // as the address has it
  EXPECT_NE(other.name("0.0.0.0.ip6.arpa"), "0.0.0.0.ip6.arpa");
}

TEST(Hiding, HashesWhatIsNoNumberInAReverseName) {
  Hiding hiding(key(), suffixes());
  for (const auto& [clear, hashes, rest] :
       {std::tuple{"b._dns-sd._udp.132.68.11.128.in-addr.arpa", 3, "132.180.242.135.in-addr.arpa"},
        {"7.132.68.11.128.in-addr.arpa", 1, "132.180.242.135.in-addr.arpa"},
        {"132.128-25.68.11.128.in-addr.arpa", 2, "180.242.135.in-addr.arpa"},  // RFC 2317
        {"300.128.in-addr.arpa", 1, "135.in-addr.arpa"},
        {"011.128.in-addr.arpa", 1, "135.in-addr.arpa"},
        {"10.0.0.0.0.1.0.0.2.x.ip6.arpa", 10, "ip6.arpa"},
        {"johns-laptop.in-addr.arpa", 1, "in-addr.arpa"}}) {
    const std::string hidden = hiding.name(clear);
    const auto labels = labels_of(hidden);
    for (int i = 0; i < hashes; ++i) EXPECT_TRUE(is_hash(labels[static_cast<std::size_t>(i)])) << hidden;
    EXPECT_EQ(hidden.substr(static_cast<std::size_t>(hashes) * 14), rest) << clear;
  }
}

TEST(Hiding, HidesEveryAddressInASentence) {
  Hiding hiding(key(), nullptr);
  EXPECT_EQ(hiding.text("Its bounces come to mx (128.11.68.132)."),
            "Its bounces come to mx (135.242.180.132).");
  EXPECT_EQ(hiding.text("from 129.118.74.4, 130.132.252.244."), "from 134.136.186.123, 133.68.164.234.");
  EXPECT_EQ(hiding.text("at 17:23, 3.5 times 1.2.3"), "at 17:23, 3.5 times 1.2.3");
  EXPECT_EQ(hiding.text("face it: dead beef"), "face it: dead beef");
  const std::string v6 = hiding.text("to 2001:db8:1::25: often");
  EXPECT_EQ(v6.find("2001:db8"), std::string::npos) << v6;
  EXPECT_TRUE(v6.ends_with(": often"));
}

// Whatever stands right before or behind it.
TEST(Hiding, HidesAnAddressBesideColonsAndLetters) {
  Hiding hiding(key(), nullptr);
  const std::string v4 = "135.242.180.132";
  const auto v6 = [&](const char* clear) { return wire::to_text(hiding.address(address(clear))); };
  EXPECT_EQ(hiding.text("128.11.68.132:25"), v4 + ":25");
  EXPECT_EQ(hiding.text(":128.11.68.132:"), ":" + v4 + ":");
  EXPECT_EQ(hiding.text("Connect:128.11.68.132 REJECT"), "Connect:" + v4 + " REJECT");
  EXPECT_EQ(hiding.text("face:128.11.68.132.."), "face:" + v4 + "..");
  EXPECT_EQ(hiding.text("x128.11.68.132and"), "x" + v4 + "and");
  EXPECT_EQ(hiding.text("Connect:IPv6:2001:db8:1:2:3:4:5:6 REJECT"),
            "Connect:IPv6:" + v6("2001:db8:1:2:3:4:5:6") + " REJECT");
  EXPECT_EQ(hiding.text("Connect:IPv6:2001:db8::1"), "Connect:IPv6:" + v6("2001:db8::1"));
  EXPECT_EQ(hiding.text("[2001:db8::1]:25"), "[" + v6("2001:db8::1") + "]:25");
  EXPECT_EQ(hiding.text("client:::1:"), "client:" + v6("::1") + ":");
  EXPECT_EQ(hiding.text("::ffff:128.11.68.132"), v4);
  EXPECT_EQ(hiding.text("x::128.11.68.132"), "x::" + v4);
  EXPECT_EQ(hiding.text("fe80::1%eth0"), v6("fe80::1") + "%eth0");
}

// Which of two that overlap is meant, nobody knows: neither is shown.
TEST(Hiding, HidesAllOfWhatCanBeReadAsSeveralAddresses) {
  Hiding hiding(key(), nullptr);
  EXPECT_TRUE(is_hash(hiding.text("5.10.1.0.77")));
  EXPECT_TRUE(is_hash(hiding.text("7:2001:db8:1:2:3:4:5:6")));
  EXPECT_TRUE(is_hash(hiding.text("2001:db8:1:2:3:4:5:10.1.0.77")));
  EXPECT_NE(hiding.text("5.10.1.0.77"), hiding.text("5.10.1.0.78"));
}

TEST(Hiding, HidesInALongTextInLinearTime) {
  Hiding hiding(key(), nullptr);
  for (const std::string part : {"a:", "1.", "1:", "::", "f", "7", "10.1.0.77:", "2001:db8::1 "}) {
    std::string clear;
    while (clear.size() < 200'000) clear += part;
    const auto start = std::chrono::steady_clock::now();
    const std::string hidden = hiding.text(clear);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10)) << part;
    EXPECT_EQ(hidden.find("10.1.0.77"), std::string::npos);
    EXPECT_EQ(hidden.find("2001:db8::1"), std::string::npos);
  }
}

// With the evidence, all of it text, of every detector that names an address or a domain.
TEST(Hiding, LeavesNoAddressAndNoNameOfAFindingAsItWas) {
  Hiding hiding(key(), suffixes());
  const auto until = std::chrono::sys_days(std::chrono::year(2027) / 1 / 31);
  const std::string list = "lists.dept.campus.example";
  for (const char* client : {"10.1.0.77", "2001:db8::77", "2001:db8:1:2:3:4:5:77"}) {
    aggregator::Finding clear;
    clear.subject = address(client);
    clear.evidence = {
        {"client", std::string(client)},
        {"top_client", std::string(client)},
        {"target", std::string(client)},
        {"postfix_check_client_access", aggregator::postfix_access_lines(address(client), until)},
        {"sendmail_access_map", aggregator::sendmail_access_lines(address(client), until)},
        {"deferred_domains", std::vector<std::string>{"campus.example", list, "wpad", "example.com"}},
        {"rejected_domains", std::vector<std::string>{list, "pc17.example.com"}},
        {"forged_domains", std::vector<std::string>{"johns-laptop.corp"}},
        {"type_change", std::string("MX 3.5 times")}};
    clear.advice = "Reject " + std::string(client) + " on mx (" + client + "), most of it for " + list +
                   ": look in it, first of all johns-laptop.corp.";
    const aggregator::Finding hidden = hiding.finding(clear);
    const std::string shown = wire::to_text(hiding.address(address(client)));
    EXPECT_EQ(wire::to_text(hidden.subject), shown);
    std::string all = hidden.advice;
    for (const auto& [name, value] : hidden.evidence) {
      if (const auto* one = std::get_if<std::string>(&value)) all += "\n" + *one;
      if (const auto* several = std::get_if<std::vector<std::string>>(&value))
        for (const std::string& each : *several) all += "\n" + each;
    }
    for (const std::string part :
         {"10.1.0.77", "2001:db8", ":77", "lists", "dept", "campus", "wpad", "pc17", "johns", "laptop"})
      EXPECT_EQ(all.find(part), std::string::npos) << part << " in " << all;
    const bool v4 = address(client).is_v4();
    EXPECT_NE(all.find("Connect:" + (v4 ? shown : "IPv6:" + shown) + " REJECT"), std::string::npos) << all;
    EXPECT_NE(all.find("\n" + shown + " REJECT"), std::string::npos) << all;
    EXPECT_NE(all.find("\nexample.com"), std::string::npos) << all;
    EXPECT_NE(all.find("tapline: remove on 2027-01-31"), std::string::npos) << all;
    EXPECT_EQ(hidden.advice, "Reject " + shown + " on mx (" + shown + "), most of it for " +
                                 hiding.name(list) + ": look in it, first of all " +
                                 hiding.name("johns-laptop.corp") + ".");
  }
}

// A domain may be a word of the sentence, or the end of another one.
TEST(Hiding, HidesADomainInAnAdviceWhereItStandsByItself) {
  Hiding hiding(key(), suffixes());
  aggregator::Finding clear;
  clear.evidence = {{"deferred_domains", std::vector<std::string>{"corp", "corp:b", "a.corp", ""}}};
  clear.advice = "For a.corp: corporate mail for corp:b, corp.";
  EXPECT_EQ(hiding.finding(clear).advice, "For " + hiding.name("a.corp") + ": corporate mail for " +
                                              hiding.name("corp:b") + ", " + hiding.name("corp") + ".");
}

TEST(Hiding, LeavesNoAddressOfASummaryAsItWas) {
  Hiding hiding(key(), nullptr);
  const aggregator::Summary clear = fabricated::campus(1000);
  const aggregator::Summary hidden = hiding.summary(clear);
  ASSERT_EQ(hidden.clients.size(), clear.clients.size());
  ASSERT_FALSE(clear.clients.empty());
  for (std::size_t i = 0; i < clear.clients.size(); ++i) {
    EXPECT_NE(hidden.clients[i].address, clear.clients[i].address);
    EXPECT_EQ(hidden.clients[i].queries, clear.clients[i].queries);
    EXPECT_EQ(hiding.shown(hidden.clients[i].address), clear.clients[i].address);
  }
}

TEST(Hiding, HidesTheNamesInEveryRankingOfASummary) {
  Hiding hiding(key(), suffixes());
  aggregator::Summary clear = fabricated::campus(1000);
  clear.domains.push_back({"johns-laptop.corp", 3, 0});
  aggregator::MailServerSummary mail;
  mail.deferred_domains = {{"lists.dept.campus.example", 7, 1}, {"example.com", 3, 0}};
  mail.rejected_domains = {{"pc17.example.com", 5, 0}};
  clear.hosts.emplace().mail = {mail};
  const aggregator::Summary hidden = hiding.summary(clear);
  for (std::size_t i = 0; i < clear.names.size(); ++i)
    EXPECT_EQ(hidden.names[i].name, hiding.name(clear.names[i].name));
  EXPECT_NE(hidden.names[2].name, "25.0.1.10.in-addr.arpa");
  EXPECT_EQ(hidden.domains[0].name, "example.com");
  EXPECT_TRUE(is_hash(labels_of(hidden.domains[1].name)[0])) << hidden.domains[1].name;  // campus.example
  EXPECT_EQ(hidden.domains.back().name, hiding.name("johns-laptop.corp"));
  const auto& domains = hidden.hosts->mail[0];
  EXPECT_EQ(domains.deferred_domains[0].domain, hiding.name("lists.dept.campus.example"));
  EXPECT_EQ(domains.deferred_domains[0].count, 7U);
  EXPECT_EQ(domains.deferred_domains[1].domain, "example.com");
  EXPECT_EQ(domains.rejected_domains[0].domain, hiding.name("pc17.example.com"));
}

// Its event logs and its fleet are in trouble, and say so with addresses.
class TroubledSensor final : public tests::FixedSensor {
 public:
  std::shared_ptr<const SensorState> state() override {
    if (made_ == nullptr) {
      auto state = std::make_shared<SensorState>(*FixedSensor::state());
      state->summary.live->event_logs = {
          {"syslog 10.1.0.99:601 by TLS", 10, 2, 0, "10.1.0.99:601 refuses (peer log.campus.example)"},
          {"file /srv/campus/eve.json", 10, 2, 2, ""}};
      state->summary.live->fleet->to = "https://db.campus.example:8443";
      state->summary.live->fleet->trouble = "https://db.campus.example:8443 cannot be found";
      made_ = std::move(state);
    }
    return made_;
  }

 private:
  std::shared_ptr<const SensorState> made_;
};

TEST(PrivateSensor, SaysWhichSinkIsInTroubleAndNotWhereItIs) {
  TroubledSensor clear;
  PrivateSensor sensor(clear, Hiding(key(), suffixes()));
  Api api(sensor);
  const auto body = [&](const char* path, bool text) {
    ApiRequest request = {"GET", path, {}, false};
    if (text) request.parameters.emplace("format", "text");
    const ApiAnswer answer = api.answer(request);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  };
  const std::string status = body("/api/v1/status", false);
  const std::string metrics = api.metrics().body;
  const std::string all = status + body("/api/v1/status", true) + body("/api/v1/summary", false) +
                          body("/api/v1/summary", true) + metrics;
  for (const char* told : {"10.1.0.99", "601", "8443", "campus", "eve.json", "refuses"})
    EXPECT_EQ(all.find(told), std::string::npos) << all.substr(all.find(told) - 80, 160);
  EXPECT_NE(status.find("\"to\":\"syslog 1\""), std::string::npos) << status;
  EXPECT_NE(status.find("\"to\":\"file 2\""), std::string::npos);
  EXPECT_NE(status.find("\"to\":\"fleet\""), std::string::npos);
  EXPECT_NE(status.find("event log syslog 1: takes nothing now; 'tapline status' on the sensor says why"),
            std::string::npos);
  EXPECT_NE(status.find("fleet: takes nothing now; 'tapline status' on the sensor says why"),
            std::string::npos);
  EXPECT_NE(metrics.find("log=\"syslog 1\"} 0"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("log=\"file 2\"} 1"), std::string::npos);
  EXPECT_NE(Api(clear).answer({"GET", "/api/v1/status", {}, false}).body.find("10.1.0.99:601"),
            std::string::npos);
}

class PrivacyKeyFile : public testing::Test {
 protected:
  std::string complaint(const std::string& text, mode_t mode = 0640) {
    const std::string file = scratch_.path("key");
    std::ofstream(file) << text;
    chmod(file.c_str(), mode);
    try {
      read_privacy_key(file);
    } catch (const std::runtime_error& error) {
      std::string sentence = error.what();
      for (std::size_t at; (at = sentence.find(file)) != std::string::npos;)
        sentence.replace(at, file.size(), "FILE");
      return sentence;
    }
    return "";
  }

  tests::ScratchDirectory scratch_;
};

TEST_F(PrivacyKeyFile, IsReadAsItIsMade) {
  using namespace std::chrono_literals;
  const std::string text = new_privacy_key(2027y / 1 / 31);
  EXPECT_NE(text, new_privacy_key(2027y / 1 / 31));
  EXPECT_EQ(complaint(text), "");
  EXPECT_EQ(read_privacy_key(scratch_.path("key")).until, 2027y / 1 / 31);
}

TEST_F(PrivacyKeyFile, WhatIsWrongWithItIsSaidWithoutSayingIt) {
  const std::string digits(64, 'a');
  EXPECT_EQ(complaint(digits + "\n"), "");
  EXPECT_EQ(complaint(digits, 0644), "FILE can be read by everybody; chmod o-rwx FILE mends it");
  EXPECT_EQ(complaint(digits + "a"), "the first line of FILE is not a key of 64 hexadecimal digits");
  EXPECT_EQ(complaint(std::string(64, 'g')), "the first line of FILE is not a key of 64 hexadecimal digits");
  EXPECT_EQ(complaint(""), "the first line of FILE is not a key of 64 hexadecimal digits");
  EXPECT_EQ(complaint(digits + "\nuntil tomorrow\n"),
            "the second line of FILE is not a date such as 'until 2027-01-31'");
  EXPECT_THROW(read_privacy_key(scratch_.path("none")), std::runtime_error);
}

}  // namespace
}  // namespace mgmt

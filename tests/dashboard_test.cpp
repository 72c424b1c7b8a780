// The dashboard in a real browser: it shows what the API says, as it happens, to everybody who may see it,
// and asks nobody else. With TAPLINE_SCREENSHOTS, a folder, its pictures are kept there.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <stop_token>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/browser.h"
#include "tests/support/capture_builder.h"
#include "tests/support/captures.h"
#include "tests/support/packet_builder.h"
#include "tests/support/world/recorder.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr const char* kCampus = R"(
[network]
internal = ["10.1.0.0/16", "2001:db8:1::/48"]
local_domains = ["campus.example"]
[[mail_server]]
name = "mx"
address = "10.1.0.25"
[[dns_server]]
name = "dns"
address = ["10.1.0.53", "2001:db8:1::53"]
[detectors]
step = "1s"
learn = "15s"
window = "10s"
)";

constexpr const char* kTab = "\uE004";
constexpr const char* kEscape = "\uE00C";
constexpr const char* kLeft = "\uE012";

// Everything that is written, and what it is written on: the ratio of their luminances must be 4.5 (WCAG 2.1,
// 1.4.3). Returns a line for each that has less.
constexpr const char* kFaintText = R"(
const parts = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ground = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const color = parts(getComputedStyle(e).backgroundColor);
    if (color.length === 3 || color[3] === 1) return color;
  }
  return [255, 255, 255];
};
const faint = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let seen = 0;
while (walk.nextNode()) {
  const element = walk.currentNode.parentElement;
  if (!walk.currentNode.textContent.trim() || !element.checkVisibility() || element.closest(".unseen, :disabled, script, noscript, option")) continue;
  ++seen;
  const style = getComputedStyle(element);
  const [a, b] = [luminance(parts(element.closest("svg") ? style.fill : style.color)), luminance(ground(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) faint.push(`${element.tagName}.${element.className} "${walk.currentNode.textContent.trim()}" ${ratio.toFixed(2)}`);
}
return [seen, ...faint];
)";

// Of each chart that is there: its name, and how many pixels have the color of its first curve.
constexpr const char* kDrawn = R"(
return Object.fromEntries([...document.querySelectorAll(".plot")].filter((plot) => !plot.hidden).map((plot) => {
  const key = plot.closest("figure").querySelector(".swatch");
  const [red, green, blue] = getComputedStyle(key).borderTopColor.match(/\d+/g).map(Number);
  const canvas = plot.querySelector("canvas");
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext("2d", {willReadFrequently: true});
  context.drawImage(canvas, 0, 0);
  const {data} = context.getImageData(0, 0, copy.width, copy.height);
  let drawn = 0;
  for (let i = 0; i < data.length; i += 4)
    drawn += Math.hypot(data[i] - red, data[i + 1] - green, data[i + 2] - blue) < 60 && data[i + 3] > 100;
  return [plot.getAttribute("aria-label"), drawn];
}));
)";

class Dashboard : public testing::Test {
 protected:
  // An attack that is found, made once.
  static void SetUpTestSuite() {
    made_ = std::make_unique<ScratchDirectory>();
    const auto* scenario = world::scenario_named("backscatter_many_clients");
    ASSERT_NE(scenario, nullptr);
    world::Recorder().record(*scenario, scenario->strengths.back(), 1, attack());
  }
  static void TearDownTestSuite() { made_.reset(); }
  static std::string attack() { return made_->path("attack.pcap"); }

  void SetUp() override {
    const std::string lacks = browser_lacks();
    if (!lacks.empty()) GTEST_SKIP() << lacks;
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(http_); }
  std::string errors() const { return contents_of(scratch_.path("run.err")); }

  json get(const std::string& path) const {
    const auto result = httplib::Client(url()).Get("/api/v1/" + path);
    return result ? json::parse(result->body, nullptr, false) : json();
  }

  void start(const std::string& port, const std::string& rest) {
    std::ofstream(scratch_.path("tapline.toml"))
        << "[[port]]\n"
        << port << rest << "[socket]\npath = \"" << scratch_.path("tapline.sock")
        << "\"\n[http]\nlisten = \"127.0.0.1:" << http_ << "\"\n"
        << http_keys_;
    start_again();
  }
  void start_again() {
    sensor_.emplace(std::vector<std::string>{tapline(), "run", "--json", "--stay", "--config",
                                             scratch_.path("tapline.toml")},
                    scratch_.path("run.json"), scratch_.path("run.err"));
    ASSERT_TRUE(eventually([&] { return errors().find(url()) != std::string::npos; })) << errors();
  }

  // Of a capture that is through.
  void replay(const std::string& capture, const std::string& rest) {
    start("name = \"" + capture + "\"\ndriver = \"pcap\"\n", rest);
    ASSERT_TRUE(eventually([&] {
      const json status = get("status");
      return status.is_object() && status["capturing"] == false;
    })) << errors();
  }

  static bool ready(Browser& browser) {
    return eventually([&] { return browser.run("return document.body.dataset.ready ?? ''") == "true"; });
  }

  std::unique_ptr<Browser> opened(const Browser::Window& window = {}) {
    auto browser = std::make_unique<Browser>(window);
    browser->open(url());
    EXPECT_TRUE(ready(*browser)) << browser->complaints();
    return browser;
  }

  static std::string text_of(Browser& browser, const std::string& selector) {
    return browser.run("return document.querySelector(arguments[0])?.textContent ?? 'nothing'",
                       json::array({selector}));
  }

  void expect_to_ask_only_the_sensor(Browser& browser) const {
    const auto requests = browser.requests();
    EXPECT_GT(requests.size(), 20U);
    for (const std::string& request : requests) EXPECT_TRUE(request.starts_with(url() + "/")) << request;
  }

  inline static std::unique_ptr<ScratchDirectory> made_;
  ScratchDirectory scratch_;
  const std::uint16_t http_ = free_port();
  std::string http_keys_;
  std::optional<Process> sensor_;
};

std::string without_commas(std::string text) {
  std::erase(text, ',');
  return text;
}

TEST_F(Dashboard, ShowsWhatTheApiSays) {
  replay(attack(), kCampus);
  const auto browser = opened();

  for (const char* ranking : {"clients", "names", "domains", "ports", "smtp-clients", "unresolved"}) {
    const json rows = get(std::string("top/") + ranking + "?limit=8")["rows"];
    const json shown = browser->run(
        "return [...document.querySelectorAll(`[data-ranking='${arguments[0]}'] tbody tr`)].map((row) => "
        "[...row.cells].map((cell) => cell.textContent))",
        json::array({ranking}));
    ASSERT_EQ(shown.size(), rows.size()) << ranking;
    EXPECT_GT(rows.size(), 4U) << ranking;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (const char* field :
           {"address", "name", "domain", "client", "queries", "syns", "nxdomain", "clients"}) {
        if (!rows[i].contains(field)) continue;
        const std::string value =
            rows[i][field].is_string() ? rows[i][field].get<std::string>() : rows[i][field].dump();
        const bool there = std::ranges::any_of(shown[i], [&](const json& cell) {
          const std::string text = without_commas(cell);
          return text == value || text == "≤ " + value;
        });
        EXPECT_TRUE(there) << ranking << " " << field << " " << value << ": " << shown[i];
      }
    }
  }

  std::uint64_t highest = 0, queries = 0;
  const json series = get("series?host=mx&step=1s&fields=queries");
  for (const json& row : series["rows"]) {
    highest = std::max(highest, row[1].get<std::uint64_t>());
    queries += row[1].get<std::uint64_t>();
  }
  const json figures = browser->run(
      "const figure = [...document.querySelectorAll('#hosts figure')].find((figure) => "
      "figure.querySelector('h3').textContent === 'mx 10.1.0.25');"
      "return [...figure.querySelector('tbody tr').cells].map((cell) => cell.textContent)");
  EXPECT_EQ(figures[0], "total");
  EXPECT_NEAR(std::stod(without_commas(figures[1])),
              static_cast<double>(queries) / static_cast<double>(series["rows"].size()), 0.1);
  EXPECT_EQ(without_commas(figures[2]), std::to_string(highest));

  const json finding = get("findings")["rows"].back();
  ASSERT_EQ(finding["detector"], "backscatter");
  const std::string card = text_of(*browser, ".finding[data-id='" + finding["id"].dump() + "']");
  for (const char* field : {"advice", "severity", "name"})
    EXPECT_NE(card.find(finding[field].get<std::string>()), std::string::npos) << field << " " << card;
  EXPECT_NE(card.find(finding["evidence"]["forged_domains"][3].get<std::string>()), std::string::npos);

  EXPECT_EQ(browser->complaints(), "");
  expect_to_ask_only_the_sensor(*browser);
}

TEST_F(Dashboard, DrawsIt) {
  replay(attack(), kCampus);
  const auto browser = opened();
  const json drawn = browser->run(kDrawn);
  for (const char* chart :
       {"mx 10.1.0.25", "dns 10.1.0.53, asked", "Connections", "Queries", "Answers", "Frames"}) {
    ASSERT_TRUE(drawn.contains(chart)) << drawn;
    EXPECT_GT(drawn[chart], 500) << chart;
  }
  std::size_t bins = 0;
  const json delay = get("delay");
  for (const json& bin : delay["histogram"]) bins += bin["count"] > 0;
  EXPECT_GT(bins, 20U);
  EXPECT_EQ(browser->run("return document.querySelectorAll('.delays .bar').length"), bins);
  EXPECT_GT(browser->run("return document.querySelector('.delays .fit').getTotalLength()"), 100);
  browser->keep_picture("dashboard_light");
}

TEST_F(Dashboard, EveryWordCanBeReadInLightAndDark) {
  replay(attack(), kCampus);
  const auto browser = opened({1440, 900, "dark"});
  const auto expect_legible = [&](const char* theme) {
    json faint = browser->run(kFaintText);
    EXPECT_GT(faint[0], 150);
    faint.erase(0);
    EXPECT_EQ(faint, json::array()) << theme;
  };
  const auto ground = [&] { return browser->run("return getComputedStyle(document.body).backgroundColor"); };
  const json dark = ground();
  expect_legible("dark");
  browser->keep_picture("dashboard_dark");
  browser->prefer("light");
  const json light = ground();
  EXPECT_NE(dark, light);
  expect_legible("light");
  browser->run("document.getElementById('theme').click(); document.getElementById('theme').click()");
  EXPECT_EQ(ground(), dark) << "the switch says dark, whatever the system prefers";
  browser->open(url());
  EXPECT_TRUE(ready(*browser));
  EXPECT_EQ(ground(), dark) << "and is remembered";
}

TEST_F(Dashboard, FitsAPhoneAndAWall) {
  replay(attack(), kCampus);
  for (const auto& [name, window] : {std::pair("phone", Browser::Window{390, 844, "dark"}),
                                     std::pair("wall", Browser::Window{3840, 2160, "dark"})}) {
    const auto browser = opened(window);
    browser->keep_picture(std::string("dashboard_") + name);
    browser->run("for (const part of document.querySelectorAll('details')) part.open = true");
    EXPECT_EQ(browser->run("return document.documentElement.scrollWidth"), window.width) << name;
    EXPECT_EQ(browser->run(
                  "return [...document.querySelectorAll('button, input, select, .plot, h3')].filter((e) => "
                  "e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML)"),
              json::array())
        << name;
  }
}

TEST_F(Dashboard, AnyTimeCanBeShown) {
  replay(attack(), kCampus);
  const auto browser = opened();
  const auto shown = [&] { return text_of(*browser, "#shown"); };
  const std::string all = shown();
  EXPECT_NE(all.find("2 min 30 s, by the second"), std::string::npos) << all;

  // A drag over the middle third of the first chart.
  browser->run("document.querySelector('.plot').scrollIntoView({block: 'center'})");
  const json plot = browser->run(
      "const box = document.querySelector('.plot').getBoundingClientRect();"
      "return [box.left, box.top, box.width, box.height].map(Math.round)");
  const int y = plot[1].get<int>() + plot[3].get<int>() / 2, x = plot[0], width = plot[2];
  browser->drag(x + width / 3, y, x + 2 * width / 3, y);
  EXPECT_TRUE(eventually([&] { return shown() != all; })) << shown();
  EXPECT_TRUE(shown().starts_with("2023-11-15 09:00:3")) << shown();
  EXPECT_TRUE(eventually([&] {
    return browser->run(
               "return document.querySelector('#sensor .figures tbody td:nth-child(4)').textContent") <
           "2023-11-15 09:02";
  })) << "the highest is one of those shown";
  browser->run("document.getElementById('back').click()");
  EXPECT_EQ(shown(), all);

  const auto type = [&](const char* from, const char* to) {
    browser->run(
        "document.getElementById('from').value = arguments[0];"
        "document.getElementById('to').value = arguments[1];"
        "document.getElementById('between').requestSubmit()",
        json::array({from, to}));
  };
  browser->run("document.querySelector(`#spans input[value='60']`).click()");
  EXPECT_EQ(shown(), "2023-11-15 09:01:30 to 09:02:30 UTC, 1 min, by the second");
  browser->run("document.querySelector(`#spans input[value='${366 * 86400}']`).click()");
  EXPECT_EQ(shown(), all) << "there was nothing before";
  type("2023-11-15T09:01:00", "2023-11-15T10:00:00");
  EXPECT_EQ(shown(), "2023-11-15 09:01:00 to 10:00:00 UTC, 59 min, by the second");
  type("2023-11-15T00:00:00", "2023-11-16T00:00:00");
  EXPECT_EQ(shown(), "2023-11-15 00:00:00 to 2023-11-16 00:00:00 UTC, 1 d, by the minute");
  type("2023-01-01T00:00:00", "2024-01-01T00:00:00");
  EXPECT_EQ(shown(), "2023-01-01 00:00:00 to 2024-01-01 00:00:00 UTC, 365 d, by the day");
  type("2023-11-14T00:00:00", "2023-11-17T00:00:00");
  EXPECT_EQ(shown(), "2023-11-14 00:00:00 to 2023-11-17 00:00:00 UTC, 3 d, by the hour");
  EXPECT_TRUE(eventually([&] { return browser->run(kDrawn).value("Queries", 0) > 0; }))
      << "an hour is one point";
  type("2023-11-14T00:00:00", "2023-11-13T00:00:00");
  EXPECT_NE(text_of(*browser, "#between-wrong").find("after the beginning"), std::string::npos);
  browser->run("document.querySelector('.finding button').click()");
  EXPECT_NE(shown().find("by the second"), std::string::npos);
  EXPECT_EQ(browser->complaints(), "");
}

TEST_F(Dashboard, KeysReachEverything) {
  replay(attack(), kCampus);
  const auto browser = opened();
  const int controls = browser->run(
      "return [...document.querySelectorAll('a, button, select, summary, .plot, input:checked')]"
      ".filter((e) => e.checkVisibility() && !e.disabled).length");
  EXPECT_GT(controls, 50);
  std::set<int> reached;
  json without_outline = json::array();
  for (int i = 0; i < controls + 3; ++i) {
    browser->press(kTab);
    const json at = browser->run(R"(
        const at = document.activeElement;
        at.dataset.number ??= String(arguments[0]);
        const drawn = at.matches("#spans input") ? at.nextElementSibling : at;
        const style = getComputedStyle(drawn);
        return [Number(at.dataset.number), style.outlineStyle !== "none" || at === document.body, at.outerHTML.slice(0, 80)])",
                                 json::array({i}));
    reached.insert(at[0].get<int>());
    if (at[1] == false) without_outline.push_back(at[2]);
  }
  EXPECT_GE(static_cast<int>(reached.size()), controls);
  EXPECT_EQ(without_outline, json::array());

  // Along a chart, read out.
  browser->run("document.querySelector('.plot').focus()");
  browser->press(kLeft);
  const std::string heard = text_of(*browser, "#announcer");
  EXPECT_NE(heard.find("2023-11-15 09:02:2"), std::string::npos) << heard;
  EXPECT_NE(heard.find("unresolved "), std::string::npos) << heard;
  const std::string all = text_of(*browser, "#shown");
  browser->press("+");
  EXPECT_NE(text_of(*browser, "#shown"), all);
  browser->press(kEscape);
  EXPECT_EQ(text_of(*browser, "#shown"), all);
}

TEST_F(Dashboard, HasAPlanForScreenReaders) {
  replay(attack(), kCampus);
  const auto browser = opened();
  EXPECT_EQ(browser->run("return document.querySelectorAll('h1').length"), 1);
  EXPECT_EQ(browser->run("return document.querySelectorAll('main').length"), 1);
  EXPECT_EQ(browser->run(R"(
      const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1]));
      return levels.filter((level, i) => i > 0 && level > levels[i - 1] + 1))"),
            json::array());
  EXPECT_EQ(browser->run(R"(
      const named = (e) => e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length;
      return [...document.querySelectorAll("button, input, select, a, summary, .plot, table th")]
          .filter((e) => e.checkVisibility() && !named(e)).map((e) => e.outerHTML))"),
            json::array());
  EXPECT_EQ(browser->run("return [...document.querySelectorAll('section')].filter((s) => "
                         "!document.getElementById(s.getAttribute('aria-labelledby'))).length"),
            0);
  // Each chart says its figures in a table.
  EXPECT_EQ(browser->run("return [...document.querySelectorAll('figure')].filter((figure) => "
                         "!figure.querySelector('.figures tbody tr')).map((figure) => figure.textContent)"),
            json::array());
}

// A name may hold any octets: they are shown, and nothing else.
TEST_F(Dashboard, WhatStrangersWriteIsNoMarkup) {
  Pcap capture;
  Bytes query = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};  // one question
  for (const std::string label : {"<img/src=/x/onerror=document.title='gotcha'>", "<b>bold</b>", "example"}) {
    query.push_back(static_cast<std::uint8_t>(label.size()));
    query.insert(query.end(), label.begin(), label.end());
  }
  for (const std::uint8_t octet : {0, 0, 1, 0, 1}) query.push_back(octet);  // A, IN
  const Bytes frame = ethernet(kIpv4, ipv4(kUdp, "10.1.0.1", "10.1.0.53", udp(4'000, 53, query)));
  for (std::uint32_t i = 0; i < 5; ++i) capture.frame(1'700'000'000 + i, 0, frame);
  replay(scratch_.write("names.pcap", capture.bytes()), kCampus);
  const auto browser = opened();
  const std::string shown = text_of(*browser, "[data-ranking='names'] tbody th");
  EXPECT_EQ(shown, get("top/names")["rows"][0]["name"]);
  EXPECT_NE(shown.find("<img/src"), std::string::npos) << shown;
  EXPECT_EQ(browser->run("return document.querySelectorAll('main img, main b').length"), 0);
  EXPECT_EQ(browser->run("return document.title"), "tapline");
  EXPECT_EQ(browser->complaints(), "");
}

TEST_F(Dashboard, AnEmptyPageSaysWhatToConfigure) {
  replay((source_root() / "tests/fixtures/d_sessions/zeek_wikipedia.pcap").string(), "");
  const auto browser = opened();
  EXPECT_NE(text_of(*browser, "#findings-list").find("[network]\ninternal ="), std::string::npos);
  EXPECT_NE(text_of(*browser, "#hosts").find("[[dns_server]]"), std::string::npos);
  EXPECT_NE(text_of(*browser, "#mail").find("[syslog]"), std::string::npos);
  EXPECT_NE(text_of(*browser, "[data-ranking='smtp-clients'] .empty").find("[[mail_server]]"),
            std::string::npos);
  EXPECT_EQ(browser->complaints(), "");
  browser->keep_picture("dashboard_empty");
}

TEST_F(Dashboard, AsksForTheTokenThatTheSensorWants) {
  std::ofstream(scratch_.path("token")) << "a long secret\n";
  http_keys_ = "token_file = \"" + scratch_.path("token") + "\"\n";
  start("name = \"" + attack() + "\"\ndriver = \"pcap\"\n", kCampus);
  Browser browser({});
  browser.open(url());
  const auto asks = [&] {
    return browser.run("return document.getElementById('token-form').checkVisibility()") == true;
  };
  EXPECT_TRUE(eventually(asks));
  EXPECT_EQ(get("status")["error"]["status"], 401);
  EXPECT_EQ(browser.run("return document.querySelectorAll('.finding').length"), 0);
  const auto enter = [&](const char* token) {
    browser.run(
        "document.getElementById('token').value = arguments[0];"
        "document.getElementById('token-form').requestSubmit()",
        json::array({token}));
  };
  enter("a wrong one");
  EXPECT_TRUE(eventually(asks));
  enter("a long secret");
  EXPECT_TRUE(ready(browser));
  EXPECT_FALSE(asks());
  EXPECT_TRUE(
      eventually([&] { return browser.run("return document.querySelectorAll('.finding').length") == 1; }));
}

// Mail logs by syslog, as they are written: an attack that begins while somebody looks.
class LiveDashboard : public Dashboard {
 protected:
  void SetUp() override {
    Dashboard::SetUp();
    if (IsSkipped()) return;
    start("name = \"nowhere\"\ndriver = \"null\"\n",
          std::string("[syslog]\nlisten = \"127.0.0.1:") + std::to_string(syslog_) + R"("
[[mail_server]]
name = "mx"
address = "10.1.0.25"
log_from = "127.0.0.1"
[[dns_server]]
name = "dns"
address = "10.1.0.53"
log_from = "127.0.0.2"
[detectors]
step = "1s"
learn = "5s"
window = "5s"
)");
    mail_.emplace(SOCK_DGRAM, "127.0.0.1", syslog_);
    queries_.emplace(SOCK_DGRAM, "127.0.0.2", syslog_);
  }

  // A second of the logs, and that second.
  void work(int ordinary, int unknown_users) {
    for (int i = 0; i < ordinary; ++i) {
      const std::string number = std::to_string(++mails_);
      mail_->send("<22>1 - mx postfix/smtpd 1 - - connect from mail.example[192.0.2." + std::to_string(i) +
                  "]");
      if (i % 4 != 0)
        mail_->send("<22>1 - mx postfix/qmgr 1 - - 4C" + number +
                    ": from=<a@example.org>, size=1, nrcpt=1 (queue active)");
      for (int query = 0; query < 3 + mails_ % 3; ++query) {
        queries_->send(
            "<22>1 - dns named 1 - - client @0x7f 10.1.0.25#1234 (a.example): query: a.example IN A + "
            "(10.1.0.53)");
      }
    }
    for (int i = 0; i < unknown_users; ++i) {
      mail_->send(
          "<22>1 - mx postfix/smtpd 1 - - NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 550 5.1.1 "
          "<user" +
          std::to_string(i) +
          "@campus.example>: Recipient address rejected: User unknown in local recipient "
          "table; from=<x@bad.example> to=<user@campus.example> proto=ESMTP helo=<x>");
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }

  const std::uint16_t syslog_ = free_port();
  std::optional<SyslogSender> mail_;
  std::optional<SyslogSender> queries_;
  int mails_ = 0;
};

// How long the machine has stood still since, or this process had no core.
class Standstill {
 public:
  std::chrono::steady_clock::duration until_now() {
    ticking_.request_stop();
    ticking_.join();
    return sum_;
  }

 private:
  std::chrono::steady_clock::duration sum_{};
  std::jthread ticking_{[this](const std::stop_token& stop) {
    constexpr auto kTick = std::chrono::milliseconds(20);
    while (!stop.stop_requested()) {
      const auto before = std::chrono::steady_clock::now();
      std::this_thread::sleep_for(kTick);
      const auto late = std::chrono::steady_clock::now() - before - kTick;
      if (late > 10 * kTick) sum_ += late;
    }
  }};
};

TEST_F(LiveDashboard, AFindingIsThereWithinTwoSeconds) {
  using Clock = std::chrono::steady_clock;
  for (int second = 0; second < 8; ++second) work(4 + second % 3, 0);
  const auto browser = opened();
  EXPECT_NE(text_of(*browser, "#findings-list").find("Nothing"), std::string::npos);
  EXPECT_TRUE(eventually([&] { return text_of(*browser, "#health-text") == "sensor healthy"; }));

  std::atomic<bool> over = false;
  std::thread attack([&] {
    while (!over) work(5, 60);
  });
  std::optional<Clock::time_point> answered, shown;
  std::optional<Standstill> standstill;
  const bool both = eventually(
      [&] {
        if (!answered && get("findings").value("total", 0) > 0) {
          answered = Clock::now();
          standstill.emplace();
        }
        if (!shown && browser->run("return document.querySelectorAll('.finding.is-open').length") != 0)
          shown = Clock::now();
        return answered && shown;
      },
      std::chrono::seconds(60));
  over = true;
  attack.join();
  ASSERT_TRUE(both) << errors();
  EXPECT_LT(*shown - *answered - standstill->until_now(), std::chrono::seconds(2));
  EXPECT_NE(text_of(*browser, "#announcer").find("New finding: "), std::string::npos);
  EXPECT_TRUE(text_of(*browser, "title").starts_with("(")) << text_of(*browser, "title");

  EXPECT_TRUE(eventually([&] {
    const json drawn = browser->run(kDrawn);
    return drawn.value("Queries, observed and calculated", 0) > 100 &&
           drawn.value("MEE, mails accepted of connects", 0) > 50;
  })) << browser->run(kDrawn);
  EXPECT_NE(text_of(*browser, "#mail .model").find("SMTP sessions"), std::string::npos)
      << text_of(*browser, "#mail .model");
  EXPECT_EQ(browser->complaints(), "");
  expect_to_ask_only_the_sensor(*browser);
  browser->keep_picture("dashboard_finding");
}

TEST_F(LiveDashboard, SaysThatNobodyAnswersAndComesBack) {
  work(4, 0);
  const auto browser = opened();
  const auto gone = [&] {
    return browser->run("return document.getElementById('gone').checkVisibility()") == true;
  };
  EXPECT_TRUE(eventually([&] { return text_of(*browser, "#clock").find("UTC") != std::string::npos; }));
  EXPECT_FALSE(gone());
  sensor_.reset();
  EXPECT_TRUE(eventually(gone));
  EXPECT_NE(text_of(*browser, "#gone").find("The sensor does not answer."), std::string::npos);
  EXPECT_EQ(text_of(*browser, "#health-text"), "no answer");
  browser->keep_picture("dashboard_gone");
  start_again();
  EXPECT_TRUE(eventually([&] { return !gone(); }));
}

// The seconds in the tiles are those of the stream, one after the other.
TEST_F(LiveDashboard, TheNewestSecondIsThere) {
  const auto browser = opened();
  const auto clock = [&] { return text_of(*browser, "#clock"); };
  std::set<std::string> seconds;
  EXPECT_TRUE(eventually([&] {
    seconds.insert(clock());
    return seconds.size() >= 4;
  }));
  EXPECT_NE(text_of(*browser, ".tile .number"), "0");
}

}  // namespace
}  // namespace tests

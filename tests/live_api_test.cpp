// `tapline run` with its doors open: what it answers over HTTP and the Unix socket, to whom, and how it bears
// those who ask badly.
#include <algorithm>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "mgmt/api/openapi.h"
#include "tests/support/captures.h"
#include "tests/support/openapi.h"
#include "tests/support/privacy_key.h"
#include "tests/support/program.h"
#include "tests/support/syslog_sender.h"
#include "tests/support/test_certificate.h"
#include "tests/support/world/recorder.h"

namespace tests {
namespace {

using nlohmann::json;

constexpr const char* kCampus = R"(
[network]
internal = ["10.1.0.0/16"]
local_domains = ["campus.example"]
[[mail_server]]
name = "mx"
address = "10.1.0.25"
[[dns_server]]
name = "dns"
address = "10.1.0.53"
[detectors]
step = "1s"
learn = "15s"
window = "10s"
)";

class LiveApi : public testing::Test {
 protected:
  // An attack that is found, made once.
  static void SetUpTestSuite() {
    made_ = std::make_unique<ScratchDirectory>();
    const auto* scenario = world::scenario_named("backscatter_many_clients");
    ASSERT_NE(scenario, nullptr);
    world::Recorder().record(*scenario, scenario->strengths.back(), 1, capture());
  }
  static void TearDownTestSuite() { made_.reset(); }
  static std::string capture() { return made_->path("backscatter.pcap"); }

  std::string socket() const { return scratch_.path("tapline.sock"); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  std::string configuration(const std::string& more = "") {
    std::ofstream(scratch_.path("tapline.toml"))
        << "[[port]]\nname = \"" << capture() << "\"\ndriver = \"pcap\"\n"
        << kCampus << "[socket]\npath = \"" << socket() << "\"\n[http]\nlisten = \"127.0.0.1:" << port_
        << "\"\n"
        << more;
    return scratch_.path("tapline.toml");
  }

  std::unique_ptr<Process> start() {
    return std::make_unique<Process>(
        std::vector<std::string>{tapline(), "run", "--json", "--stay", "--config", configuration()},
        scratch_.path("run.json"), scratch_.path("run.err"));
  }

  // Through with its capture, and answering.
  std::unique_ptr<Process> start_and_wait() {
    auto process = start();
    EXPECT_TRUE(eventually([&] {
      const json status = get("/api/v1/status");
      return status.is_object() && status["capturing"] == false;
    })) << contents_of(scratch_.path("run.err"));
    return process;
  }

  json get(const std::string& path) const {
    httplib::Client client(url());
    client.set_read_timeout(60);  // under sanitizers, on a busy machine
    const auto result = client.Get(path);
    return result ? json::parse(result->body, nullptr, false) : json();
  }

  int command(const std::vector<std::string>& words) const {
    std::vector<std::string> all = {tapline()};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"--socket", socket()});
    return Process(all, scratch_.path("cli.out"), scratch_.path("cli.err")).wait();
  }
  std::string said() const { return contents_of(scratch_.path("cli.out")); }
  std::string complained() const { return contents_of(scratch_.path("cli.err")); }

  json report_of(Process& process) const {
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("run.err"));
    return json::parse(contents_of(scratch_.path("run.json")), nullptr, false);
  }

  inline static std::unique_ptr<ScratchDirectory> made_;
  ScratchDirectory scratch_;
  std::uint16_t port_ = free_port();
};

TEST_F(LiveApi, AnswersWhatTheDocumentPromisesAndTheReportSays) {
  const auto process = start_and_wait();
  const json document = get("/api/v1/openapi.json");
  EXPECT_EQ(document, json::parse(mgmt::openapi_document()));
  for (const auto& [path, methods] : document["paths"].items()) {
    if (!methods.contains("get") || path.find('{') != std::string::npos || path == "/api/v1/events" ||
        path == "/metrics")
      continue;
    EXPECT_EQ(departures(document, "GET", path, get(path)), "") << path;
  }
  EXPECT_EQ(departures(document, "GET", "/api/v1/hosts/{host}", get("/api/v1/hosts/mx")), "");
  const json summary = get("/api/v1/summary"), findings = get("/api/v1/findings?since=2023-01-01");
  const json series = get("/api/v1/series?host=mx&step=1s&fields=queries"),
             clients = get("/api/v1/top/clients?limit=10000");
  const json report = report_of(*process);
  for (const char* part : {"dns", "pairing", "clients", "names", "findings"})
    EXPECT_EQ(summary[part], report[part]) << part;
  EXPECT_EQ(clients["rows"], report["clients"]);
  ASSERT_EQ(findings["total"], report["findings"].size());
  EXPECT_EQ(findings["rows"].back()["id"], report["findings"][0]["id"]);
  std::uint64_t queries = 0, by_the_report = 0;
  for (const json& row : series["rows"]) queries += row[1].get<std::uint64_t>();
  for (const json& row : report["clients"]) {
    if (row["address"] == "10.1.0.25") by_the_report = row["queries"];
  }
  EXPECT_GT(queries, 100U);
  EXPECT_EQ(queries, by_the_report);
}

TEST_F(LiveApi, TheCommandsSayIt) {
  const auto process = start_and_wait();
  EXPECT_EQ(command({"status"}), 0) << complained();
  EXPECT_NE(said().find("healthy"), std::string::npos);
  EXPECT_EQ(command({"top", "clients", "--top", "3"}), 0) << complained();
  EXPECT_NE(said().find("3 of "), std::string::npos) << said();
  EXPECT_EQ(command({"top", "names", "--json", "--top", "2"}), 0);
  EXPECT_EQ(json::parse(said())["rows"].size(), 2U);
  for (const char* part : {"pairing", "delay", "dns", "mail", "summary", "patterns", "config"}) {
    EXPECT_EQ(command({"show", part}), 0) << part << complained();
    EXPECT_NE(said(), "") << part;
  }
  EXPECT_EQ(command({"show", "host", "mx"}), 0);
  EXPECT_NE(said().find("backscatter"), std::string::npos);
  EXPECT_EQ(command({"series", "mx", "--step", "1s", "--fields", "queries,unresolved"}), 0);
  EXPECT_NE(said().find("unresolved per second"), std::string::npos);
  EXPECT_EQ(command({"findings"}), 0);
  EXPECT_NE(said().find("backscatter"), std::string::npos);
  EXPECT_EQ(command({"findings", "ack", "1"}), 0) << complained();
  EXPECT_NE(json::parse(said())["acknowledged"], json());
  EXPECT_EQ(command({"findings", "ack", "77"}), 1);
  EXPECT_EQ(complained(), "tapline: there is no finding '77'\n");
  EXPECT_EQ(command({"reload"}), 0) << complained();
  EXPECT_EQ(command({"config", "reload"}), 0) << complained();
  EXPECT_EQ(command({"patterns", "reload"}), 0) << complained();
  EXPECT_EQ(command({"patterns", "list"}), 0) << complained();
  EXPECT_EQ(command({"mail"}), 0) << complained();
  EXPECT_EQ(command({"findings", "--since", "2023-11-15 08:00Z"}), 0) << complained();
  EXPECT_NE(said().find("backscatter"), std::string::npos);
  EXPECT_EQ(command({"findings", "--since", "-15m"}), 0) << complained();
  EXPECT_EQ(said().find("backscatter"), std::string::npos);
  EXPECT_EQ(command({"findings", "--since", "noon"}), 2);
  EXPECT_EQ(command({"show", "host", "nobody"}), 1);
  EXPECT_EQ(command({"top", "client"}), 2);
  EXPECT_NE(complained().find("did you mean clients?"), std::string::npos);
}

TEST_F(LiveApi, WhoeverMayNotIsToldSo) {
  const auto process = start_and_wait();
  httplib::Client client(url());
  EXPECT_EQ(client.Post("/api/v1/reload", "", "application/json")->status, 403);
  EXPECT_EQ(client.Get("/api/v1/status", {{"Host", "tapline.example.com"}})->status, 403);
  EXPECT_EQ(client.Get("/api/v1/status", {{"Host", "localhost:1"}})->status, 200);
  struct stat file {};
  ASSERT_EQ(stat(socket().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0660U);
}

// For other machines: TLS, and a token that is never told to anybody.
TEST_F(LiveApi, OtherMachinesNeedTlsAndTheToken) {
  const TestCertificate certificate("IP:127.0.0.1");
  certificate.save(scratch_.path("cert.pem"));
  certificate.save_key(scratch_.path("key.pem"));
  std::ofstream(scratch_.path("token")) << "a long secret\n";
  const auto with = [&](const std::string& keys) {
    const std::string file = configuration(keys);
    std::string text = contents_of(file);
    text.replace(text.find("127.0.0.1:"), 9, "0.0.0.0");
    std::ofstream(file) << text;
    return Process({tapline(), "run", "--json", "--stay", "--config", file}, scratch_.path("run.json"),
                   scratch_.path("run.err"));
  };
  const std::string tls =
      "tls_cert = \"" + scratch_.path("cert.pem") + "\"\ntls_key = \"" + scratch_.path("key.pem") + "\"\n";
  const std::string token = "token_file = \"" + scratch_.path("token") + "\"\n";
  for (const std::string& less : {std::string(), tls, token}) {
    Process refused = with(less);
    EXPECT_EQ(refused.wait(), 2);
    EXPECT_NE(contents_of(scratch_.path("run.err")).find("tls_cert, tls_key and token_file"),
              std::string::npos);
  }
  Process process = with(tls + token);
  httplib::SSLClient client("127.0.0.1", port_);
  client.set_ca_cert_path(scratch_.path("cert.pem").c_str());
  client.enable_server_certificate_verification(true);
  ASSERT_TRUE(eventually([&] { return static_cast<bool>(client.Get("/")); }))
      << contents_of(scratch_.path("run.err"));
  for (const char* path : {"/api/v1/status", "/api/v1/events", "/metrics"}) {
    EXPECT_EQ(client.Get(path)->status, 401) << path;
    for (const char* said :
         {"Bearer a long secre", "Bearer a long secret2", "Bearer", "Basic a long secret", ""})
      EXPECT_EQ(client.Get(path, {{"Authorization", said}})->status, 401) << path << said;
  }
  EXPECT_EQ(client.Get("/api/v1/status", {{"Authorization", "Bearer a long secret"}})->status, 200);
  EXPECT_EQ(client.Get("/metrics", {{"Authorization", "Bearer a long secret"}})->status, 200);
  EXPECT_FALSE(httplib::Client(url()).Get("/api/v1/status") &&
               httplib::Client(url()).Get("/api/v1/status")->status == 200)
      << "without TLS";
  EXPECT_EQ(command({"show", "config"}), 0);
  EXPECT_EQ((said() + complained()).find("long secret"), std::string::npos);
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(contents_of(scratch_.path("run.err")).find("long secret"), std::string::npos);
}

TEST_F(LiveApi, AnUnchangedAnswerIsNotSentAgain) {
  const auto process = start_and_wait();
  httplib::Client client(url());
  const auto first = client.Get("/api/v1/pairing");
  const std::string etag = first->get_header_value("ETag");
  EXPECT_NE(etag, "");
  const auto second = client.Get("/api/v1/pairing", {{"If-None-Match", etag}});
  EXPECT_EQ(second->status, 304);
  EXPECT_EQ(second->body, "");
}

TEST_F(LiveApi, WhatCanBeGotHasAHeadAndNoOtherMethod) {
  const auto process = start_and_wait();
  httplib::Client client(url());
  client.set_read_timeout(60);
  for (const char* path : {"/api/v1/status", "/metrics", "/", "/api/v1/events"}) {
    const auto head = client.Head(path);
    ASSERT_TRUE(head) << path;
    EXPECT_EQ(head->status, 200) << path;
    EXPECT_EQ(head->body, "") << path;
  }
  EXPECT_EQ(client.Head("/api/v1/pairing")->get_header_value("ETag"),
            client.Get("/api/v1/pairing")->get_header_value("ETag"));
  const auto is_refused = [](const httplib::Result& other) {
    return other && other->status == 405 && other->get_header_value("Allow") == "GET, HEAD";
  };
  for (const char* path : {"/api/v1/status", "/api/v1/openapi.json", "/api/v1/events", "/metrics", "/"}) {
    EXPECT_TRUE(is_refused(client.Post(path))) << path;
    EXPECT_TRUE(is_refused(client.Delete(path))) << path;
    EXPECT_TRUE(is_refused(client.Options(path))) << path;
  }
  EXPECT_EQ(client.Options("/api/v1/reload")->get_header_value("Allow"), "POST");
  EXPECT_EQ(client.Delete("/nothing")->status, 404);
  EXPECT_EQ(client.Get("/api/v1/openapi_json")->status, 404);
}

TEST_F(LiveApi, SecondsComeAsTheyEnd) {
  std::ofstream(scratch_.path("tapline.toml"))
      << "[[port]]\nname = \"" << (source_root() / "tests/fixtures/d_sessions/suri_browse_tls.pcap").string()
      << "\"\ndriver = \"pcap\"\ndevargs = \"infinite_rx=1\"\n[socket]\npath = \"" << socket()
      << "\"\n[http]\nlisten = \"127.0.0.1:" << port_ << "\"\n";
  Process process({tapline(), "run", "--json", "--config", scratch_.path("tapline.toml")},
                  scratch_.path("run.json"), scratch_.path("run.err"));
  ASSERT_TRUE(eventually([&] { return httplib::Client(url()).Get("/api/v1/status"); }));
  std::string events;
  httplib::Client client(url());
  client.set_read_timeout(30);
  client.Get("/api/v1/events", [&](const char* data, std::size_t length) {
    events.append(data, length);
    return std::count(events.begin(), events.end(), '{') < 4;  // two seconds: an object with counts each
  });
  const std::size_t first = events.find("event: second\ndata: ");
  ASSERT_NE(first, std::string::npos) << events;
  const std::size_t begin = events.find('{', first);
  const json second = json::parse(events.substr(begin, events.find('\n', begin) - begin));
  EXPECT_GT(second["counts"]["frames"], 0);
  EXPECT_TRUE(report_of(process).is_object());
}

TEST_F(LiveApi, PromtoolFindsNothingToComplainOf) {
  if (shell("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "promtool is missing: scripts/setup --ci";
  const auto process = start_and_wait();
  std::ofstream(scratch_.path("metrics")) << httplib::Client(url()).Get("/metrics")->body;
  EXPECT_EQ(shell("promtool check metrics <" + scratch_.path("metrics") + " >" + scratch_.path("promtool") +
                  " 2>&1"),
            0)
      << contents_of(scratch_.path("promtool"));
  EXPECT_EQ(contents_of(scratch_.path("promtool")), "");
}

TEST_F(LiveApi, ASecondSensorLeavesTheFirstOneItsSocket) {
  const auto first = start_and_wait();
  Process second({tapline(), "run", "--config", configuration()}, scratch_.path("2.out"),
                 scratch_.path("2.err"));
  EXPECT_EQ(second.wait(), 1);
  EXPECT_NE(contents_of(scratch_.path("2.err")).find("another tapline answers at"), std::string::npos);
  EXPECT_EQ(command({"status"}), 0) << complained();
}

TEST_F(LiveApi, AKilledSensorsSocketIsTakenOver) {
  auto first = start_and_wait();
  first->signal(SIGKILL);
  first->wait();
  EXPECT_TRUE(std::filesystem::exists(socket()));
  EXPECT_EQ(command({"status"}), 1);
  EXPECT_NE(complained().find("no sensor runs here"), std::string::npos) << complained();
  const auto second = start_and_wait();
  EXPECT_EQ(command({"status"}), 0) << complained();
  report_of(*second);
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(LiveApi, BadRequestsHurtNobodyElse) {
  const auto process = start_and_wait();
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n";
  const std::vector<std::string> nonsense = {
      "\r\n\r\n",
      "GET\r\n\r\n",
      std::string(200'000, 'A'),
      "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
      "GET /api/v1/top/%00%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /api/v1/series?from=99999999999999999999 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "POST /api/v1/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
      "POST /api/v1/reload HTTP/1.1\r\nHost: localhost\r\n" + chunked,
      "GET /api/v1/status HTTP/1.1\r\n" + std::string(5'000, 'x') + ": y\r\n\r\n",
      std::string("\0\1\2\3\xff", 5)};
  for (const std::string& text : nonsense) {
    SyslogSender sender(SOCK_STREAM, "127.0.0.1", port_);
    sender.send(text);
    EXPECT_TRUE(get("/api/v1/status").is_object()) << text.substr(0, 60);
  }
  // Those that connect and say nothing take a thread each for seconds; others still get their answers.
  std::vector<SyslogSender> silent;
  silent.reserve(100);
  for (int i = 0; i < 100; ++i) silent.emplace_back(SOCK_STREAM, "127.0.0.1", port_);
  EXPECT_TRUE(get("/api/v1/status").is_object());
  EXPECT_TRUE(report_of(*process).is_object());
}

// No address of the campus and no name of its hosts leaves by HTTP; the socket shows them.
TEST_F(LiveApi, WithPrivacyOnlyTheSocketSaysWhoIsWho) {
  write_privacy_key(scratch_.path("key"));
  configuration("[privacy]\nkey_file = \"" + scratch_.path("key") + "\"\n");
  Process process({tapline(), "run", "--json", "--stay", "--config", scratch_.path("tapline.toml")},
                  scratch_.path("run.json"), scratch_.path("run.err"));
  ASSERT_TRUE(eventually([&] {
    const json status = get("/api/v1/status");
    return status.is_object() && status["capturing"] == false;
  })) << contents_of(scratch_.path("run.err"));
  std::string all;
  const json document = get("/api/v1/openapi.json");
  for (const auto& [path, methods] : document["paths"].items()) {
    if (!methods.contains("get") || path.find('{') != std::string::npos || path == "/api/v1/events") continue;
    all += httplib::Client(url()).Get(path)->body;
    if (path != "/metrics") all += httplib::Client(url()).Get(path + "?format=text&top=1000")->body;
  }
  for (const char* ranking : {"clients", "names", "domains", "ports", "smtp-clients", "unresolved"})
    all += httplib::Client(url()).Get(std::string("/api/v1/top/") + ranking + "?limit=10000")->body;
  all += httplib::Client(url()).Get("/api/v1/hosts/mx")->body;
  EXPECT_GT(all.size(), 10'000U);
  for (const char* clear : {"10.1.0.25", "10.1.0.53", "\"10.1.0.", "mail0.", "campus"})
    EXPECT_EQ(all.find(clear), std::string::npos) << all.substr(all.find(clear) - 80, 160);
  EXPECT_NE(all.find("backscatter"), std::string::npos);
  EXPECT_EQ(httplib::Client(url()).Get("/api/v1/config")->status, 403);

  // Who it is, this machine's operator can find out.
  const std::string hidden = get("/api/v1/findings")["rows"].back()["subject"];
  EXPECT_EQ(get("/api/v1/hosts/" + hidden)["name"], "mx");
  EXPECT_GT(get("/api/v1/series?step=1s&fields=queries&host=" + hidden)["rows"].size(), 10U);
  Process({tapline(), "privacy", "show", "--key", scratch_.path("key"), hidden}, scratch_.path("show"),
          scratch_.path("err"))
      .wait();
  EXPECT_EQ(contents_of(scratch_.path("show")), hidden + "  10.1.0.25\n");
  EXPECT_EQ(command({"findings"}), 0);
  EXPECT_NE(said().find("10.1.0.25"), std::string::npos);
  EXPECT_NE(contents_of(scratch_.path("run.err")).find("10.1.0.25"),
            std::string::npos);  // the journal is the operator's
}

// Somebody who listens, or keeps a connection open, does not hold up the end.
TEST_F(LiveApi, EndsWhileSomebodyListens) {
  const auto process = start_and_wait();
  std::thread listener([&] {
    httplib::Client client(url());
    client.set_read_timeout(60);
    client.Get("/api/v1/events", [](const char*, std::size_t) { return true; });
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_TRUE(report_of(*process).is_object());
  listener.join();
}

}  // namespace
}  // namespace tests

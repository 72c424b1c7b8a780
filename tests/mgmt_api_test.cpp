// The API without HTTP: what is asked wrongly is said, and what is asked rightly is what the document
// promises.
#include <set>

#include <gtest/gtest.h>

#include "mgmt/api/api.h"
#include "mgmt/api/metrics.h"
#include "mgmt/api/openapi.h"
#include "tests/support/fixed_sensor.h"
#include "tests/support/openapi.h"

namespace mgmt {
namespace {

using Parameters = std::multimap<std::string, std::string>;
using nlohmann::json;

class ApiAnswers : public testing::Test {
 protected:
  ApiAnswer ask(const std::string& path, const Parameters& parameters = {}, const std::string& method = "GET",
                bool trusted = false) {
    return api_.answer({method, path, parameters, trusted});
  }
  json body(const std::string& path, const Parameters& parameters = {}) {
    const ApiAnswer answer = ask(path, parameters);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    return json::parse(answer.body);
  }
  std::string complaint(const std::string& path, const Parameters& parameters, int status) {
    const ApiAnswer answer = ask(path, parameters);
    EXPECT_EQ(answer.status, status) << path << ": " << answer.body;
    return json::parse(answer.body)["error"]["message"];
  }

  tests::FixedSensor sensor_;
  Api api_{sensor_};
};

TEST_F(ApiAnswers, EveryRouteIsInTheDocumentAndTheOtherWayRound) {
  std::set<std::string> routes = {"get /api/v1/events", "get /metrics"};
  for (const ApiRoute& route : api_routes())
    routes.insert((route.method == "GET" ? "get " : "post ") + std::string(route.path));
  EXPECT_EQ(tests::operations(json::parse(openapi_document())), routes);
}

TEST_F(ApiAnswers, EveryParameterIsInTheDocumentAndTheOtherWayRound) {
  const json document = json::parse(openapi_document());
  for (const ApiRoute& route : api_routes()) {
    std::set<std::string> taken(route.parameters.begin(), route.parameters.end());
    if (route.text != nullptr) taken.insert({"format", "utf8", "color", "top"});
    EXPECT_EQ(tests::query_parameters(document, route.method, route.path), taken) << route.path;
  }
}

TEST_F(ApiAnswers, AnswersAreWhatTheDocumentPromises) {
  const json document = json::parse(openapi_document());
  const std::map<std::string, std::string> examples = {{"{ranking}", "clients"},
                                                       {"{host}", "mx"},
                                                       {"{server}", "10.1.0.25"},
                                                       {"{id}", "1"},
                                                       {"{action}", "start"}};
  for (const ApiRoute& route : api_routes()) {
    std::string path(route.path);
    for (const auto& [placeholder, example] : examples) {
      if (const auto at = path.find(placeholder); at != std::string::npos)
        path.replace(at, placeholder.size(), example);
    }
    const ApiAnswer answer = ask(path, {}, std::string(route.method), true);
    ASSERT_EQ(answer.status, 200) << path << ": " << answer.body;
    EXPECT_EQ(tests::departures(document, route.method, route.path, json::parse(answer.body)), "") << path;
  }
  EXPECT_NE(tests::departures(document, "GET", "/api/v1/status", json::object()), "");
  EXPECT_EQ(tests::departures_from_error(document, json::parse(ask("/api/v1/none").body)), "");
}

TEST_F(ApiAnswers, KeepingFramesIsSwitchedByWhoIsTrustedOnly) {
  EXPECT_EQ(ask("/api/v1/capture/start", {}, "POST", false).status, 403);
  EXPECT_EQ(ask("/api/v1/capture/start", {}, "POST", true).status, 200);
  EXPECT_EQ(ask("/api/v1/capture/stop", {}, "POST", true).status, 409) << "as this sensor has it";
  EXPECT_EQ(ask("/api/v1/capture/pause", {}, "POST", true).status, 404);
  EXPECT_EQ(body("/api/v1/capture")["written"], 1234);
  EXPECT_EQ(ask("/api/v1/capture", {{"format", "text"}}).body,
            "spool /var/lib/tapline/spool: 1,234 frames kept, 0 B in 0 files now, 5 dropped by full rings; "
            "stopped\n");
}

TEST_F(ApiAnswers, AlsoRankingsArePages) {
  for (const char* ranking : {"clients", "names", "domains", "ports", "smtp-clients", "unresolved"}) {
    const json page = body(std::string("/api/v1/top/") + ranking, {{"limit", "2"}, {"offset", "1"}});
    EXPECT_LE(page["rows"].size(), 2U) << ranking;
    EXPECT_EQ(page["offset"], 1);
  }
  const json clients = body("/api/v1/top/clients", {{"limit", "1"}, {"offset", "1"}});
  EXPECT_EQ(clients["rows"][0], body("/api/v1/top/clients")["rows"][1]);
  EXPECT_EQ(body("/api/v1/top/clients", {{"offset", "1000000000"}})["rows"].size(), 0U);
}

// Of the second between 1 and 2 nobody knows.
TEST_F(ApiAnswers, StepsWithoutAnythingAreZeroAndThoseInAGapAreNull) {
  const json series = body("/api/v1/series", {{"step", "1s"}, {"fields", "queries,syns"}});
  EXPECT_EQ(series["fields"], json({"begin", "queries", "syns"}));
  EXPECT_EQ(series["rows"], json({{1'700'000'000, 30, 0},
                                  {1'700'000'001, nullptr, nullptr},
                                  {1'700'000'002, 0, 0},
                                  {1'700'000'003, 30, 0}}));
  EXPECT_EQ(body("/api/v1/series", {{"step", "1s"}, {"from", "1700000002"}, {"fields", "queries"}})["rows"],
            json::array({{1'700'000'003, 30}}));
  EXPECT_EQ(body("/api/v1/series", {{"step", "1s"}, {"to", "1700000000"}})["rows"].size(), 0U);
}

// D_q = 8 N_c + N_p + 3, as it was made.
TEST_F(ApiAnswers, TheCalculatedQueriesAreThoseOfTheRegression) {
  const json mail = body("/api/v1/mail/mx", {{"step", "1s"}});
  std::map<std::string, double> coefficients;
  for (const json& row : mail["model"]["coefficients"]) coefficients[row["name"]] = row["value"];
  EXPECT_NEAR(coefficients.at("smtp"), 8, 1e-6);
  EXPECT_NEAR(coefficients.at("pop3"), 1, 1e-6);
  EXPECT_NEAR(mail["model"]["r2"].get<double>(), 1, 1e-9);
  const auto column = [&](const char* name) {
    const json& fields = mail["fields"];
    return static_cast<std::size_t>(std::find(fields.begin(), fields.end(), name) - fields.begin());
  };
  for (const json& row : mail["rows"]) {
    if (row[column("dq")].is_null()) {
      EXPECT_EQ(row[0], 1'700'000'001);
      EXPECT_TRUE(row[column("calculated")].is_null());
      continue;
    }
    EXPECT_NEAR(row[column("residual")].get<double>(), 0, 1e-6);
    EXPECT_NEAR(row[column("calculated")].get<double>(), row[column("dq")].get<double>(), 1e-6);
    EXPECT_NEAR(row[column("mee")].get<double>(), 5 / row[column("smtp")].get<double>(), 1e-9);
  }
}

TEST_F(ApiAnswers, WhatIsAskedWronglyIsSaid) {
  EXPECT_EQ(complaint("/api/v1/statsu", {}, 404),
            "there is no /api/v1/statsu; /api/v1/openapi.json lists what there is");
  EXPECT_EQ(complaint("/api/v1/top/client", {}, 404),
            "there is no ranking of 'client', only of clients, names, domains, ports, smtp-clients, "
            "unresolved; did "
            "you mean clients?");
  EXPECT_EQ(complaint("/api/v1/top/clients", {{"limit", "0"}}, 400),
            "limit is a number from 1 to 10000, not '0'");
  EXPECT_EQ(complaint("/api/v1/top/clients", {{"limt", "1"}}, 400),
            "/api/v1/top/{ranking} has no parameter 'limt'; did you mean limit?");
  EXPECT_EQ(complaint("/api/v1/series", {{"step", "2m"}}, 400), "step is 1s, 1m, 1h or 1d, not '2m'");
  EXPECT_EQ(complaint("/api/v1/series", {{"step", "1m"}, {"step", "1s"}}, 400),
            "step is given more than once");
  EXPECT_EQ(complaint("/api/v1/series", {{"fields", "querys"}}, 400),
            "there is no field 'querys'; did you mean queries?");
  EXPECT_EQ(complaint("/api/v1/series", {{"from", "7"}, {"to", "7"}}, 400), "to is not after from");
  EXPECT_EQ(complaint("/api/v1/hosts/nobody", {}, 400),
            "'nobody' is neither an address nor the name of a server of the configuration");
  EXPECT_EQ(complaint("/api/v1/mail/10.9.9.9", {}, 404),
            "no log of this server was read: [syslog] and log_from say whose logs are");
  EXPECT_EQ(complaint("/api/v1/status", {{"format", "xml"}}, 400), "format is json or text");
  const ApiAnswer other_method = ask("/api/v1/status", {}, "POST");
  EXPECT_EQ(other_method.status, 405);
  EXPECT_EQ(other_method.allow, "GET, HEAD");
}

TEST_F(ApiAnswers, ChangesAreForTheUnixSocket) {
  EXPECT_EQ(ask("/api/v1/reload", {}, "POST", false).status, 403);
  EXPECT_EQ(ask("/api/v1/reload", {}, "POST", true).status, 200);
  EXPECT_EQ(ask("/api/v1/reload", {}, "POST", true).status, 409);  // as the sensor says the second time
  EXPECT_EQ(ask("/api/v1/findings/1", {}, "POST", false).status, 403);
  EXPECT_EQ(ask("/api/v1/findings/999", {}, "POST", true).status, 404);
  EXPECT_EQ(body("/api/v1/findings")["rows"].back()["acknowledged"], json());
  EXPECT_EQ(ask("/api/v1/findings/1", {}, "POST", true).status, 200);
  const json rows = body("/api/v1/findings")["rows"];
  const auto seen = std::find_if(rows.begin(), rows.end(), [](const json& row) { return row["id"] == 1; });
  EXPECT_NE((*seen)["acknowledged"], json());
}

TEST_F(ApiAnswers, ASensorThatEndsSaysSo) {
  sensor_.end();
  EXPECT_EQ(complaint("/api/v1/status", {}, 503), "the sensor is ending");
  EXPECT_EQ(api_.metrics().status, 503);
}

// A name from the wire or a client's address among the labels would let anybody make series without end.
TEST_F(ApiAnswers, NoLabelOfAMetricIsFromTheWire) {
  const std::string text = metrics_text(*sensor_.state());
  for (const auto& client : sensor_.state()->summary.clients)
    EXPECT_EQ(text.find(wire::to_text(client.address)), std::string::npos);
  for (const auto& name : sensor_.state()->summary.names) EXPECT_EQ(text.find(name.name), std::string::npos);
  EXPECT_NE(text.find("tapline_dns_queries_total{type=\"A\"}"), std::string::npos);
}

}  // namespace
}  // namespace mgmt

// [fleet] in a configuration.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "mgmt/command_line.h"
#include "mgmt/config.h"
#include "mgmt/config_text.h"
#include "mgmt/reload.h"

namespace mgmt {
namespace {

// What parsing `text` complains about; "" if nothing.
std::string complaints(const std::string& text) {
  try {
    parse_config(text, "t.toml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

constexpr const char* kAll = R"(
[fleet]
url = "https://clickhouse.campus.example"
tls_ca = "/etc/ca.pem"
database = "taps"
user = "sensor"
password_file = "/etc/tapline/password"
sensor = "box-1.campus"
spool_bytes = 2000000
batch_minutes = 10
batch_bytes = 1000000
)";

TEST(ConfigFleet, EveryKeyIsReadAndShown) {
  EXPECT_FALSE(parse_config("", "t.toml").fleet);
  EXPECT_EQ(parse_config("[fleet]", "t.toml").fleet, FleetSettings());
  const Config config = parse_config(kAll, "t.toml");
  FleetSettings all;
  all.url = {true, "clickhouse.campus.example", 8443};
  all.tls_ca = "/etc/ca.pem";
  all.database = "taps";
  all.user = "sensor";
  all.password_file = "/etc/tapline/password";
  all.sensor = "box-1.campus";
  all.spool_bytes = 2'000'000;
  all.batch_minutes = 10;
  all.batch_bytes = 1'000'000;
  ASSERT_EQ(config.fleet, all);
  EXPECT_EQ(parse_config(config_text(config), "shown"), config);
  EXPECT_EQ(parse_config(config_text(parse_config("[fleet]", "t.toml")), "shown").fleet, FleetSettings());
}

TEST(ConfigFleet, UrlsAreReadAsTheyAreWritten) {
  const auto read = [](const char* text) {
    const auto url = parse_fleet_url(text);
    return url ? to_text(*url) : "";
  };
  EXPECT_EQ(read("http://127.0.0.1"), "http://127.0.0.1:8123");
  EXPECT_EQ(read("http://box:80/"), "http://box:80");
  EXPECT_EQ(read("https://box"), "https://box:8443");
  EXPECT_EQ(read("https://[2001:db8::1]"), "https://[2001:db8::1]:8443");
  EXPECT_EQ(read("http://[::1]:8123"), "http://[::1]:8123");
  for (const char* wrong :
       {"", "box:8123", "ftp://box", "http://", "http://box:0", "http://box:65536", "http://box:8123/path",
        "http://user:secret@box", "http://box:", "http://[::1", "http://::1", "http://[", "http://box?query",
        "http://bo x", "http://box:80:81", "http://[box]:80", "http://[]"})
    EXPECT_EQ(read(wrong), "") << wrong;
}

TEST(ConfigFleet, WhatIsWrongIsSaidWithItsPlace) {
  EXPECT_EQ(
      complaints("[fleet]\nurl = \"http://a:secret@b\""),
      "t.toml:2:7: 'fleet.url' is 'http://a:secret@b', expected the HTTP interface of ClickHouse, such as "
      "\"http://127.0.0.1:8123\" or \"https://clickhouse.campus.example:8443\", with neither user nor path");
  EXPECT_EQ(complaints("[fleet]\ntls_ca = \"/ca.pem\""),
            "t.toml:2:10: 'fleet.tls_ca' is '/ca.pem', expected beside a url with https");
  EXPECT_EQ(
      complaints("[fleet]\ndatabase = \"a b\""),
      "t.toml:2:12: 'fleet.database' is 'a b', expected letters, digits and _, with no digit first, at most "
      "64");
  EXPECT_EQ(complaints("[fleet]\nspool_bytes = 1048576\nbatch_bytes = 1048576"),
            "t.toml:3:15: 'fleet.batch_bytes' is 1048576, expected at most half of spool_bytes");
  for (const char* wrong : {"database = \"`; DROP\"", "user = \"\"", "sensor = \"a/b\"", "batch_minutes = 0",
                            "batch_minutes = 101", "spool_bytes = 1", "pasword_file = \"x\""})
    EXPECT_NE(complaints("[fleet]\n" + std::string(wrong)), "") << wrong;
}

TEST(ConfigFleet, APasswordDoesNotCrossTheNetworkInClear) {
  const auto with_password = [](const std::string& url) {
    return complaints("[fleet]\nurl = \"" + url + "\"\npassword_file = \"/p\"");
  };
  EXPECT_NE(with_password("http://clickhouse.campus.example").find("crosses the network in clear"),
            std::string::npos);
  EXPECT_NE(with_password("http://10.1.0.9"), "");
  for (const char* url :
       {"https://clickhouse.campus.example", "http://127.0.0.1", "http://localhost:81", "http://[::1]"})
    EXPECT_EQ(with_password(url), "") << url;
}

TEST(ConfigFleet, NeedsARestartToChange) {
  EXPECT_EQ(restart_needed_for(Config{}, parse_config(kAll, "t.toml")), std::vector<std::string>{"[fleet]"});
}

TEST(ConfigFleet, ASensorIsCalledAsItsMachineUnlessItIsToldOtherwise) {
  FleetSettings settings;
  EXPECT_TRUE(is_sensor_name(sensor_name(settings)));
  settings.sensor = "box-1";
  EXPECT_EQ(sensor_name(settings), "box-1");
}

TEST(FleetWords, SayWhatIsToBeDone) {
  const std::string with = testing::TempDir() + "fleet.toml", without = testing::TempDir() + "no_fleet.toml";
  std::ofstream(with) << kAll << "[state]\nfolder = \"/s\"\n[detectors]\nutc_offset = \"+09:00\"\n";
  std::ofstream(without) << "[history]\n";
  const auto parsed = [](std::vector<const char*> words) { return parse_command_line(words); };
  const auto options = [&](std::vector<const char*> words) { return std::get<FleetOptions>(parsed(words)); };
  EXPECT_EQ(options({"fleet", "init", "--config", with.c_str()}).asked, FleetAsked::kInit);
  EXPECT_EQ(options({"fleet", "init", "--print", "--config", with.c_str()}).asked, FleetAsked::kPrint);
  EXPECT_EQ(options({"fleet", "status", "--config", with.c_str()}).folder, "/s/fleet");
  const auto asked = std::get<HistoryOptions>(
      parsed({"history", "query", "host", "mx", "--fleet", "--sensor", "box-2", "--config", with.c_str()}));
  EXPECT_EQ(asked.fleet->database, "taps");
  EXPECT_EQ(asked.sensor, "box-2");
  EXPECT_EQ(asked.east_s, 9 * 3600);

  const auto refusal = [&](std::vector<const char*> words) {
    const std::string sentence = std::get<WrongUsage>(parsed(words)).sentence;
    return sentence.substr(0, sentence.find('\n'));
  };
  EXPECT_EQ(refusal({"fleet"}), "tapline: 'tapline fleet' needs to know what to do: init or status");
  EXPECT_EQ(refusal({"fleet", "int"}),
            "tapline: 'tapline fleet' cannot do 'int', only init and status; did you mean init?");
  EXPECT_EQ(refusal({"fleet", "init", "now"}),
            "tapline: 'tapline fleet init' does not know what to do with 'now'");
  EXPECT_EQ(refusal({"fleet", "status", "--print"}), "tapline: --print belongs to init");
  EXPECT_EQ(refusal({"fleet", "init", "--json"}), "tapline: --json belongs to status");
  EXPECT_EQ(refusal({"fleet", "init", "--config", without.c_str()}),
            without + ": has no [fleet], which says where ClickHouse is; --config names another file");
  EXPECT_EQ(refusal({"history", "query", "--fleet", "--config", without.c_str()}),
            without + ": has no [fleet], which says where ClickHouse is; --config names another file");
  EXPECT_EQ(refusal({"history", "query", "--sensor", "box-1"}),
            "tapline: --sensor belongs to --fleet: this history is of one sensor");
  EXPECT_EQ(refusal({"history", "query", "--fleet", "--state", "/s"}),
            "tapline: --state and --fleet exclude each other");
  EXPECT_EQ(refusal({"history", "check", "--fleet"}),
            "tapline: 'tapline history check' reads the local file");
  EXPECT_EQ(refusal({"history", "query", "--fleet", "--sensor", "a'b", "--config", with.c_str()}),
            "tapline: --sensor takes a sensor's name, not 'a'b'");
}

TEST(ConfigFleet, TheSampleShowsEveryKeyInAComment) {
  std::ifstream sample(std::getenv("TAPLINE_SAMPLE_CONFIG"));
  std::string text;
  for (std::string line; std::getline(sample, line) && (text.empty() || line.starts_with('#'));) {
    if (text.empty() && line != "# [fleet]") continue;
    text += line.substr(std::min<std::size_t>(2, line.size())) + "\n";
  }
  const Config shown = parse_config(text, "sample");
  FleetSettings expected;
  expected.sensor = "box-1";
  EXPECT_EQ(shown.fleet, expected);
  for (const char* key : {"url", "tls_ca", "database", "user", "password_file", "sensor", "spool_bytes",
                          "batch_minutes", "batch_bytes"})
    EXPECT_NE(text.find("\n" + std::string(key) + " = "), std::string::npos) << key;
}

}  // namespace
}  // namespace mgmt

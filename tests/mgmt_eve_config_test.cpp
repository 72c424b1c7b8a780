// [[event_log]] in a configuration.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

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

constexpr const char* kThree = R"(
[[event_log]]
type = "file"
path = "/var/log/eve.json"
rotate_bytes = 5000
rotate = "off"
events = "stats"
stats_every = "1min"
queue = 17
[[event_log]]
type = "syslog"
address = "[::1]:6514"
tls = true
tls_ca = "/etc/ca.pem"
tls_name = "log.example"
[[event_log]]
type = "unix"
path = "/run/x.sock"
events = ["alert"]
)";

TEST(ConfigEventLog, EveryKeyIsReadAndShown) {
  const Config config = parse_config(kThree, "t.toml");
  ASSERT_EQ(config.event_logs.size(), 3U);
  const EventLogSettings &file = config.event_logs[0], &syslog = config.event_logs[1],
                         &socket = config.event_logs[2];
  EXPECT_EQ(file.type, EventLogType::kFile);
  EXPECT_EQ(file.path, "/var/log/eve.json");
  EXPECT_EQ(file.rotate_bytes, 5000U);
  EXPECT_EQ(file.rotate_ns, 0);
  EXPECT_EQ(file.events, (EventLogSettings::Events{false, true}));
  EXPECT_EQ(file.stats_every_ns, 60'000'000'000);
  EXPECT_EQ(file.queue, 17U);
  EXPECT_EQ(syslog.type, EventLogType::kSyslog);
  EXPECT_EQ(to_text(syslog.address), "[::1]:6514");
  EXPECT_TRUE(syslog.tls);
  EXPECT_EQ(syslog.tls_ca, "/etc/ca.pem");
  EXPECT_EQ(syslog.tls_name, "log.example");
  EXPECT_EQ(syslog.events, (EventLogSettings::Events{true, true}));
  EXPECT_EQ(socket.type, EventLogType::kUnix);
  EXPECT_EQ(socket.path, "/run/x.sock");
  EXPECT_EQ(socket.events, (EventLogSettings::Events{true, false}));
  EXPECT_EQ(parse_config(config_text(config), "shown"), config) << config_text(config);
}

TEST(ConfigEventLog, AllMistakesAreNamedAtOnce) {
  EXPECT_EQ(
      complaints(R"([[event_log]]
type = "file"
path = "eve.json"
rotate_bytes = 1
rotate = "40d"
address = "10.1.0.9:514"
[[event_log]]
type = "syslog"
tls_ca = "/etc/ca.pem"
events = ["alert", "flow"]
[[event_log]]
type = "unix"
path = "/run/a.sock"
stats_every = "1.5s"
queue = 3
[[event_log]]
type = "unix"
path = "/run/a.sock"
events = []
)"),
      "t.toml:3:8: 'event_log.path' is 'eve.json', expected the whole path of a file such as "
      "\"/var/log/tapline/eve.json\"\n"
      "t.toml:4:16: 'event_log.rotate_bytes' is 1, expected a whole number from 4,096 to "
      "1,099,511,627,776\n"
      "t.toml:5:10: 'event_log.rotate' is '40d', expected \"off\" or a time from 1 s to 2678400 s, such as "
      "\"500ms\" or \"1s\"\n"
      "t.toml:6:1: unknown key 'event_log.address', expected one of type, path, rotate_bytes, rotate, "
      "events, stats_every, queue\n"
      "t.toml:7:1: event_log has no 'address'\n"
      "t.toml:9:10: 'event_log.tls_ca' is '/etc/ca.pem', expected beside tls = true\n"
      "t.toml:10:20: 'event_log.events' is 'flow', expected \"alert\", \"stats\" or \"dns\"\n"
      "t.toml:14:15: 'event_log.stats_every' is '1.5s', expected a time of whole seconds\n"
      "t.toml:15:9: 'event_log.queue' is 3, expected a whole number from 16 to 1,048,576\n"
      "t.toml:18:8: 'event_log.path' is '/run/a.sock', expected one that no other [[event_log]] has\n"
      "t.toml:19:10: 'event_log.events' is an array, expected at least one of \"alert\", "
      "\"stats\" and \"dns\"");
  EXPECT_EQ(complaints("[[event_log]]\npath = \"/x\""), "t.toml:1:1: event_log has no 'type'");
  EXPECT_NE(complaints("[[event_log]]\ntype = \"unix\"\npath = \"/" + std::string(107, 'x') + "\""), "");
  EXPECT_EQ(complaints("[[event_log]]\ntype = \"unix\"\npath = \"/" + std::string(106, 'x') + "\""), "");
}

TEST(ConfigEventLog, NeedsARestartToChange) {
  EXPECT_EQ(restart_needed_for(Config{}, parse_config(kThree, "t.toml")),
            std::vector<std::string>{"[[event_log]]"});
}

TEST(ConfigEventLog, TheSampleShowsEveryKeyInAComment) {
  std::ifstream sample(std::getenv("TAPLINE_SAMPLE_CONFIG"));
  std::string text;
  for (std::string line; std::getline(sample, line) && (text.empty() || line.starts_with('#'));) {
    if (text.empty() && line != "# [[event_log]]") continue;
    text += line.substr(std::min<std::size_t>(2, line.size())) + "\n";
  }
  const Config shown = parse_config(text, "sample");
  ASSERT_EQ(shown.event_logs.size(), 3U);
  EventLogSettings defaults;
  defaults.path = "/var/log/tapline/eve.json";
  EXPECT_EQ(shown.event_logs[0], defaults);
  EXPECT_EQ(shown.event_logs[1].tls_name, "log.campus.example");
}

}  // namespace
}  // namespace mgmt

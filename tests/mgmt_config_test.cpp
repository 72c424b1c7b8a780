#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include "aggregator/shard.h"
#include "dataplane/observer.h"
#include "mgmt/config.h"
#include "mgmt/config_text.h"
#include "mgmt/reload.h"
#include "mgmt/syslog_settings.h"

namespace mgmt {
namespace {

// What parsing `text` complains about; "" if nothing.
std::string complaints(std::string_view text) {
  try {
    parse_config(text, "t.toml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

std::string sample_file() {
  const char* file = std::getenv("TAPLINE_SAMPLE_CONFIG");
  return file == nullptr ? "" : file;
}

TEST(Config, AnEmptyFileIsTheDefaults) {
  EXPECT_EQ(parse_config("", "t.toml"), Config{});
}

TEST(Config, TheSampleSaysTheDefaults) {
  EXPECT_EQ(read_config(sample_file()), Config{});
}

TEST(Config, TheSampleShowsEveryKey) {
  const toml::table sample = toml::parse_file(sample_file());
  for (const std::string section :
       {"replay", "pairing", "decode", "memory", "network", "patterns", "detectors"}) {
    // The refusal of an unknown key lists those that are known.
    const std::string refusal = complaints("[" + section + "]\nquite_another_key = 1");
    std::istringstream known(refusal.substr(refusal.find("one of ") + 7));
    std::size_t keys = 0;
    for (std::string key; known >> key; ++keys) {
      if (key.ends_with(',')) key.pop_back();
      EXPECT_TRUE(sample[section][key]) << section << "." << key;
    }
    EXPECT_GE(keys, 2U) << refusal;
  }
}

TEST(Config, TheSampleSaysTheRangesOfMemory) {
  const std::regex range(R"((\w+) = \d+ .*[ ,](\d+) to (\d+).*)");
  std::ifstream sample(sample_file());
  std::string line;
  while (line != "[memory]") ASSERT_TRUE(std::getline(sample, line));
  int keys = 0;
  for (std::smatch found; std::getline(sample, line);) {
    if (!std::regex_match(line, found, range)) continue;
    ++keys;
    const auto refused = [&](std::uint64_t value) {
      return !complaints("[memory]\n" + found[1].str() + " = " + std::to_string(value)).empty();
    };
    EXPECT_FALSE(refused(std::stoull(found[2]))) << line;
    EXPECT_FALSE(refused(std::stoull(found[3]))) << line;
    EXPECT_TRUE(refused(std::stoull(found[2]) - 1)) << line;  // of 0 that is the greatest there is
    EXPECT_TRUE(refused(std::stoull(found[3]) + 1)) << line;
  }
  EXPECT_EQ(keys, 13);
}

TEST(Config, ThresholdsHaveSectionsOfTheirOwn) {
  const Config config = parse_config(
      "[detectors.surge]\nratio = 4\nlog10_chance = -6.5\n[detectors.scan]\naddresses = 20\nshare = 0.25\n",
      "f");
  EXPECT_EQ(config.detectors.surge.ratio, 4);
  EXPECT_EQ(config.detectors.surge.log10_chance, -6.5);
  EXPECT_EQ(config.detectors.scan.addresses, 20U);
  EXPECT_EQ(config.detectors.scan.share, 0.25);
  EXPECT_EQ(config.detectors.scan.ports, aggregator::ScanThresholds{}.ports);
  EXPECT_EQ(complaints("[detectors.scan]\nshare = 2"),
            "t.toml:2:9: 'detectors.scan.share' is 2, expected a number from 0 to 1");
  EXPECT_NE(complaints("[detectors.scan]\nshares = 1").find("'detectors.scan.shares'"), std::string::npos);
  EXPECT_NE(complaints("[detectors]\nscan = 1").find("a section [detectors.scan]"), std::string::npos);
}

// Tables take their memory as they fill.
TEST(Config, TheTablesTakeTheMostThatAConfigurationMaySay) {
  for (const auto mode : {aggregator::Correlate::kClient, aggregator::Correlate::kAddress}) {
    EXPECT_NO_THROW(aggregator::Shard({.mode = mode,
                                       .open_answers = kPairingEntriesRange.most,
                                       .clients = kClientsRange.most,
                                       .names = kNamesRange.most}));
  }
  dataplane::Ledger ledger;
  const auto streams = static_cast<std::uint32_t>(kDnsStreamsRange.most);
  const auto blocks =
      static_cast<std::uint32_t>(kDnsStreamBytesRange.most / dataplane::OctetStore::kBlockBytes);
  EXPECT_NO_THROW(dataplane::DnsStreams(ledger, {.streams = streams, .blocks = blocks}));
  const auto datagrams = static_cast<std::uint32_t>(kFragmentsRange.most);
  EXPECT_NO_THROW(dataplane::FragmentTable(ledger, {.datagrams = datagrams}));
  const auto packets = static_cast<std::uint32_t>(kDedupPacketsRange.most);
  EXPECT_NO_THROW(dataplane::Duplicates(ledger, {.packets = packets}));
}

TEST(Config, EveryKeyIsRead) {
  const Config config = parse_config(R"(
[replay]
workers = 2
shards = 3
[pairing]
window = "500ms"
correlate = "address"
[decode]
reassemble = false
dedup = "2ms"
[memory]
pairing_entries = 2048
clients = 10
names = 2000
fragments = 7
dns_streams = 8
dns_stream_bytes = 1048577
dedup_packets = 32
)",
                                     "t.toml");
  EXPECT_EQ(config.replay, (Config::Replay{2, 3}));
  EXPECT_EQ(config.pairing, (Config::Pairing{500'000'000, aggregator::Correlate::kAddress}));
  EXPECT_EQ(config.decode, (Config::Decode{false, 2'000'000}));
  EXPECT_EQ(config.memory, (Config::Memory{2048, 10, 2000, 7, 8, 1'048'577, 32}));
}

TEST(Config, AWindowIsSecondsOrHasAUnit) {
  const auto window = [](const std::string& value) {
    return parse_config("[pairing]\nwindow = " + value, "t.toml").pairing.window_ns;
  };
  EXPECT_EQ(window("1"), 1'000'000'000);
  EXPECT_EQ(window("2.5"), 2'500'000'000);
  EXPECT_EQ(window("\"100ns\""), 100);
  EXPECT_EQ(window("\"20us\""), 20'000);
  EXPECT_EQ(window("\"1 s\""), 1'000'000'000);
}

TEST(Config, AllMistakesAreNamedAtOnceInTheirOrder) {
  EXPECT_EQ(
      complaints(R"([replay]
worker = 2
shards = 0
[pairing]
window = "2h"
correlate = "Client"
[decode]
reassemble = 1
dedup = "0ms"
[memory]
clients = 1.5
)"),
      "t.toml:2:1: unknown key 'replay.worker', did you mean 'workers'?\n"
      "t.toml:3:10: 'replay.shards' is 0, expected a whole number from 1 to 64\n"
      "t.toml:5:10: 'pairing.window' is '2h', expected a time from 1 ns to 3600 s, such as \"500ms\" or "
      "\"1s\"\n"
      "t.toml:6:13: 'pairing.correlate' is 'Client', expected \"client\" or \"address\"\n"
      "t.toml:8:14: 'decode.reassemble' is 1, expected true or false\n"
      "t.toml:9:9: 'decode.dedup' is '0ms', expected \"off\" or a time from 1 ns to 1 s, such as \"500ms\" "
      "or \"1s\"\n"
      "t.toml:11:11: 'memory.clients' is 1.5, expected a whole number from 1 to 67,108,864");
}

TEST(Config, ValuesOutsideTheirRangeAreRefusedAtBothEnds) {
  for (const char* wrong :
       {"[replay]\nworkers = 65", "[replay]\nworkers = -1", "[replay]\nshards = 65", "[pairing]\nwindow = 0",
        "[pairing]\nwindow = -1.0", "[pairing]\nwindow = 3600.1", "[pairing]\nwindow = nan",
        "[pairing]\nwindow = inf", "[pairing]\nwindow = \"\"", "[pairing]\nwindow = \"ms\"",
        "[decode]\ndedup = \"1001ms\"", "[memory]\npairing_entries = 1023",
        "[memory]\npairing_entries = 9223372036854775807", "[memory]\nclients = 0",
        "[memory]\nnames = 999"}) {
    EXPECT_NE(complaints(wrong), "") << wrong;
  }
  for (const char* right :
       {"[replay]\nworkers = 64", "[pairing]\nwindow = 3600", "[pairing]\nwindow = \"1ns\"",
        "[decode]\ndedup = \"1s\"", "[memory]\npairing_entries = 1024"}) {
    EXPECT_EQ(complaints(right), "") << right;
  }
}

TEST(Config, ThePacketsToFindACopyAmongAreAPowerOfTwo) {
  for (const char* wrong : {"0", "2", "48", "33554432", "-16", "16.0"}) {
    EXPECT_EQ(complaints(std::string("[memory]\ndedup_packets = ") + wrong),
              std::string("t.toml:2:17: 'memory.dedup_packets' is ") + wrong +
                  ", expected a power of two from 4 to 16,777,216");
  }
  for (const char* right : {"4", "65536", "16777216"})
    EXPECT_EQ(complaints(std::string("[memory]\ndedup_packets = ") + right), "");
}

TEST(Config, TheNetworkAndItsServersAreRead) {
  const Config config = parse_config(R"(
[network]
internal      = ["10.1.0.0/16", "2001:db8:1::/48"]
local_domains = ["campus.example"]
subdomains    = "cc.campus.example"
[[mail_server]]
name = "mx"
address = ["10.1.0.25", "2001:db8:1::25"]
[[dns_server]]
name = "tdns"
address = "10.1.0.53"
[detectors]
step = "1s"
learn = "15s"
window = "10s"
exempt_hosts = ["10.1.8.0/24"]
exempt_ports = [123, 4500]
holidays = ["2026-01-01", "2028-02-29"]
utc_offset = "-03:30"
)",
                                     "t.toml");
  ASSERT_EQ(config.network.internal.size(), 2u);
  EXPECT_EQ(wire::to_text(config.network.internal[1]), "2001:db8:1::/48");
  EXPECT_EQ(config.network.local_domains, std::vector<std::string>{"campus.example"});
  EXPECT_EQ(config.network.subdomains, std::vector<std::string>{"cc.campus.example"});
  ASSERT_EQ(config.mail_servers.size(), 1u);
  EXPECT_EQ(config.mail_servers[0].name, "mx");
  EXPECT_EQ(wire::to_text(config.mail_servers[0].addresses.at(1)), "2001:db8:1::25");
  ASSERT_EQ(config.dns_servers.size(), 1u);
  EXPECT_EQ(wire::to_text(config.dns_servers[0].addresses.at(0)), "10.1.0.53");
  EXPECT_EQ(config.detectors.step_ns, 1'000'000'000);
  EXPECT_EQ(config.detectors.learn_ns, 15'000'000'000);
  EXPECT_EQ(config.detectors.window_ns, 10'000'000'000);
  EXPECT_EQ(wire::to_text(config.detectors.exempt_hosts.at(0)), "10.1.8.0/24");
  EXPECT_EQ(config.detectors.exempt_ports, (std::vector<std::uint64_t>{123, 4500}));
  EXPECT_EQ(config.detectors.holidays.at(1), std::chrono::year(2028) / 2 / 29);
  EXPECT_EQ(config.detectors.utc_offset_s, -12'600);
  EXPECT_EQ(parse_config(config_text(config), "shown"), config);
}

TEST(Config, WhatIsNoNetworkServerOrTimeIsRefused) {
  EXPECT_EQ(complaints("[network]\ninternal = [\"10.1.0.0/16\", \"10.1.0.1/16\"]"),
            "t.toml:2:28: 'network.internal' is '10.1.0.1/16', expected networks such as \"10.1.0.0/16\" or "
            "\"2001:db8:1::/48\", with no bit set behind the prefix");
  EXPECT_EQ(complaints("[[mail_server]]\nname = \"mx\""), "t.toml:1:1: mail_server has no 'address'");
  EXPECT_EQ(complaints("[[mail_server]]\nname = \"mx\"\naddress = []"),
            "t.toml:3:11: mail_server has no 'address'");
  EXPECT_EQ(complaints("[detectors]\nstep = \"10s\"\nwindow = \"15s\""),
            "t.toml:3:10: 'detectors.window' is '15s', expected at least two steps");
  EXPECT_EQ(complaints("[detectors]\nstep = \"10m\""),
            "t.toml:1:1: 'detectors.window' is expected to be at least two steps");
  for (const char* wrong :
       {"[network]\ninternal = 3", "[network]\ninternal = [\"a\"]", "[network]\nlocal_domains = [\"\"]",
        "[network]\nlocal_domains = [\"a..b\"]", "[network]\nlocal_domains = [\"a b\"]",
        "[network]\nlocal_domains = \"\\u0007\"", "[network]\nsubdomains = [1]",
        "[[dns_server]]\naddress = \"10.1.0.53\"", "[[dns_server]]\nname = \"d\"\naddress = \"10.1.0.0/24\"",
        "[detectors]\nstep = \"500ms\"", "[detectors]\nstep = \"1500ms\"", "[detectors]\nlearn = \"31d\"",
        "[detectors]\nexempt_ports = [0]", "[detectors]\nexempt_ports = \"25\"",
        "[detectors]\nholidays = [\"2027-02-29\"]", "[detectors]\nholidays = [2027-01-01]",
        "[detectors]\nutc_offset = \"9\"", "[detectors]\nutc_offset = \"+15:00\""}) {
    EXPECT_NE(complaints(wrong), "") << wrong;
  }
}

constexpr std::string_view kMx = "[[mail_server]]\nname = \"mx\"\naddress = \"10.1.0.25\"\n";

std::string with_mx(std::string_view syslog) {
  return std::string(kMx).append("[syslog]\n").append(syslog);
}

TEST(Config, SyslogIsNotListenedForUnlessItSaysWhere) {
  EXPECT_FALSE(parse_config(kMx, "t.toml").syslog);
  EXPECT_FALSE(syslog_settings(parse_config(kMx, "t.toml")));
  EXPECT_EQ(complaints(with_mx("")), "t.toml:4:1: syslog has no 'listen'");
}

TEST(Config, SyslogAndItsSendersAreRead) {
  const Config config = parse_config(R"(
[syslog]
listen = "[::]:5514"
udp = false
connections = 3
idle = "10m"
zone = "+09:00"
[[mail_server]]
name = "mx"
address = ["10.1.0.25", "2001:db8:1::25"]
[[dns_server]]
name = "dns"
address = "10.1.0.53"
log_from = ["10.1.0.25", "10.1.0.9"]
)",
                                     "t.toml");
  EXPECT_EQ(parse_config(config_text(config), "shown"), config) << config_text(config);
  const auto settings = syslog_settings(config);
  ASSERT_TRUE(settings);
  EXPECT_EQ(wire::to_text(settings->address), "::");
  EXPECT_EQ(settings->port, 5514);
  EXPECT_FALSE(settings->udp);
  EXPECT_TRUE(settings->tcp);
  EXPECT_EQ(settings->connections, 3U);
  EXPECT_EQ(settings->idle_ns, 600'000'000'000);
  EXPECT_EQ(settings->east_s, 9 * 3600);
  const auto mx = wire::address_from("10.1.0.25");
  const auto dns = wire::address_from("10.1.0.53");
  const std::vector<dataplane::SyslogSender> senders = {{*mx, mx, dns},
                                                        {*wire::address_from("2001:db8:1::25"), mx, {}},
                                                        {*wire::address_from("10.1.0.9"), {}, dns}};
  EXPECT_EQ(settings->senders, senders);
}

TEST(Config, WhatIsWrongWithSyslogIsSaid) {
  EXPECT_EQ(
      complaints(with_mx("listen = \"514\"")),
      "t.toml:5:10: 'syslog.listen' is '514', expected an address and a port such as \"0.0.0.0:514\" or "
      "\"[::]:514\"");
  EXPECT_EQ(complaints(with_mx("listen = \"[::]:514\"\nudp = false\ntcp = false")),
            "t.toml:7:7: 'syslog.tcp' is false, expected true where udp is not");
  EXPECT_EQ(complaints(with_mx("listen = \"[::]:514\"\nzone = \"JST\"")),
            "t.toml:6:8: 'syslog.zone' is 'JST', expected \"UTC\" or an offset from it such as \"+09:00\"");
  EXPECT_EQ(complaints("[syslog]\nlisten = \"0.0.0.0:514\""),
            "t.toml:1:1: 'syslog' is a table, expected beside a [[mail_server]] or [[dns_server]], which is "
            "to send "
            "its log");
  for (const char* const listen : {"", "0.0.0.0", "0.0.0.0:0", "0.0.0.0:65536", "0.0.0.0:5 ", ":::514",
                                   "[::]", "[10.1.0.9]:514", "localhost:514", ":514"})
    EXPECT_NE(complaints(with_mx("listen = \"" + std::string(listen) + "\"")), "") << listen;
  for (const char* const wrong : {"idle = \"0s\"", "idle = \"31d\"", "connections = 0", "connections = 1025",
                                  "udp = 1", "listen = 514", "port = 514"})
    EXPECT_NE(complaints(with_mx("listen = \"0.0.0.0:514\"\n" + std::string(wrong))), "") << wrong;
}

TEST(Config, AHistoryIsKeptIfThereIsItsSection) {
  EXPECT_FALSE(parse_config("", "t.toml").history);
  EXPECT_EQ(parse_config("[history]", "t.toml").history, Config::History());
  const Config config = parse_config(R"(
[state]
folder = "/var/lib/other"
[history]
enabled = false
keep_minutes = "2d"
keep_hours = "10d"
keep_days = "100d"
max_bytes = 20000000
)",
                                     "t.toml");
  EXPECT_EQ(config.state.folder, "/var/lib/other");
  EXPECT_FALSE(config.history->enabled);
  EXPECT_EQ(config.history->keep_minutes_ns, 2 * 86'400'000'000'000);
  EXPECT_EQ(config.history->keep_hours_ns, 10 * 86'400'000'000'000);
  EXPECT_EQ(config.history->keep_days_ns, 100 * 86'400'000'000'000);
  EXPECT_EQ(config.history->max_bytes, 20'000'000U);
  EXPECT_EQ(parse_config(config_text(config), "shown"), config) << config_text(config);
  EXPECT_EQ(complaints("[state]\nfolder = \"\""),
            "t.toml:2:10: 'state.folder' is '', expected the name of a folder");
  for (const char* const wrong :
       {"keep_minutes = \"1m\"", "keep_days = 30", "max_bytes = 1000", "enabled = 1"})
    EXPECT_NE(complaints("[history]\n" + std::string(wrong)), "") << wrong;
}

TEST(Config, FramesAreKeptIfThereIsASpool) {
  EXPECT_FALSE(parse_config("", "t.toml").spool);
  EXPECT_EQ(parse_config("[spool]\n[state]\nfolder = \"/x\"", "t.toml").spool->folder, "/x/spool");
  const Config config = parse_config(R"(
[spool]
folder = "/var/spool/frames"
what = "selected"
enabled = false
snap_length = 128
rotate_bytes = 2000000
rotate = "off"
max_bytes = 5000000
ring_bytes = 1048576
)",
                                     "t.toml");
  EXPECT_EQ(config.spool->folder, "/var/spool/frames");
  EXPECT_EQ(config.spool->what, SpoolWhat::kSelected);
  EXPECT_FALSE(config.spool->enabled);
  EXPECT_EQ(config.spool->snap_length, 128U);
  EXPECT_EQ(config.spool->rotate_bytes, 2'000'000U);
  EXPECT_EQ(config.spool->rotate_ns, 0);
  EXPECT_EQ(config.spool->max_bytes, 5'000'000U);
  EXPECT_EQ(config.spool->ring_bytes, 1U << 20);
  EXPECT_EQ(parse_config(config_text(config), "shown"), config) << config_text(config);
  EXPECT_EQ(restart_needed_for(Config(), config), std::vector<std::string>{"[spool]"});
  EXPECT_EQ(complaints("[spool]\nmax_bytes = 10000000\nrotate_bytes = 6000000"),
            "t.toml:2:13: 'spool.max_bytes' is 10000000, expected at least twice rotate_bytes");
  for (const char* const wrong :
       {"snap_length = 63", "what = \"all\"", "ring_bytes = 300000", "ring_bytes = 131072", "rotate = \"0s\"",
        "folder = \"\"", "rotate_bytes = 1000", "what = \"all\"", "enabled = 1"})
    EXPECT_NE(complaints("[spool]\n" + std::string(wrong)), "") << wrong;
}

TEST(Config, ASenderSendsTheLogOfOneServerOfAKind) {
  const std::string syslog = "[syslog]\nlisten = \"0.0.0.0:514\"\n" + std::string(kMx);
  const std::string lists = "[[mail_server]]\nname = \"lists\"\naddress = \"10.1.0.26\"\n";
  EXPECT_EQ(
      complaints(syslog + lists + "log_from = [\"10.1.0.9\", \"10.1.0.25\"]"),
      "t.toml:9:12: 'mail_server.log_from' is an array, expected addresses that send no log of another such "
      "server");
  EXPECT_EQ(complaints(syslog + lists + "log_from = \"10.1.0.9\""), "");
  EXPECT_EQ(complaints(std::string(kMx) + std::string(kMx)), "") << "without [syslog] nobody sends";
  EXPECT_NE(complaints(syslog + std::string(kMx)), "");
}

TEST(Config, PrivacyHidesFromEverySinkThereIsAndFromNoOther) {
  const std::string privacy = "[privacy]\nkey_file = \"key\"\nsinks = ";
  const std::string refused = complaints(privacy + "[\"journal\"]");
  EXPECT_TRUE(refused.starts_with("t.toml:3:10: 'privacy.sinks' is 'journal', expected of ")) << refused;
  for (const std::string_view sink : kSinkNames) {
    const std::string quoted = "\"" + std::string(sink) + "\"";
    std::string hidden = privacy;
    hidden.append("[").append(quoted).append("]");
    EXPECT_EQ(complaints(hidden), "");
    EXPECT_NE(refused.find(quoted), std::string::npos) << "the sentence names " << sink;
  }
}

TEST(Config, AMisspelledSectionIsRefused) {
  EXPECT_EQ(complaints("[mailserver]\n"),
            "t.toml:1:2: unknown section 'mailserver', did you mean 'mail_server'?");
  EXPECT_EQ(
      complaints("[zzz]\n"),
      "t.toml:1:2: unknown section 'zzz', expected one of replay, pairing, decode, memory, port, network, "
      "patterns, syslog, state, history, fleet, spool, socket, http, event_log, privacy, mail_server, "
      "dns_server, detectors");
}

TEST(Config, AKeyWhereASectionBelongsIsRefused) {
  EXPECT_EQ(complaints("replay = 3"), "t.toml:1:10: 'replay' is 3, expected a section [replay]");
  EXPECT_EQ(complaints("[[pairing]]"), "t.toml:1:1: 'pairing' is an array, expected a section [pairing]");
}

TEST(Config, TextThatIsNotTomlIsRefusedWithItsPlace) {
  EXPECT_TRUE(complaints("[replay]\nworkers = \n").starts_with("t.toml:2:11: not TOML: "));
  EXPECT_TRUE(complaints("\xFF").starts_with("t.toml:1:1: not TOML: "));
}

TEST(Config, AKeyOfManyDotsIsRefusedBeforeItUsesUpTheStack) {
  std::string dots;
  for (int i = 0; i < 200'000; ++i) dots += ".a";
  EXPECT_EQ(complaints("[replay]\na" + dots + " = 1\n"),
            "t.toml:2: has more than 500 dots, which no key needs; break a long list into lines");
  EXPECT_TRUE(complaints("[a" + dots + "]").starts_with("t.toml:1: has more"));
}

TEST(Config, DotsAreCountedLineByLine) {
  const std::string full = "# " + std::string(500, '.');
  EXPECT_EQ(complaints(full + "\n" + full + "\n" + full), "");
  EXPECT_TRUE(complaints(full + "\n" + full + ".").starts_with("t.toml:2: has more"));
}

TEST(Config, TheNameOfTheFileIsSafeToPrint) {
  const std::string hostile = "\x1b[31m\n.toml";
  for (const char* text : {"x = 1", "x", ""}) {
    try {
      if (*text == '\0') read_config(hostile);
      parse_config(text, hostile);
      ADD_FAILURE() << text;
    } catch (const ConfigError& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with("?[31m?.toml:")) << error.what();
    }
  }
}

TEST(Config, WhatIsRepeatedFromTheFileIsSafeToPrint) {
  for (const char* hostile : {"\"\\u001b[31m\" = 1", "[replay]\nworkers = \"\\u001b[31m\"", "\x1b[31m"}) {
    EXPECT_EQ(complaints(hostile).find('\x1b'), std::string::npos);
    EXPECT_NE(complaints(hostile), "");
  }
}

TEST(Config, AFileThatCannotBeReadIsNamedWithTheReason) {
  const auto reading = [](const char* file) -> std::string {
    try {
      read_config(file);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(reading("/nonexistent.toml"), "/nonexistent.toml: cannot be read: No such file or directory");
  EXPECT_EQ(reading("/"), "/: cannot be read: Is a directory");
  EXPECT_EQ(reading("/dev/zero"), "/dev/zero: is longer than 1 MiB, which no configuration is");
}

Config::Port port_of(std::string_view text) {
  const Config config = parse_config("[[port]]\n" + std::string(text), "t.toml");
  return config.ports.at(0);
}

TEST(ConfigPort, EveryKeyIsRead) {
  const Config::Port port = port_of(R"(name = "eth1"
    driver = "af_packet"
    devargs = "a=b"
    queues = 2
    cores = "2-3"
    shard_cores = [5, 4]
    rx_descriptors = 512
    mempool = 2048
    nic_filter = true
    expect_vlans = true)");
  EXPECT_EQ(port.settings,
            (dataplane::PortSettings{"eth1", dataplane::PortDriver::kAfPacket, "a=b", 2, 512, 2048, true}));
  EXPECT_EQ(port.cores, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(port.shard_cores, (std::vector<std::uint64_t>{5, 4}));
  EXPECT_TRUE(port.expect_vlans);
}

TEST(ConfigPort, ThereMayBeSeveral) {
  EXPECT_EQ(parse_config("[[port]]\nname = \"a\"\n[[port]]\nname = \"b\"\n", "t.toml").ports.size(), 2U);
}

TEST(ConfigPort, ThereIsOneSectionForEach) {
  const std::string eth1 = "[[port]]\nname = \"eth1\"\n";
  EXPECT_EQ(complaints(eth1 + "[[port]]\nname = \"eth2\"\n" + eth1),
            "t.toml:6:8: 'port.name' is 'eth1', expected a port that no section before it names");
  EXPECT_EQ(complaints("[[port]]\n[[port]]\n"),
            "t.toml:1:1: port has no 'name'\nt.toml:2:1: port has no 'name'");
}

TEST(ConfigPort, EachMistakeHasItsSentence) {
  EXPECT_EQ(complaints("[[port]]\ndriver = \"dpdk\"\n"), "t.toml:1:1: port has no 'name'");
  EXPECT_EQ(complaints("port = 3\n"), "t.toml:1:8: 'port' is 3, expected sections [[port]]");
  EXPECT_EQ(complaints("[port]\nname = \"a\"\n"),
            "t.toml:1:1: 'port' is a table, expected sections [[port]]");
  EXPECT_EQ(
      complaints("[[port]]\nname = \"\"\ndriver = \"raw\"\ncores = \"2-\"\nqueue = 1\n"),
      "t.toml:2:8: 'port.name' is '', expected a text that is not empty and has no control characters\n"
      "t.toml:3:10: 'port.driver' is 'raw', expected \"dpdk\" or \"af_xdp\" or \"af_packet\" or \"pcap\" "
      "or \"null\"\n"
      "t.toml:4:9: 'port.cores' is '2-', expected processors from 0 to 1023, each once, such as [2, 3] or "
      "\"2-5,8\"\n"
      "t.toml:5:1: unknown key 'port.queue', did you mean 'queues'?");
  for (const std::string cores : {"[]", "[1, 1]", "[-1]", "[1.5]", "\"\"", "\"3-2\"", "\"1,\"", "\"1024\"",
                                  "\"0-1023,0\"", "\"0-18446744073709551615\"", "4"}) {
    EXPECT_NE(complaints("[[port]]\nname = \"a\"\ncores = " + cores), "") << cores;
  }
}

TEST(ConfigPort, TheSampleShowsEveryKeyInAComment) {
  std::ifstream sample(sample_file());
  std::string text;
  for (std::string line; std::getline(sample, line);) {
    if (text.empty() && line != "# [[port]]") continue;
    text += line.substr(2) + "\n";
  }
  const Config::Port port = parse_config(text, "sample").ports.at(0);
  EXPECT_EQ(port.settings.queues, 4U);
  EXPECT_EQ(port.cores, (std::vector<std::uint64_t>{2, 3, 4, 5}));
  const std::string known = complaints("[[port]]\nname = \"a\"\nzzzzzz = 1");
  std::istringstream keys(known.substr(known.find("one of ") + 7));
  for (std::string key; keys >> key;) {
    if (key.ends_with(',')) key.pop_back();
    EXPECT_NE(text.find("\n" + key + " = "), std::string::npos) << key;
  }
}

TEST(ConfigText, SaysTheConfiguration) {
  Config config;
  EXPECT_EQ(parse_config(config_text(config), "t.toml"), config);
  config.replay = {3, 4};
  config.pairing = {2'500'000, aggregator::Correlate::kAddress};
  config.decode = {false, 1'000};
  config.memory.ring_events = 1 << 10;
  config.ports.push_back(
      {{"eth\"1\\", dataplane::PortDriver::kNull, "x=\ty", 3, 64, 1024, true}, {1, 2, 3, 7}, {}, true});
  Config::Port second;
  second.settings.name = "b";
  second.shard_cores = {9};
  config.ports.push_back(second);
  EXPECT_EQ(parse_config(config_text(config), "t.toml"), config);
}

TEST(ConfigText, JsonHoldsTheSame) {
  EXPECT_NE(config_json(Config{}).find("\"ring_events\" : 65536"), std::string::npos)
      << config_json(Config{});
}

}  // namespace
}  // namespace mgmt

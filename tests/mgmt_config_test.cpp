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

TEST(Config, AnEmptyFileIsTheDefaults) {
  EXPECT_EQ(parse_config("", "t.toml"), Config{});
}

TEST(Config, TheSampleSaysTheDefaults) {
  EXPECT_EQ(read_config(std::getenv("TAPLINE_SAMPLE_CONFIG")), Config{});
}

TEST(Config, TheSampleShowsEveryKey) {
  const toml::table sample = toml::parse_file(std::getenv("TAPLINE_SAMPLE_CONFIG"));
  for (const std::string section : {"replay", "pairing", "decode", "memory"}) {
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
  std::ifstream sample(std::getenv("TAPLINE_SAMPLE_CONFIG"));
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
    EXPECT_TRUE(refused(std::stoull(found[2]) - 1)) << line;
    EXPECT_TRUE(refused(std::stoull(found[3]) + 1)) << line;
  }
  EXPECT_EQ(keys, 8);
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

TEST(Config, SectionsOfOtherCommandsAreLeftToThem) {
  EXPECT_EQ(complaints("[network]\ninternal = 3\n[[mail_server]]\nname = 1\n"
                       "[[dns_server]]\nname = 1\n[detectors]\nstep = 1\n"),
            "");
}

TEST(Config, AMisspelledSectionIsRefused) {
  EXPECT_EQ(complaints("[mailserver]\n"),
            "t.toml:1:2: unknown section 'mailserver', did you mean 'mail_server'?");
  EXPECT_EQ(
      complaints("[zzz]\n"),
      "t.toml:1:2: unknown section 'zzz', expected one of replay, pairing, decode, memory, port, network, "
      "mail_server, dns_server, detectors");
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
  std::ifstream sample(std::getenv("TAPLINE_SAMPLE_CONFIG"));
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

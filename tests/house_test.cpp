// Includes point left: wire, matchers <- dataplane <- aggregator <- mgmt; and each outside library has its
// room.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/captures.h"

namespace tests {
namespace {

const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"wire", {"wire"}},
    {"matchers", {"matchers"}},
    {"dataplane", {"wire", "matchers", "dataplane"}},
    {"aggregator", {"wire", "matchers", "dataplane", "aggregator"}},
    {"mgmt", {"wire", "matchers", "dataplane", "aggregator", "mgmt"}},
};

// The only room that includes headers like these.
const std::vector<std::pair<std::regex, std::string>> kOwners = {
    {std::regex("hs(_.*)?\\.h"), "matchers"},
    {std::regex("rte_.*\\.h|pcap\\.h|pcap/.*"), "dataplane"},
    {std::regex("Eigen/.*"), "aggregator"},
    {std::regex("zlib\\.h|zstd\\.h"), "dataplane"},
    {std::regex("netinet/.*"), "dataplane"},
    {std::regex("sys/socket\\.h|httplib\\.h|nlohmann/.*|sqlite3\\.h|CLI/.*|toml\\+\\+/.*|fmt/.*"), "mgmt"},
};

struct Include {
  std::string room;
  std::string file;
  std::string header;
  bool ours = false;
};

std::vector<Include> all_includes() {
  static const std::regex kLine(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  std::vector<Include> includes;
  for (const auto& [room, unused] : kMayInclude) {
    const auto folder = source_root() / room;
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream in(entry.path());
      std::smatch match;
      for (std::string line; std::getline(in, line);) {
        if (!std::regex_match(line, match, kLine)) continue;
        includes.push_back({room, entry.path().filename().string(), match[2], match[1] == "\""});
      }
    }
  }
  return includes;
}

TEST(House, IncludesPointLeft) {
  const auto includes = all_includes();
  EXPECT_GT(includes.size(), 300u) << "is this the source tree?";
  for (const Include& include : includes) {
    if (!include.ours) continue;
    const std::string to = include.header.substr(0, include.header.find('/'));
    EXPECT_TRUE(kMayInclude.at(include.room).contains(to))
        << include.room << "/" << include.file << " includes " << include.header;
  }
}

// Frames come through DPDK; logs, the other thing that is taken from strangers, through sockets.
constexpr const char* kSockets = "syslog_sockets.cpp";

TEST(House, EachLibraryHasItsRoom) {
  for (const Include& include : all_includes()) {
    if (include.file == kSockets) continue;
    for (const auto& [headers, owner] : kOwners) {
      if (!std::regex_match(include.header, headers)) continue;
      EXPECT_EQ(include.room, owner) << include.file << " includes " << include.header;
    }
  }
}

// The half of matchers/ that scans does not know how databases are built.
TEST(House, PatternsAreBuiltOnOneSideOfAWall) {
  static const std::set<std::string> kBuilding = {"hs_compile.h",
                                                  "hs.h",
                                                  "matchers/log_patterns.h",
                                                  "matchers/name_pattern.h",
                                                  "matchers/pattern_cache.h",
                                                  "matchers/pattern_compiler.h"};
  static const std::set<std::string> kScanning = {"line_batch.h",    "line_batch.cpp", "log_classes.h",
                                                  "log_classes.cpp", "match_set.h",    "name_batch.h",
                                                  "name_batch.cpp",  "name_scanner.h", "name_scanner.cpp"};
  for (const Include& include : all_includes()) {
    if (!kScanning.contains(include.file)) continue;
    EXPECT_FALSE(kBuilding.contains(include.header)) << include.file << " includes " << include.header;
  }
}

TEST(House, OnlyTheFrontDoorRoomTalksToPeople) {
  static const std::set<std::string> kOutput = {"iostream", "cstdio", "stdio.h", "unistd.h"};
  static const std::set<std::string> kReadsFiles = {"byte_source.cpp", "pattern_cache.cpp", kSockets};
  for (const Include& include : all_includes()) {
    if (include.room == "mgmt" || !kOutput.contains(include.header)) continue;
    EXPECT_TRUE(kReadsFiles.contains(include.file))
        << include.room << "/" << include.file << " includes " << include.header;
  }
}

}  // namespace
}  // namespace tests

// The detectors on real captures of malware, mail, scans and floods: each finding, and why it is right, goes
// to the test's log. What the hosts do was read with tshark.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/captures.h"
#include "tests/support/program.h"

namespace tests {
namespace {

constexpr std::string_view kConfig = R"([network]
internal = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
[detectors]
step = "1s"
learn = "2s"
window = "10s"
)";

struct Expected {
  std::string finding;  // detector and subject
  std::string why;
};
// In the others the attacker is outside, is there from the first frame on and so learned, or there is none.
const std::map<std::string, Expected> kExpected = {
    {"slips_test7_iot_bot.pcap",
     {"connections_without_resolution 192.168.2.16",
      "a bot sends SYNs to ports 23, 8080 and 2323 of strangers"}},
    {"evilfingers_xscan.pcap",
     {"connections_without_resolution 192.168.1.125", "X-Scan tries the ports of 192.168.1.120"}},
    {"forensics_evidence04.pcap",
     {"connections_without_resolution 10.42.42.253", "a port scanner goes through 10.42.42.25"}},
    {"nmap_tcp_connect.pcap",
     {"connections_without_resolution 192.168.1.10", "nmap connects to the ports of 192.168.1.25"}},
};

std::vector<std::filesystem::path> captures_in(const char* folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(captures() / folder))
    paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

void expect_findings(const std::filesystem::path& capture, const ScratchDirectory& scratch) {
  const auto report = replayed({"--config", scratch.path("tapline.toml"), capture.string()}, scratch);
  std::set<std::string> found;
  for (const auto& finding : report.at("findings")) {
    found.insert(finding.at("detector").get<std::string>() + " " + finding.at("subject").get<std::string>());
  }
  const auto expected = kExpected.find(capture.filename().string());
  const std::set<std::string> wanted =
      expected == kExpected.end() ? std::set<std::string>{} : std::set{expected->second.finding};
  EXPECT_EQ(found, wanted) << capture;
  std::cout << capture.filename().string() << ": "
            << (expected == kExpected.end() ? "nothing"
                                            : expected->second.finding + ": " + expected->second.why)
            << "\n";
}

TEST(DetectorCaptures, FindingsAreRight) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.path("tapline.toml")) << kConfig;
  for (const char* folder : {"e_mail_malware", "f_scan_flood"}) {
    const auto paths = captures_in(folder);
    EXPECT_FALSE(paths.empty());
    for (const auto& capture : paths) expect_findings(capture, scratch);
  }
}

}  // namespace
}  // namespace tests

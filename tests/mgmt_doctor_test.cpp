#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mgmt/command_line.h"
#include "mgmt/doctor.h"
#include "mgmt/doctor_text.h"
#include "mgmt/help_text.h"
#include "mgmt/text_table.h"
#include "tests/support/made_up_host.h"

namespace mgmt {
namespace {

const Diagnoses kThree = {
    Check("clock", "host").ok("tsc"),
    Check("governor", "host").warn("powersave", "It is slow.", "echo a\necho b"),
    Check("link", "eth1").fail("eth1 is down", "No frame.", "ip link set dev eth1 up"),
};

TEST(DoctorText, EachLineSaysWhatIsWrongAndWhatMendsIt) {
  EXPECT_EQ(doctor_text(kThree, TextStyle{}), "This machine " + std::string(67, '-') +
                                                  "\n"
                                                  "  OK    clock     tsc\n"
                                                  "  WARN  governor  powersave\n"
                                                  "                  It is slow.\n"
                                                  "            fix:  echo a\n"
                                                  "            fix:  echo b\n"
                                                  "\n"
                                                  "Port eth1 " +
                                                  std::string(70, '-') +
                                                  "\n"
                                                  "  FAIL  link      eth1 is down\n"
                                                  "                  No frame.\n"
                                                  "            fix:  ip link set dev eth1 up\n"
                                                  "\n"
                                                  "1 failure, 1 warning\n");
}

TEST(DoctorText, SaysSoIfAllIsWell) {
  EXPECT_TRUE(doctor_text({kThree.data(), 1}, TextStyle{}).ends_with("\n\nAll is well.\n"));
}

TEST(DoctorText, IsColouredOnlyIfAsked) {
  EXPECT_EQ(doctor_text(kThree, TextStyle{}).find('\x1b'), std::string::npos);
  const std::string text = doctor_text(kThree, TextStyle{.color = true});
  for (const char* colored : {"\x1b[32mOK\x1b[0m  ", "\x1b[1;33mWARN\x1b[0m", "\x1b[1;31mFAIL\x1b[0m"})
    EXPECT_NE(text.find(colored), std::string::npos) << colored;
}

TEST(DoctorText, SentencesAreWrappedAndCommandsAreNot) {
  std::string sentence = "word";
  std::string command = "cmd";
  for (int i = 0; i < 60; ++i) {
    sentence += " word";
    command += " arg";
  }
  const std::string text = doctor_text(Diagnoses{Check("c", "host").warn(sentence, sentence, command)}, {});
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("fix:") == std::string::npos) longest = std::max(longest, line.size());
  }
  EXPECT_EQ(longest, 80U);
  EXPECT_NE(text.find("  " + command + "\n"), std::string::npos);
}

TEST(DoctorText, WhatStrangersWriteIsSafeToPrint) {
  const std::string text =
      doctor_text(Diagnoses{Check("link", "\x1b[31m").fail("\x1b[32m", "\x1b[33m", "\x1b[34m")}, {});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("?[34m"), std::string::npos);
}

TEST(Wrapped, KeepsEveryWord) {
  EXPECT_EQ(wrapped("aa bb  cc", 5), (Lines{"aa bb", "cc"}));
  EXPECT_EQ(wrapped("a longer b", 3), (Lines{"a", "longer", "b"}));
  EXPECT_TRUE(wrapped("", 5).empty());
}

TEST(DoctorJson, HoldsTheSame) {
  const std::string text = doctor_json(kThree);
  EXPECT_TRUE(text.ends_with("]\n"));
  const auto json = nlohmann::json::parse(text);
  ASSERT_EQ(json.size(), 3U);
  EXPECT_EQ(json[1], (nlohmann::json{{"check", "governor"},
                                     {"subject", "host"},
                                     {"status", "warn"},
                                     {"found", "powersave"},
                                     {"advice", "It is slow."},
                                     {"fix", "echo a\necho b"}}));
  EXPECT_EQ(json[0]["status"], "ok");
  EXPECT_EQ(json[2]["status"], "fail");
}

TEST(DoctorJson, SurvivesWhatIsNoUtf8) {
  EXPECT_NO_THROW(doctor_json(Diagnoses{Check("governor", "host").ok("\xff")}));
  EXPECT_EQ(doctor_json({}), "[]\n");
}

std::vector<std::string> checks_on(const Diagnoses& diagnoses, std::string_view subject) {
  std::vector<std::string> checks;
  for (const Diagnosis& diagnosis : diagnoses) {
    if (diagnosis.subject == subject) checks.push_back(diagnosis.check);
  }
  return checks;
}

TEST(Doctor, LooksAtTheMachineAndAtEachPort) {
  tests::MadeUpHost host;
  host.cores("0-3").interface("eth1").pci("0000:01:00.0", "ice");
  Config config;
  config.ports.resize(2);
  config.ports[0].settings = {.name = "eth1", .driver = dataplane::PortDriver::kAfPacket, .devargs = ""};
  config.ports[1].settings.name = "0000:01:00.0";
  const Diagnoses diagnoses =
      diagnose_machine(config, LivePlan{}, host.files(), [](const std::string&) { return KernelOffloads{}; });
  EXPECT_EQ(checks_on(diagnoses, "host"),
            (std::vector<std::string>{"hugepages", "memory", "iommu", "vfio", "hyperthreads", "isolation",
                                      "governor", "clock", "ports"}));
  EXPECT_EQ(checks_on(diagnoses, "eth1"),
            (std::vector<std::string>{"driver", "link", "offloads", "mtu", "numa", "cores"}));
  EXPECT_EQ(checks_on(diagnoses, "0000:01:00.0"), (std::vector<std::string>{"driver", "numa", "cores"}));
}

DoctorOptions accepted(const std::vector<const char*>& words) {
  return std::get<DoctorOptions>(parse_command_line(words));
}

std::string refusal(const std::vector<const char*>& words) {
  const Command command = parse_command_line(words);
  const auto* wrong = std::get_if<WrongUsage>(&command);
  return wrong ? wrong->sentence.substr(0, wrong->sentence.find('\n')) : "";
}

TEST(DoctorWords, EveryOptionIsRead) {
  EXPECT_FALSE(accepted({"doctor"}).json);
  EXPECT_TRUE(accepted({"doctor"}).config.ports.empty());
  const std::string file = testing::TempDir() + "doctor_test.toml";
  std::ofstream(file) << "[[port]]\nname = \"eth1\"\n";
  const DoctorOptions options = accepted({"doctor", "--json", "--config", file.c_str()});
  EXPECT_TRUE(options.json);
  EXPECT_EQ(options.config.ports.size(), 1U);
  EXPECT_EQ(options.listen_ns, 3'000'000'000);
  EXPECT_EQ(accepted({"doctor", "--listen", "0"}).listen_ns, 0);
  EXPECT_EQ(accepted({"doctor", "--listen", "500ms"}).listen_ns, 500'000'000);
}

TEST(DoctorWords, WrongOnesAreRefused) {
  EXPECT_EQ(refusal({"doctor", "eth1"}),
            "tapline: 'tapline doctor' takes no argument, such as 'eth1'; --config names a file");
  EXPECT_EQ(refusal({"doctor", "--listen", "-1"}),
            "tapline: --listen takes a time from 0 to 3600 s, not '-1'");
  EXPECT_EQ(refusal({"doctor", "--jsn"}), "tapline: there is no option '--jsn'; did you mean --json?");
  EXPECT_EQ(refusal({"doctor", "--config", "/nonexistent.toml"}),
            "/nonexistent.toml: cannot be read: No such file or directory");
}

TEST(DoctorWords, HelpIsPrinted) {
  const std::vector<const char*> words = {"doctor", "--help"};
  EXPECT_EQ(std::get<HelpText>(parse_command_line(words)).text, kDoctorHelp);
}

// The program itself on this machine, whatever that is.
int status_of(const std::string& arguments) {
  const char* tapline = std::getenv("TAPLINE");
  if (tapline == nullptr) return -1;
  const int status =
      std::system((std::string(tapline) + " doctor " + arguments + " > /dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Doctor, TheExitStatusTells) {
  const std::string file = testing::TempDir() + "doctor_status.toml";
  std::ofstream(file) << "[[port]]\nname = \"no_such_if\"\ndriver = \"af_packet\"\n";
  EXPECT_EQ(status_of("--config " + file), kExitFailed);
  EXPECT_EQ(status_of("--config /nonexistent.toml"), kExitUsage);
  EXPECT_EQ(status_of("eth1"), kExitUsage);
}

}  // namespace
}  // namespace mgmt

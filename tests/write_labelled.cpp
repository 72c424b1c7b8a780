// write_labelled NAME STRENGTH SEED OUT.pcap writes a capture of a made-up campus, and beside it
// OUT.pcap.labels.json. Without arguments: what there is.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>

#include "tests/support/world/recorder.h"

namespace {

using namespace tests::world;

int list() {
  std::puts(
      "write_labelled NAME STRENGTH SEED OUT.pcap\n\nNAME                          STRENGTH           "
      "DETECTOR");
  for (const Scenario& scenario : scenarios()) {
    std::string strengths;
    for (const unsigned strength : scenario.strengths)
      strengths += (strengths.empty() ? "" : " ") + strength_text(scenario.unit, strength);
    std::printf("%-29s %-18s %s\n", std::string(scenario.name).c_str(), strengths.c_str(),
                std::string(scenario.detector).c_str());
  }
  return EXIT_SUCCESS;
}

int refuse(const char* what, const char* given) {
  std::fprintf(stderr, "write_labelled: %s '%s'. Without arguments it says what there is.\n", what, given);
  return EXIT_FAILURE;
}

int write(char** arguments) {
  const Scenario* const scenario = scenario_named(arguments[1]);
  if (scenario == nullptr) return refuse("there is no", arguments[1]);
  const auto strength = strength_from(*scenario, arguments[2]);
  if (!strength.has_value()) return refuse("it has no strength", arguments[2]);
  const std::string path = arguments[4];
  const auto labels = Recorder().record(*scenario, *strength, std::strtoull(arguments[3], nullptr, 10), path);
  std::ofstream file(path + ".labels.json");
  file << to_json(labels);
  return file.flush() ? EXIT_SUCCESS : refuse("cannot write the labels of", arguments[4]);
}

}  // namespace

int main(int count, char** arguments) try {
  if (count == 1) return list();
  return count == 5 ? write(arguments) : refuse("four arguments, not as in", arguments[1]);
} catch (const std::exception& error) {
  std::fprintf(stderr, "write_labelled: %s\n", error.what());
  return EXIT_FAILURE;
}

// Files of /etc that one server sees otherwise than the machine does.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace tests {

// Writes them to `directory`/etc. Returns the shell command that puts them over those of the machine that are
// there, for caged().
inline std::string own_etc(const std::string& directory,
                           const std::vector<std::pair<std::string, std::string>>& files) {
  std::filesystem::create_directories(directory + "/etc");
  std::string command = "true";
  for (const auto& [name, text] : files) {
    const std::filesystem::path own = std::filesystem::path(directory) / "etc" / name;
    const std::filesystem::path of_machine = std::filesystem::path("/etc") / name;
    std::ofstream(own) << text;
    command += " && if [ -e " + of_machine.string() + " ]; then mount --bind " + own.string() + " " +
               of_machine.string() + "; fi";
  }
  return command;
}

// A resolver that asks the name server of the campus, with a search domain.
inline std::vector<std::pair<std::string, std::string>> resolver_files(const std::string& name_server) {
  return {
      {"resolv.conf", "search campus.example\nnameserver " + name_server + "\n"},
      {"nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"},
      {"hosts", "127.0.0.1 localhost\n"}};
}

}  // namespace tests

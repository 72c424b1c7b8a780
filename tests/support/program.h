// The program itself, started as a user would.
#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/scratch_files.h"

namespace tests {

inline std::string contents_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A process in a process group of its own, so that what it starts is ended with it.
class Process {
 public:
  // Standard output goes to the file `output`, standard error to `errors`.
  Process(std::vector<std::string> words, const std::string& output, const std::string& errors) {
    std::cout.flush();
    std::fflush(nullptr);  // else the child writes it again
    pid_ = fork();
    if (pid_ != 0) return;
    setpgid(0, 0);
    if (!std::freopen(output.c_str(), "w", stdout) || !std::freopen(errors.c_str(), "w", stderr)) _exit(126);
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    execvp(pointers[0], pointers.data());
    _exit(127);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (pid_ > 0) signal(SIGKILL), wait();
  }

  void signal(int number) const { kill(-pid_, number); }

  bool running() const {
    siginfo_t state{};
    return waitid(P_PID, static_cast<id_t>(pid_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           state.si_pid == 0;
  }

  // The exit status; 128 and the signal's number if one ended it.
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
};

// Looks until `holds` does. Returns false if that takes longer than `patience`.
template <class Predicate>
bool eventually(Predicate&& holds, std::chrono::seconds patience = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

inline std::string tapline() {
  const char* const path = std::getenv("TAPLINE");  // meson test sets it
  return path == nullptr ? "tapline" : path;
}

// Runs a command through the shell. Returns its exit status.
inline int shell(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

inline nlohmann::json replayed(const std::vector<std::string>& captures, const ScratchDirectory& scratch) {
  std::vector<std::string> words = {tapline(), "replay", "--json"};
  words.insert(words.end(), captures.begin(), captures.end());
  Process(words, scratch.path("replay.json"), scratch.path("replay.err")).wait();
  return nlohmann::json::parse(contents_of(scratch.path("replay.json")));
}

}  // namespace tests

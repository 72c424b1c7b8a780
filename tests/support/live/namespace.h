// Network namespaces that only this process sees, and that are gone with it, however it ends.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace tests {

// From here on this process has mounts of its own, and so its own list of what `ip netns` names. Needs root;
// to be called before there are threads. Returns false where that is not allowed.
inline bool leave_mounts_of_the_host() {
  std::error_code none;
  std::filesystem::create_directories("/run/netns", none);
  return unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0 &&
         mount("tmpfs", "/run/netns", "tmpfs", 0, nullptr) == 0;
}

// The words of a command, to be run in the namespace `name`. It ends when this process does.
inline std::vector<std::string> inside(const std::string& name, std::vector<std::string> words) {
  words.insert(words.begin(), {"setpriv", "--pdeathsig", "KILL", "ip", "netns", "exec", name});
  return words;
}

// The same for a server that forks: what it leaves behind ends with it, and `mounts`, a shell command, is run
// before in mounts of its own. The shell is the first process of a list of their own, whose end ends them
// all; a server that changes its user would lose the signal that tells it of its parent's end.
inline std::vector<std::string> caged(const std::string& name, const std::string& mounts,
                                      std::vector<std::string> words) {
  words.insert(words.begin(), {"unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
                               mounts + " && { \"$@\" & wait; }", "sh"});
  return inside(name, std::move(words));
}

// Runs `work` on a thread of its own whose sockets, and those of threads that it starts, are in the
// namespace.
inline void run_inside(const std::string& name, const std::function<void()>& work) {
  std::thread([&] {
    const int space = open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
    if (setns(space, CLONE_NEWNET) == 0) work();
    close(space);
  }).join();
}

}  // namespace tests

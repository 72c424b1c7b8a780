// A network namespace of the test's own with a cable in it: what goes in at one end comes out at the other.
#pragma once

#include <string>

#include <unistd.h>

#include "tests/support/program.h"

namespace tests {

// Gone, with all that is in it, when destroyed. Needs root, ip, ethtool and sysctl.
class Cable {
 public:
  explicit Cable(unsigned mtu) : name_("tapline-test-" + std::to_string(getpid())) {
    const std::string in = "ip netns exec " + name_ + " ";
    const std::string on = "ip -n " + name_ + " link ";
    std::string script = "set -e; ip netns add " + name_ + "; " + on + "add near type veth peer name far; " +
                         in +
                         "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; ";
    for (const std::string end : {"near", "far"}) {
      script.append(on).append("set ").append(end).append(" mtu ").append(std::to_string(mtu));
      script.append(" arp off; ").append(in).append("ethtool -K ").append(end);
      script.append(" gro off gso off tso off rxvlan off txvlan off; ");
      script.append(on).append("set ").append(end).append(" up promisc on; ");
    }
    laid_ = shell("(" + script + ") >/dev/null 2>&1") == 0;
  }
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;
  ~Cable() { shell("ip netns del " + name_ + " 2>/dev/null"); }

  bool laid() const { return laid_; }
  static std::string near() { return "near"; }
  static std::string far() { return "far"; }

  // The words of a command, to be run inside.
  std::vector<std::string> inside(std::vector<std::string> words) const {
    words.insert(words.begin(), {"ip", "netns", "exec", name_});
    return words;
  }

  // Frames that have come out of the far end so far.
  std::uint64_t arrived() const {
    const std::string file = "/sys/class/net/far/statistics/rx_packets";
    const std::string command = "ip netns exec " + name_ + " cat " + file;
    std::FILE* pipe = popen(command.c_str(), "r");
    unsigned long long frames = 0;
    if (std::fscanf(pipe, "%llu", &frames) != 1) frames = 0;
    pclose(pipe);
    return frames;
  }

 private:
  std::string name_;
  bool laid_ = false;
};

}  // namespace tests

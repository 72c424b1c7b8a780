// A campus network of namespaces around a switch whose mirror port shows every frame once.
#pragma once

#include <array>
#include <string>

#include "tests/support/live/namespace.h"
#include "tests/support/program.h"

namespace tests {

// Hosts, each a namespace with one address on the switch. The router stands for all that is outside: any
// address in 10.98.0.0/16 and 10.99.0.0/16 is its own.
namespace campus {

inline constexpr const char* kSwitch = "switch";  // the namespace; the mirror port there is kMirror
inline constexpr const char* kMirror = "mirror";
inline constexpr const char* kRouter = "router";
inline constexpr const char* kMx = "mx";
inline constexpr const char* kLists = "lists";
inline constexpr const char* kDns = "dns";
inline constexpr const char* kDesks = "desks";

inline constexpr const char* kMxAddress = "10.1.0.25";
inline constexpr const char* kListsAddress = "10.1.0.26";
inline constexpr const char* kDnsAddress = "10.1.0.53";
inline constexpr const char* kRootServerAddress = "10.98.0.53";  // outside
inline constexpr std::array<const char*, 5> kDeskAddresses = {"10.1.0.101", "10.1.0.102", "10.1.0.103",
                                                              "10.1.0.104", "10.1.0.105"};

}  // namespace campus

// Frames are whole and as on a wire: no offloads.
inline std::string add_host(const std::string& name, const std::string& address) {
  const std::string at_switch = "ip -n switch link ";
  const std::string at_host = "ip -n " + name + " ";
  const std::string offloads = " gro off gso off tso off rxvlan off txvlan off; ";
  return "ip netns add " + name + "; ip netns exec " + name +
         " sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 "
         "net.ipv4.conf.all.arp_announce=2; " +
         at_switch + "add " + name + " type veth peer name eth0 netns " + name + "; " +
         "ip netns exec switch ethtool -K " + name + offloads +     //
         "ip netns exec " + name + " ethtool -K eth0" + offloads +  //
         at_host + "link set lo up; " + at_host + "link set eth0 up; " + at_host + "address add " + address +
         "/16 dev eth0; " + at_switch + "set " + name + " master bridge up; " +
         // What the port receives: all ports together see every frame once.
         "tc -n switch qdisc add dev " + name + " ingress; tc -n switch filter add dev " + name +
         " parent ffff: protocol all u32 match u32 0 0 action mirred egress mirror dev mirrored; ";
}

// Returns false if the kernel or the tools cannot make such a network.
inline bool build_campus() {
  using namespace campus;
  std::string script =
      "set -e; ip netns add switch; ip netns exec switch sysctl -qw net.ipv6.conf.all.disable_ipv6=1 "
      "net.ipv6.conf.default.disable_ipv6=1; ip -n switch link add bridge type bridge forward_delay 0; "
      "ip -n switch link set bridge up; ip -n switch link add mirrored type veth peer name mirror; "
      "ip -n switch link set mirrored arp off up; ip -n switch link set mirror arp off promisc on up; ";
  script += add_host(kRouter, "10.1.0.1");
  for (const auto& [name, address] :
       {std::pair(kMx, kMxAddress), {kLists, kListsAddress}, {kDns, kDnsAddress}, {kDesks, "10.1.0.100"}}) {
    script += add_host(name, address) + "ip -n " + name + " route add default via 10.1.0.1; ";
  }
  for (const char* address : kDeskAddresses)
    script += std::string("ip -n desks address add ") + address + "/16 dev eth0; ";
  for (const char* network : {"10.98.0.0/16", "10.99.0.0/16"})
    script += std::string("ip -n router route add local ") + network + " dev lo; ";
  script += std::string("ip -n router address add ") + kRootServerAddress + "/32 dev lo; ";
  return shell("(" + script + ") >/dev/null 2>&1") == 0;
}

}  // namespace tests

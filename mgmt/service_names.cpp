#include "mgmt/service_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <arpa/inet.h>
#include <netdb.h>

namespace mgmt {
namespace {

struct Service {
  std::uint16_t port;
  std::string_view name;
};

// As in the IANA Service Name and Transport Protocol Port Number Registry (RFC 6335).
constexpr auto kWellKnown = std::to_array<Service>({
    {7, "echo"},
    {9, "discard"},
    {13, "daytime"},
    {19, "chargen"},
    {20, "ftp-data"},
    {21, "ftp"},
    {22, "ssh"},
    {23, "telnet"},
    {25, "smtp"},
    {37, "time"},
    {43, "whois"},
    {49, "tacacs"},
    {53, "domain"},
    {70, "gopher"},
    {79, "finger"},
    {80, "http"},
    {88, "kerberos"},
    {102, "iso-tsap"},
    {110, "pop3"},
    {111, "sunrpc"},
    {113, "ident"},
    {119, "nntp"},
    {135, "epmap"},
    {137, "netbios-ns"},
    {138, "netbios-dgm"},
    {139, "netbios-ssn"},
    {143, "imap"},
    {161, "snmp"},
    {179, "bgp"},
    {194, "irc"},
    {389, "ldap"},
    {443, "https"},
    {445, "microsoft-ds"},
    {465, "submissions"},
    {502, "mbap"},
    {512, "exec"},
    {513, "login"},
    {514, "shell"},
    {515, "printer"},
    {548, "afpovertcp"},
    {554, "rtsp"},
    {587, "submission"},
    {593, "http-rpc-epmap"},
    {631, "ipp"},
    {636, "ldaps"},
    {853, "domain-s"},
    {873, "rsync"},
    {990, "ftps"},
    {993, "imaps"},
    {995, "pop3s"},
    {1080, "socks"},
    {1433, "ms-sql-s"},
    {1723, "pptp"},
    {1883, "mqtt"},
    {2049, "nfs"},
    {3260, "iscsi-target"},
    {3268, "msft-gc"},
    {3306, "mysql"},
    {3389, "ms-wbt-server"},
    {5060, "sip"},
    {5061, "sips"},
    {5222, "xmpp-client"},
    {5269, "xmpp-server"},
    {5357, "wsdapi"},
    {5432, "postgresql"},
    {5672, "amqp"},
    {5900, "rfb"},
    {5985, "wsman"},
    {6379, "redis"},
    {8080, "http-alt"},
    {8883, "secure-mqtt"},
    {9100, "pdl-datastream"},
    {9418, "git"},
    {11211, "memcache"},
    {27017, "mongodb"},
});
static_assert(std::ranges::is_sorted(kWellKnown, {}, &Service::port));

bool printable(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
}

// Read once: asking for one port at a time opens the file each time, and a scan hits all of them.
std::map<std::uint16_t, std::string> read_system_services() {
  std::map<std::uint16_t, std::string> names;
  servent entry{};
  servent* found = nullptr;
  std::array<char, 4096> text;
  setservent(1);
  while (getservent_r(&entry, text.data(), text.size(), &found) == 0 && found) {
    if (std::string_view(entry.s_proto) != "tcp" || !printable(entry.s_name)) continue;
    names.emplace(ntohs(static_cast<std::uint16_t>(entry.s_port)), entry.s_name);
  }
  endservent();
  return names;
}

const std::map<std::uint16_t, std::string>& system_services() {
  static const auto names = read_system_services();
  return names;
}

}  // namespace

std::string service_name(std::uint16_t tcp_port) {
  const auto at = std::ranges::lower_bound(kWellKnown, tcp_port, {}, &Service::port);
  if (at != kWellKnown.end() && at->port == tcp_port) return std::string(at->name);
  const auto found = system_services().find(tcp_port);
  return found == system_services().end() ? "" : found->second;
}

}  // namespace mgmt

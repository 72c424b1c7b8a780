// BIND: the name server of a campus, and an Internet of one root server that knows everything outside.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/live/campus.h"
#include "tests/support/program.h"

namespace tests {

// Who sends mail from outside: its address has a name, and that name the address; but for the last one.
inline constexpr int kMailHosts = 6;
inline std::string mail_host_address(int host) {
  return "10.98.0." + std::to_string(11 + host);
}

// Sites that desks visit: www0.example.org and so on.
inline constexpr int kSites = 20;
inline std::string site(int number) {
  return "www" + std::to_string(number) + ".example.org";
}
inline std::string site_address(int number) {
  return "10.98.1." + std::to_string(10 + number);
}

// Where the attack comes from: 10.99.N.x is named in kAttackDomains[N], and that name has no address.
inline constexpr std::array<const char*, 4> kAttackDomains = {"example.com", "example.net", "example.edu",
                                                              "example.co.jp"};

inline std::string root_zone() {
  std::string zone =
      std::string("$TTL 300\n@ SOA a.root. hostmaster.root. 1 3600 900 86400 60\n@ NS a.root.\n") +
      "a.root. A " + campus::kRootServerAddress + "\n";
  for (int host = 0; host < kMailHosts; ++host) {
    const std::string name = "mail" + std::to_string(host) + ".example.org.";
    if (host + 1 < kMailHosts) zone += name + " A " + mail_host_address(host) + "\n";
    zone += std::to_string(11 + host) + ".0.98.10.in-addr.arpa. PTR " + name + "\n";
  }
  for (int number = 0; number < kSites; ++number) zone += site(number) + ". A " + site_address(number) + "\n";
  for (std::size_t net = 0; net < kAttackDomains.size(); ++net) {
    zone += "$GENERATE 0-255 $." + std::to_string(net) + ".99.10.in-addr.arpa. PTR dialup-$." +
            kAttackDomains[net] + ".\n";
  }
  return zone;
}

inline std::string campus_zone() {
  std::string zone =
      std::string("$TTL 300\n@ SOA dns hostmaster 1 3600 900 86400 60\n@ NS dns\n@ MX 10 mx\n") +  //
      "dns A " + campus::kDnsAddress + "\nmx A " + campus::kMxAddress + "\nlists A " + campus::kListsAddress +
      "\n";
  for (std::size_t desk = 0; desk < campus::kDeskAddresses.size(); ++desk)
    zone += "desk" + std::to_string(desk) + " A " + campus::kDeskAddresses[desk] + "\n";
  return zone;
}

// Of 1.10.in-addr.arpa.
inline std::string campus_reverse_zone() {
  std::string zone =
      "$TTL 300\n@ SOA dns.campus.example. hostmaster.campus.example. 1 3600 900 86400 60\n"
      "@ NS dns.campus.example.\n25.0 PTR mx.campus.example.\n";
  for (std::size_t desk = 0; desk < campus::kDeskAddresses.size(); ++desk) {
    const std::string address = campus::kDeskAddresses[desk];
    zone +=
        address.substr(address.rfind('.') + 1) + ".0 PTR desk" + std::to_string(desk) + ".campus.example.\n";
  }
  return zone;
}

// One server, ended with this object. What it needs lies in a directory of its own.
class NameServer {
 public:
  // `zones` are the statements after the options.
  NameServer(const std::string& host, const std::string& address, const std::string& directory,
             const std::string& zones, const std::vector<std::pair<std::string, std::string>>& files)
      : directory_(directory),
        process_(configured(host, address, zones, files), directory + "/out", directory + "/err") {}

  std::string said() const { return contents_of(directory_ + "/err"); }
  // The text of the query log so far: a line for each query.
  std::string queries() const { return contents_of(directory_ + "/queries"); }

 private:
  // Returns the words that start it.
  std::vector<std::string> configured(const std::string& host, const std::string& address,
                                      const std::string& zones,
                                      const std::vector<std::pair<std::string, std::string>>& files) {
    std::filesystem::create_directory(directory_);
    for (const auto& [name, text] : files) std::ofstream(directory_ + "/" + name) << text;
    std::ofstream(directory_ + "/named.conf")
        << "options { directory \"" << directory_ << "\"; listen-on { " << address << "; };"
        << " listen-on-v6 { none; }; pid-file none; session-keyfile none; lock-file none; querylog yes;"
        << " dnssec-validation no; empty-zones-enable no; allow-query { any; }; allow-recursion { any; }; "
           "};\n"
        << "controls { };\n"
        << "logging { channel queries { file \"queries\"; print-time yes; };"
        << " category queries { queries; }; category default { default_stderr; }; };\n"
        << zones;
    // Elsewhere than where it was installed, AppArmor does not keep it from this directory.
    std::filesystem::copy_file("/usr/sbin/named", directory_ + "/named");
    return caged(host, "true",
                 {directory_ + "/named", "-f", "-4", "-n", "1", "-c", directory_ + "/named.conf"});
  }

  std::string directory_;
  Process process_;
};

inline NameServer root_server(const std::string& directory) {
  return {campus::kRouter,
          campus::kRootServerAddress,
          directory,
          "zone \".\" { type primary; file \"root\"; };\n",
          {{"root", root_zone()}}};
}

inline NameServer campus_name_server(const std::string& directory) {
  return {campus::kDns,
          campus::kDnsAddress,
          directory,
          "zone \".\" { type hint; file \"hints\"; };\n"
          "zone \"campus.example\" { type primary; file \"campus\"; };\n"
          "zone \"1.10.in-addr.arpa\" { type primary; file \"reverse\"; };\n",
          {{"hints", std::string(". 300 NS a.root.\na.root. 300 A ") + campus::kRootServerAddress + "\n"},
           {"campus", campus_zone()},
           {"reverse", campus_reverse_zone()}}};
}

}  // namespace tests

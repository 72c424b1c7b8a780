// Dovecot for POP3 as Debian ships it, with TCP wrappers: who may log in is written in /etc/hosts.allow, by
// name. Dovecot alone asks no name server. The wrappers (libwrap, hosts_access(5)) ask for the name of each
// client's address and for the addresses of that name, before the login: PTR and A, as Dovecot 2.3.19 with
// libwrap 7.6.q does.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <pwd.h>

#include "tests/support/live/caged_server.h"
#include "tests/support/live/campus.h"
#include "tests/support/live/own_etc.h"

namespace tests {

inline constexpr const char* kPop3Password = "secret";  // of everybody

// A sentence if this machine has no such server, else "".
inline std::string pop3_server_lacks() {
  for (const char* file : {"/usr/sbin/dovecot", "/usr/lib/dovecot/pop3-login", "/usr/lib/dovecot/tcpwrap",
                           "/etc/hosts.allow", "/etc/hosts.deny"}) {
    if (!std::filesystem::exists(file)) return std::string("needs ") + file + ": scripts/setup --ci";
  }
  for (const char* user : {"dovecot", "dovenull"}) {
    if (getpwnam(user) == nullptr) return std::string("needs the user ") + user + ": scripts/setup --ci";
  }
  return "";
}

// Serves the Maildirs in `mailboxes`, of the user postfix, to clients whose names end in .campus.example.
// Ended, with its directory gone, when destroyed.
class Pop3Server {
 public:
  Pop3Server(const std::string& host, const std::string& directory, const std::string& mailboxes)
      : server_(host, directory, configured(directory, mailboxes),
                {"/usr/sbin/dovecot", "-F", "-c", directory + "/etc/dovecot.conf"}) {}

  std::string said() const { return server_.said(); }

 private:
  // Returns the command that puts its files of /etc in their places.
  static std::string configured(const std::string& directory, const std::string& mailboxes) {
    auto files = resolver_files(campus::kDnsAddress);
    files.push_back({"hosts.allow", "pop3: .campus.example\n"});
    files.push_back({"hosts.deny", "pop3: ALL\n"});
    std::string mounts = own_etc(directory, files);
    std::ofstream(directory + "/etc/dovecot.conf")
        << "base_dir = " << directory << "/run\nstate_dir = " << directory
        << "/state\nlog_path = " << directory << "/log\nmail_location = maildir:" << mailboxes
        << "/%n\nlisten = " << campus::kMxAddress << R"(
protocols = pop3
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
login_access_sockets = tcpwrap
service tcpwrap {
  unix_listener login/tcpwrap {
    mode = 0600
    user = $default_login_user
  }
}
userdb {
  driver = static
  args = uid=postfix gid=postfix home=/nonexistent
}
passdb {
  driver = static
  args = password=)"
        << kPop3Password << "\n}\n";
    return mounts;
  }

  CagedServer server_;
};

}  // namespace tests

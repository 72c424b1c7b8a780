// Postfix as Debian ships it, with its own directories, on a host whose resolver has a search domain.
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <pwd.h>

#include "tests/support/live/caged_server.h"
#include "tests/support/live/campus.h"
#include "tests/support/live/own_etc.h"

namespace tests {

inline constexpr std::array<const char*, 3> kMailUsers = {"ann", "bob", "eve"};

// It receives mail for these users at campus.example, and knows nobody else. Ended, with its directory
// gone, when destroyed.
class MailServer {
 public:
  // `more`: settings that Debian leaves out, as lines of main.cf.
  MailServer(const std::string& host, const std::string& directory, const std::string& more = "")
      : server_(host, directory, configured(host, directory, more),
                {"/usr/lib/postfix/sbin/master", "-d", "-c", directory + "/etc"}) {}

  std::string said() const { return server_.said(); }

  // The directory of the users' mailboxes, Maildirs of the user postfix.
  std::string mailboxes() const { return server_.directory() + "/mail"; }

  // Messages in mailboxes.
  std::size_t delivered() const {
    std::size_t messages = 0;
    for (const std::string user : kMailUsers) {
      for (const char* state : {"/new", "/cur"}) {
        std::error_code none_yet;
        const std::filesystem::directory_iterator mails(mailboxes() + "/" + user + state, none_yet);
        messages += static_cast<std::size_t>(std::distance(begin(mails), end(mails)));
      }
    }
    return messages;
  }

 private:
  // Returns the command that puts its files of /etc in their places.
  static std::string configured(const std::string& host, const std::string& directory,
                                const std::string& more) {
    const passwd* const postfix = getpwnam("postfix");
    if (postfix == nullptr) throw std::runtime_error("there is no user postfix");
    for (const char* name : {"/etc", "/queue/pid"}) std::filesystem::create_directories(directory + name);
    for (const char* name :
         {"/data", "/mail", "/queue/active", "/queue/bounce", "/queue/corrupt", "/queue/defer",
          "/queue/deferred", "/queue/flush", "/queue/hold", "/queue/incoming", "/queue/maildrop",
          "/queue/private", "/queue/public", "/queue/saved", "/queue/trace"}) {
      std::filesystem::create_directory(directory + name);
      if (chown((directory + name).c_str(), postfix->pw_uid, postfix->pw_gid) != 0)
        throw std::runtime_error("chown " + directory + name);
    }
    write_main_cf(host, directory, *postfix, more);
    write_master_cf(directory);
    return own_etc(directory, resolver_files(campus::kDnsAddress));
  }

  static void write_main_cf(const std::string& host, const std::string& directory, const passwd& postfix,
                            const std::string& more) {
    std::ofstream(directory + "/etc/main.cf")
        << "compatibility_level = 3.6\nqueue_directory = " << directory << "/queue\n"
        << "data_directory = " << directory << "/data\nmaillog_file_prefixes = " << directory << "\n"
        << "maillog_file = " << directory << "/log\nmyhostname = " << host << ".campus.example\n"
        << "mydomain = campus.example\nmynetworks = 127.0.0.0/8\nmydestination =\n"
        << "inet_protocols = ipv4\nalias_maps =\nalias_database =\n"
        << "virtual_mailbox_domains = campus.example\nvirtual_mailbox_base = " << directory << "/mail\n"
        << "virtual_mailbox_maps = inline:{ " << mailbox_map() << " }\nvirtual_minimum_uid = 1\n"
        << "virtual_uid_maps = static:" << postfix.pw_uid << "\n"
        << "virtual_gid_maps = static:" << postfix.pw_gid << "\n"
        << more;
  }

  static std::string mailbox_map() {
    std::string list;
    for (const std::string user : kMailUsers)
      list.append(list.empty() ? "{" : ", {")
          .append(user)
          .append("@campus.example = ")
          .append(user)
          .append("/}");
    return list;
  }

  // Debian's, without what nobody asks for here, and without chroot: that would have another resolv.conf.
  static void write_master_cf(const std::string& directory) {
    std::ofstream(directory + "/etc/master.cf") << R"(
smtp      inet       n - n - -  smtpd
cleanup   unix       n - n - 0  cleanup
qmgr      unix       n - n 300 1 qmgr
rewrite   unix       - - n - -  trivial-rewrite
bounce    unix       - - n - 0  bounce
defer     unix       - - n - 0  bounce
trace     unix       - - n - 0  bounce
proxymap  unix       - - n - -  proxymap
tlsmgr    unix       - - n 1000? 1 tlsmgr
smtp      unix       - - n - -  smtp
error     unix       - - n - -  error
retry     unix       - - n - -  error
virtual   unix       - n n - -  virtual
anvil     unix       - - n - 1  anvil
scache    unix       - - n - 1  scache
postlog   unix-dgram n - n - 1  postlogd
)";
  }

  CagedServer server_;
};

}  // namespace tests

#include <gtest/gtest.h>

#include "wire/log_line.h"
#include "wire/log_program.h"

namespace wire {
namespace {

struct Parts {
  std::string_view host;
  std::string_view program;
  std::uint32_t pid = 0;
  std::string_view message;
  bool timed = true;
  bool operator==(const Parts&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Parts& parts) {
  return out << "host '" << parts.host << "' program '" << parts.program << "' pid " << parts.pid
             << " message '" << parts.message << "' timed " << parts.timed;
}

Parts parts(std::string_view text) {
  LogLine line;
  EXPECT_TRUE(read_log_line(text, line)) << text;
  return {line.host, line.program, line.pid, line.message, line.time.present};
}

TEST(LogLine, SyslogsFiles) {
  const Parts expected{"mx", "postfix/smtpd", 4711, "connect from x[10.0.0.1]", true};
  EXPECT_EQ(parts("Feb 11 10:00:00 mx postfix/smtpd[4711]: connect from x[10.0.0.1]"), expected);
  EXPECT_EQ(parts("Feb  1 10:00:00 mx postfix/smtpd[4711]: connect from x[10.0.0.1]\r\n"), expected);
  EXPECT_EQ(parts("2002-02-11T10:00:00.123456+09:00 mx postfix/smtpd[4711]: connect from x[10.0.0.1]"),
            expected);
  EXPECT_EQ(parts("Feb 11 10:00:00 mx dovecot: pop3-login: x"),
            (Parts{"mx", "dovecot", 0, "pop3-login: x", true}));
  EXPECT_EQ(parts("Feb 11 10:00:00 mx unbound: [77:0] info: x"),
            (Parts{"mx", "unbound", 0, "[77:0] info: x", true}));
  EXPECT_EQ(parts("Feb 11 10:00:00 mx postfix-out/submission/smtpd[1]: x"),
            (Parts{"mx", "postfix-out/submission/smtpd", 1, "x", true}));
  EXPECT_EQ(parts("Feb 11 10:00:00 mx last message repeated 2 times"),
            (Parts{"mx", "last", 0, "message repeated 2 times", true}));
}

TEST(LogLine, Rfc3164Datagrams) {
  EXPECT_EQ(parts("<22>Feb 11 10:00:00 mx sendmail[123]: g1B0xx: from=<a@b>"),
            (Parts{"mx", "sendmail", 123, "g1B0xx: from=<a@b>", true}));
  EXPECT_EQ(parts("<30>Feb 11 10:00:00 dnsmasq[99]: query[A] x from 10.0.0.1"),
            (Parts{"", "dnsmasq", 99, "query[A] x from 10.0.0.1", true}))
      << "a program that writes to /dev/log leaves its host out";
  EXPECT_EQ(parts("<30>dnsmasq[99]: query[A] x from 10.0.0.1"),
            (Parts{"", "dnsmasq", 99, "query[A] x from 10.0.0.1", false}));
}

// The examples of RFC 5424 section 6.5.
TEST(LogLine, Rfc5424Datagrams) {
  EXPECT_EQ(
      parts("<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xEF\xBB\xBF'su root' failed"),
      (Parts{"mymachine.example.com", "su", 0, "'su root' failed", true}));
  EXPECT_EQ(parts("<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time"),
            (Parts{"192.0.2.1", "myproc", 8710, "%% It's time", true}));
  EXPECT_EQ(parts("<165>1 2003-10-11T22:14:15.003Z h evntslog - ID47 [exampleSDID@32473 iut=\"3\" "
                  "eventID=\"1011\"][examplePriority@32473 class=\"high\"]"),
            (Parts{"h", "evntslog", 0, "", true}));
  EXPECT_EQ(parts("<165>1 - h named 5 - [a b=\"] \\\" [c\"] client 10.0.0.1#1"),
            (Parts{"h", "named", 5, "client 10.0.0.1#1", false}))
      << "brackets and escaped quotes in a value end nothing";
}

TEST(LogLine, FilesThatProgramsWriteThemselves) {
  const std::string_view query = "client @0x7f 10.0.0.1#1 (a): query: a IN A + (10.0.0.53)";
  EXPECT_EQ(parts("11-Feb-2002 10:00:00.123 client @0x7f 10.0.0.1#1 (a): query: a IN A + (10.0.0.53)"),
            (Parts{"", "named", 0, query, true}));
  EXPECT_EQ(parts("11-Feb-2002 10:00:00.123 queries: info: client x"),
            (Parts{"", "named", 0, "queries: info: client x", true}));
  EXPECT_EQ(parts("2002-02-11T10:00:00.123Z queries: info: client x"),
            (Parts{"", "named", 0, "queries: info: client x", true}));
  EXPECT_EQ(parts("2002-02-11T10:00:00.123Z client @0x7f 10.0.0.1#1 (a): query: a IN A + (10.0.0.53)"),
            (Parts{"", "named", 0, query, true}));
  EXPECT_EQ(parts("11-Feb-2002 10:00:00.123 XX+/10.0.0.1/a/A/IN"),
            (Parts{"", "named", 0, "XX+/10.0.0.1/a/A/IN", true}));
  EXPECT_EQ(parts("[1036368000] unbound[4711:0] info: 127.0.0.1 a. A IN"),
            (Parts{"", "unbound", 4711, "info: 127.0.0.1 a. A IN", true}));
  EXPECT_EQ(parts("Feb 11 10:00:00 unbound[4711:0] info: 127.0.0.1 a. A IN"),
            (Parts{"", "unbound", 4711, "info: 127.0.0.1 a. A IN", true}));
  EXPECT_EQ(parts("Feb 11 10:00:00 dnsmasq[82]: query[A] a from 10.0.0.1"),
            (Parts{"", "dnsmasq", 82, "query[A] a from 10.0.0.1", true}));
  EXPECT_EQ(parts("Feb 11 10:00:00 pop3-login: Info: Login: user=<a>"),
            (Parts{"", "pop3-login", 0, "Info: Login: user=<a>", true}));
  EXPECT_EQ(parts("Feb 11 10:00:00 UDP: dgram to domain from 10.1.0.25:1025 (41 data bytes)"),
            (Parts{"", "iplog", 0, "UDP: dgram to domain from 10.1.0.25:1025 (41 data bytes)", true}));
}

TEST(LogLine, WhatIsNoneIsRefused) {
  LogLine line;
  for (const std::string_view text : {"",
                                      "\n",
                                      "hello",
                                      "<",
                                      "<>",
                                      "<192>Feb 11 10:00:00 h p: m",
                                      "<1234567890123>x",
                                      "<22",
                                      "<22>",
                                      "<22>1 ",
                                      "<22>1 yesterday h p - - - m",
                                      "<22>1 - h p - - [x",
                                      "<22>1 - h p - - [x y=\"]",
                                      "<22>1 - h - - - - m",
                                      "Feb 11 10:00:00",
                                      "Feb 11 10:00:00mx p: m",
                                      "Feb 11 10:00:00 ",
                                      "Feb 11 10:00:00 mx",
                                      "Feb 30 10:00:00 mx p: m",
                                      "mx postfix/smtpd[1]: x"})
    EXPECT_FALSE(read_log_line(text, line)) << text;
}

TEST(LogProgram, NamesAreThoseOfSyslog) {
  for (const std::string_view name :
       {"postfix/smtpd", "postfix-out/submission/smtpd", "mx1/qmgr", "postfix/relay/smtp",
        "postfix/trivial-rewrite", "postfix/postfix-script"})
    EXPECT_EQ(log_program(name), LogProgram::kPostfix) << name;
  for (const std::string_view name : {"sendmail", "sm-mta", "sm-msp-queue"})
    EXPECT_EQ(log_program(name), LogProgram::kSendmail) << name;
  for (const std::string_view name : {"dovecot", "pop3-login", "imap-login"})
    EXPECT_EQ(log_program(name), LogProgram::kDovecot) << name;
  for (const std::string_view name : {"popper", "in.qpopper", "qpopper"})
    EXPECT_EQ(log_program(name), LogProgram::kQpopper) << name;
  EXPECT_EQ(log_program("named"), LogProgram::kBind);
  EXPECT_EQ(log_program("unbound"), LogProgram::kUnbound);
  EXPECT_EQ(log_program("dnsmasq"), LogProgram::kDnsmasq);
  EXPECT_EQ(log_program("iplog"), LogProgram::kIplog);
  for (const std::string_view name :
       {"", "/", "cron", "postfix", "postfix/", "postfix/sshd", "smtpd", "amavis/smtpdx", "dnsmasq-dhcp"})
    EXPECT_EQ(log_program(name), LogProgram::kUnknown) << name;
}

}  // namespace
}  // namespace wire

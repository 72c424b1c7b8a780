// One line of each shape; what the programs wrote themselves, and many more, is in tests/fixtures/logs. Lines
// of versions that nobody runs any more are from their documentation and sources.
#include <gtest/gtest.h>

#include "wire/mail_line.h"
#include "wire/network.h"

namespace wire {

std::ostream& operator<<(std::ostream& out, const MailFact& fact) {
  return out << kMailFactKindNames[static_cast<std::size_t>(fact.kind)] << " "
             << kMailReasonNames[static_cast<std::size_t>(fact.reason)] << " recipients " << fact.recipients
             << " dsn " << int{fact.dsn.status_class} << "." << fact.dsn.subject << "." << fact.dsn.detail
             << " client " << to_text(fact.client) << " domain '" << fact.domain << "'";
}

namespace {

using Kind = MailFactKind;
using Reason = MailReason;
using Fact = std::optional<MailFact>;

Address address(const char* text) {
  return *address_from(text);
}

MailFact from_client(Kind kind, const char* client) {
  MailFact fact;
  fact.kind = kind;
  fact.client = address(client);
  return fact;
}

MailFact queued(std::uint16_t recipients, std::string_view domain, const char* client = "::") {
  MailFact fact = from_client(Kind::kFrom, client);
  fact.recipients = recipients;
  fact.domain = domain;
  return fact;
}

MailFact attempt(Kind kind, std::string_view domain, Dsn dsn, Reason reason = Reason::kNone,
                 std::uint16_t recipients = 1) {
  MailFact fact = from_client(kind, "::");
  fact.recipients = recipients;
  fact.domain = domain;
  fact.dsn = dsn;
  fact.reason = reason;
  return fact;
}

MailFact reject(Reason reason, const char* client, std::string_view domain, Dsn dsn) {
  MailFact fact = from_client(Kind::kReject, client);
  fact.reason = reason;
  fact.domain = domain;
  fact.dsn = dsn;
  return fact;
}

TEST(Postfix, Connections) {
  EXPECT_EQ(parse_postfix("smtpd", "connect from mail.example.org[192.0.2.7]"),
            Fact(from_client(Kind::kConnect, "192.0.2.7")));
  EXPECT_EQ(parse_postfix("smtpd", "connect from unknown[2001:db8::7]"),
            Fact(from_client(Kind::kConnect, "2001:db8::7")));
  EXPECT_EQ(parse_postfix("smtpd", "connect from x[192.0.2.7]:1025"),
            Fact(from_client(Kind::kConnect, "192.0.2.7")));
  EXPECT_EQ(parse_postfix("smtpd", "connect from unknown[unknown]"), Fact(from_client(Kind::kConnect, "::")));
  EXPECT_EQ(parse_postfix("postscreen", "CONNECT from [192.0.2.7]:53410 to [10.1.0.25]:25"),
            Fact(from_client(Kind::kConnect, "192.0.2.7")));
  for (const std::string_view none :
       {"disconnect from mail.example.org[192.0.2.7] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5",
        "lost connection after CONNECT from unknown[192.0.2.7]",
        "A1B2C3D4: client=mail.example.org[192.0.2.7]"})
    EXPECT_EQ(parse_postfix("smtpd", none), std::nullopt) << none;
  EXPECT_EQ(parse_postfix("smtp", "connect from mail.example.org[192.0.2.7]"), std::nullopt);
}

TEST(Postfix, MailsTakenIn) {
  EXPECT_EQ(parse_postfix("qmgr", "4CB91659: from=<someone@example.org>, size=345, nrcpt=2 (queue active)"),
            Fact(queued(2, "example.org")));
  EXPECT_EQ(parse_postfix("qmgr", "4YZ5Kx2cFqz3wZ4: from=<>, size=2345, nrcpt=1 (queue active)"),
            Fact(queued(1, "")));
  EXPECT_EQ(
      parse_postfix("qmgr", "4C: from=<\"b\\\">, nrcpt=9\"@example.org>, size=345, nrcpt=2 (queue active)"),
      Fact(queued(2, "example.org")));
  EXPECT_EQ(parse_postfix("qmgr", "D4260680: from=<bob@campus.example>, status=expired, returned to sender"),
            Fact(attempt(Kind::kExpired, "", {})));
  EXPECT_EQ(parse_postfix("qmgr", "D4260680: removed"), std::nullopt);
  EXPECT_EQ(parse_postfix("pickup", "D4260680: uid=0 from=<root>"), std::nullopt);
  EXPECT_EQ(parse_postfix("cleanup", "D4260680: message-id=<1.2@mx>"), std::nullopt);
}

TEST(Postfix, AttemptsOfEveryAgent) {
  EXPECT_EQ(parse_postfix("smtp",
                          "5B3F7665: to=<joe@example.org>, relay=mail.example.org[10.1.0.30]:25, delay=0.05, "
                          "delays=0/0.01/0/0.04, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4YZ5Kx)"),
            Fact(attempt(Kind::kSent, "example.org", {2, 0, 0})));
  EXPECT_EQ(parse_postfix("local",
                          "E1: to=<root@local.campus.example>, orig_to=<root>, relay=local, delay=0.1, "
                          "delays=0/0.1/0/0.1, dsn=2.0.0, status=sent (delivered to mailbox)"),
            Fact(attempt(Kind::kSent, "local.campus.example", {2, 0, 0})));
  EXPECT_EQ(parse_postfix("smtp",
                          "5B: to=<busy@example.org>, relay=none, delay=2.2, delays=2.2/0/0/0, dsn=4.4.1, "
                          "status=deferred (connect to x[10.1.0.99]:25: User unknown, status=sent)"),
            Fact(attempt(Kind::kDeferred, "example.org", {4, 4, 1})));
  EXPECT_EQ(parse_postfix(
                "smtp",
                "5B: to=<nobody@example.org>, relay=h[10.1.0.30]:25, conn_use=3, delay=0.05, delays=0/0/0/0, "
                "dsn=5.1.1, status=bounced (host h said: 550 5.1.1 <nobody@example.org>: Recipient address "
                "rejected: User unknown (in reply to RCPT TO command))"),
            Fact(attempt(Kind::kBounced, "example.org", {5, 1, 1}, Reason::kUserUnknown)));
  EXPECT_EQ(
      parse_postfix("smtp", "AB12: to=<joe@example.org>, relay=h[10.1.0.30], delay=1, status=sent (250 Ok)"),
      Fact(attempt(Kind::kSent, "example.org", {})))
      << "Postfix 2.2 and before";
  EXPECT_EQ(parse_postfix(
                "smtp", "AB12: to=<joe@example.org>, relay=none, delay=1, dsn=4.2.0, status=SOFTBOUNCE (x)"),
            Fact(attempt(Kind::kDeferred, "example.org", {4, 2, 0})));
}

TEST(Postfix, AddressProbesAreNoAttempts) {
  EXPECT_EQ(parse_postfix(
                "virtual",
                "5E3C26B8: to=<ann@campus.example>, relay=virtual, delay=0.01, delays=0/0/0/0.01, dsn=2.0.0, "
                "status=deliverable (delivers to mailbox)"),
            std::nullopt);
  EXPECT_EQ(
      parse_postfix("smtp",
                    "5E: to=<a@b>, relay=none, delay=0, delays=0/0/0/0, dsn=5.4.6, status=undeliverable (x)"),
      std::nullopt);
}

TEST(Postfix, WhatStandsInAnAddressDecidesNothing) {
  const auto parsed = [](std::string_view recipient) {
    const std::string line =
        "5F: to=<" + std::string(recipient) + ">, orig_to=<" + std::string(recipient) +
        ">, relay=h[10.1.0.30]:25, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (250 Ok)";
    const Fact fact = parse_postfix("smtp", line);
    return fact && fact->kind == Kind::kSent && fact->recipients == 1 && fact->dsn == Dsn{2, 0, 0} &&
           fact->domain == "example.org";
  };
  EXPECT_TRUE(parsed("\"j, status=bounced\"@example.org"));
  EXPECT_TRUE(parsed("\"j>, dsn=5.1.1, status=bounced (x)\"@example.org"));
  EXPECT_TRUE(parsed("\"j\\\">, status=bounced (\\\\\"@example.org"));
  EXPECT_TRUE(parsed("a\\>\\, status=bounced@example.org"));
  EXPECT_TRUE(parsed("\"a@elsewhere.example\"@example.org"));
  EXPECT_TRUE(parsed("@relay.example:j@example.org"));
}

TEST(Postfix, Rejects) {
  EXPECT_EQ(parse_postfix(
                "smtpd",
                "NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 <other@elsewhere.example>: Relay "
                "access denied; from=<a@example.org> to=<other@elsewhere.example> proto=ESMTP helo=<x>"),
            Fact(reject(Reason::kRelayDenied, "192.0.2.7", "elsewhere.example", {5, 7, 1})));
  EXPECT_EQ(parse_postfix(
                "smtpd",
                "4CB91659: reject: RCPT from x.example[192.0.2.7]: 550 5.1.1 <zz@campus.example>: Recipient "
                "address rejected: User unknown in virtual mailbox table; from=<a@example.org> "
                "to=<zz@campus.example> proto=ESMTP helo=<x>"),
            Fact(reject(Reason::kUserUnknown, "192.0.2.7", "campus.example", {5, 1, 1})));
  EXPECT_EQ(parse_postfix(
                "smtpd",
                "NOQUEUE: reject: RCPT from x[192.0.2.7]: 450 4.2.0 <ann@campus.example>: Recipient address "
                "rejected: Greylisted; from=<a@b> to=<ann@campus.example> proto=ESMTP helo=<x>"),
            Fact(reject(Reason::kRecipientRejected, "192.0.2.7", "campus.example", {4, 2, 0})));
  EXPECT_EQ(
      parse_postfix(
          "smtpd",
          "NOQUEUE: reject: MAIL from x[192.0.2.7]: 450 4.1.8 <a@b>: Sender address rejected: Domain not "
          "found; from=<a@b> proto=ESMTP helo=<x>"),
      Fact(reject(Reason::kSenderRejected, "192.0.2.7", "", {4, 1, 8})));
  EXPECT_EQ(
      parse_postfix("smtpd",
                    "NOQUEUE: reject: CONNECT from x[2001:db8::9]: 554 5.7.1 <x[2001:db8::9]>: Client host "
                    "rejected: Access denied; proto=SMTP"),
      Fact(reject(Reason::kClientRejected, "2001:db8::9", "", {5, 7, 1})));
  EXPECT_EQ(
      parse_postfix("smtpd",
                    "NOQUEUE: reject: EHLO from x[192.0.2.7]: 504 5.5.2 <-bad->: Helo command rejected: need "
                    "fully-qualified hostname; proto=SMTP helo=<-bad->"),
      Fact(reject(Reason::kClientRejected, "192.0.2.7", "", {5, 5, 2})));
  EXPECT_EQ(
      parse_postfix(
          "smtpd", "NOQUEUE: reject: VRFY from x[192.0.2.7]: 502 5.5.1 VRFY command is disabled; proto=SMTP"),
      Fact(reject(Reason::kOther, "192.0.2.7", "", {5, 5, 1})));
  EXPECT_EQ(
      parse_postfix("smtpd",
                    "reject: RCPT from x[192.0.2.7]: 554 <a@b.example>: Relay access denied; from=<c@d> "
                    "to=<a@b.example>"),
      Fact(reject(Reason::kRelayDenied, "192.0.2.7", "b.example", {})))
      << "Postfix 1.1";
  EXPECT_EQ(
      parse_postfix(
          "smtpd",
          "NOQUEUE: reject: RCPT from x[192.0.2.7]: 554 5.7.1 Service unavailable; Client host "
          "[192.0.2.7] blocked using bl.example; from=<a@b> to=<ann@campus.example> proto=SMTP helo=<x>"),
      Fact(reject(Reason::kClientRejected, "192.0.2.7", "campus.example", {5, 7, 1})));
}

TEST(Postfix, RejectsOfPostscreenMiltersAndCleanup) {
  EXPECT_EQ(
      parse_postfix("postscreen",
                    "NOQUEUE: reject: RCPT from [192.0.2.7]:40000: 550 5.7.1 Service unavailable; client "
                    "[192.0.2.7] blocked using bl.example; from=<a@b>, to=<ann@campus.example>, proto=ESMTP, "
                    "helo=<early>"),
      Fact(reject(Reason::kClientRejected, "192.0.2.7", "campus.example", {5, 7, 1})));
  EXPECT_EQ(
      parse_postfix("postscreen", "NOQUEUE: reject: CONNECT from [192.0.2.7]:40000: all server ports busy"),
      Fact(reject(Reason::kClientRejected, "192.0.2.7", "", {})));
  EXPECT_EQ(parse_postfix(
                "smtpd",
                "NOQUEUE: milter-reject: RCPT from x[192.0.2.7]: 451 4.7.1 Service unavailable - try again "
                "later; from=<a@b> to=<ann@campus.example> proto=ESMTP helo=<x>"),
            Fact(reject(Reason::kOther, "192.0.2.7", "campus.example", {4, 7, 1})));
  EXPECT_EQ(
      parse_postfix("cleanup",
                    "AB12: milter-reject: END-OF-MESSAGE from x[192.0.2.7]: 5.7.1 Spam message rejected; "
                    "from=<a@b> to=<ann@campus.example> proto=ESMTP helo=<x>"),
      Fact(reject(Reason::kOther, "192.0.2.7", "campus.example", {5, 7, 1})));
  EXPECT_EQ(parse_postfix(
                "smtpd",
                "proxy-reject: END-OF-MESSAGE: 554 5.7.0 Reject, id=1; from=<a@b> to=<ann@campus.example> "
                "proto=ESMTP helo=<x>"),
            Fact(reject(Reason::kOther, "::", "campus.example", {5, 7, 0})));
  EXPECT_EQ(
      parse_postfix("cleanup",
                    "AB12: reject: header Subject: a virus from evil[9.9.9.9]; from=<a@b> from "
                    "mail.example.org[192.0.2.7]; from=<y@example.org> to=<ann@campus.example> proto=ESMTP "
                    "helo=<mail.example.org>: 5.7.1 no viruses here"),
      Fact(reject(Reason::kOther, "192.0.2.7", "campus.example", {5, 7, 1})));
}

TEST(Postfix, WhatIsNoReject) {
  for (const std::string_view line :
       {"NOQUEUE: reject_warning: RCPT from x[192.0.2.7]: 450 4.1.8 <a@b>: Sender address rejected; "
        "from=<a@b>",
        "NOQUEUE: warn: RCPT from x[192.0.2.7]: x; from=<a@b> to=<c@d> proto=ESMTP helo=<x>",
        "NOQUEUE: discard: RCPT from x[192.0.2.7]: <a@b>: x; from=<a@b> to=<c@d> proto=ESMTP helo=<x>",
        "NOQUEUE: filter: RCPT from x[192.0.2.7]: <a@b>: reject: RCPT from y[192.0.2.8]: 554 x",
        "warning: hostname x does not resolve to address 192.0.2.7",
        "reject: ", "NOQUEUE: reject: RCPT from x"})
    EXPECT_EQ(parse_postfix("smtpd", line), std::nullopt) << line;
}

// The recipient and the name given with HELO are the client's own words.
TEST(Postfix, WhatAClientSaysIsNoReason) {
  EXPECT_EQ(parse_postfix(
                "smtpd",
                "NOQUEUE: reject: RCPT from x[192.0.2.7]: 550 5.1.1 <\"Relay access denied>: Relay access "
                "denied; from=<x> to=<y@z>\"@campus.example>: Recipient address rejected: User unknown in "
                "virtual mailbox table; from=<a@b> to=<\"Relay access denied\"@campus.example> proto=ESMTP "
                "helo=<Relay access denied>"),
            Fact(reject(Reason::kUserUnknown, "192.0.2.7", "campus.example", {5, 1, 1})));
}

TEST(Sendmail, MailsTakenIn) {
  EXPECT_EQ(
      parse_sendmail("g1B10x1d012345: from=<a@example.org>, size=18, class=0, nrcpts=2, msgid=<1, relay=y "
                     "[9.9.9.9]>, proto=ESMTP, daemon=MTA, relay=mail.example.org [192.0.2.7]"),
      Fact(queued(2, "example.org", "192.0.2.7")));
  EXPECT_EQ(parse_sendmail("KAA12345: from=<a@example.org>, size=1234, class=0, pri=31234, nrcpts=1, "
                           "msgid=<199802110100.KAA12345@x>, proto=SMTP, relay=mail.example.org [192.0.2.7]"),
            Fact(queued(1, "example.org", "192.0.2.7")))
      << "sendmail 8.9";
  EXPECT_EQ(parse_sendmail("g1B: from=ann, size=18, class=0, nrcpts=1, msgid=<1@x>, relay=ann@localhost"),
            Fact(queued(1, "")));
  EXPECT_EQ(
      parse_sendmail("g1B: from=<\"a, nrcpts=7\"@example.org>, size=18, class=0, nrcpts=1, proto=ESMTP, "
                     "daemon=MTA6, relay=[IPv6:2001:db8:0:0:0:0:0:7] (may be forged)"),
      Fact(queued(1, "example.org", "2001:db8::7")));
  EXPECT_EQ(parse_sendmail(
                "g1B: from=<x@spam.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA, relay=x "
                "[192.0.2.7]"),
            std::nullopt)
      << "all its recipients were turned down";
}

TEST(Sendmail, Attempts) {
  EXPECT_EQ(
      parse_sendmail("g1B: to=<joe@example.org>,<jim@example.net>, ctladdr=<ann@campus.example> (1500/1500), "
                     "delay=00:00:01, xdelay=00:00:00, mailer=esmtp, pri=60018, relay=mail.example.org. "
                     "[10.1.0.30], dsn=2.0.0, stat=Sent (2.0.0 Ok: queued as 4YZ5Kx)"),
      Fact(attempt(Kind::kSent, "example.org", {2, 0, 0}, Reason::kNone, 2)));
  EXPECT_EQ(parse_sendmail("KAA1: to=ann, delay=00:00:01, xdelay=00:00:00, mailer=local, stat=Sent"),
            Fact(attempt(Kind::kSent, "", {})));
  EXPECT_EQ(
      parse_sendmail("g1B: to=<who@dead.example.org>, delay=00:00:00, mailer=esmtp, pri=30018, relay=gone. "
                     "[10.1.0.99], dsn=4.0.0, stat=Deferred: Connection refused by gone."),
      Fact(attempt(Kind::kDeferred, "dead.example.org", {4, 0, 0})));
  EXPECT_EQ(
      parse_sendmail("g1B: to=<nobody@example.org>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=3, "
                     "relay=mail.example.org. [10.1.0.30], dsn=5.1.1, stat=User unknown"),
      Fact(attempt(Kind::kBounced, "example.org", {5, 1, 1}, Reason::kUserUnknown)));
  EXPECT_EQ(parse_sendmail(
                "g1B: to=<a@nowhere.example>, delay=00:00:00, mailer=esmtp, pri=3, relay=nowhere.example, "
                "dsn=5.1.2, stat=Host unknown (Name server: nowhere.example: host not found)"),
            Fact(attempt(Kind::kBounced, "nowhere.example", {5, 1, 2}, Reason::kOther)));
  EXPECT_EQ(parse_sendmail("g1B: to=<a@b.example>, delay=00:00:00, mailer=esmtp, pri=3, relay=x [10.1.0.30], "
                           "dsn=5.0.0, stat=Service unavailable"),
            Fact(attempt(Kind::kBounced, "b.example", {5, 0, 0}, Reason::kOther)));
  EXPECT_EQ(
      parse_sendmail("g1B: to=<a@b.example>, delay=00:00:00, mailer=esmtp, pri=3, dsn=5.1.1, reply=550 5.1.1 "
                     "<a@b.example>... User unknown, stat=User unknown"),
      Fact(attempt(Kind::kBounced, "b.example", {5, 1, 1}, Reason::kUserUnknown)));
  EXPECT_EQ(
      parse_sendmail("g1B: to=<ann@campus.example>, delay=00:00:00, mailer=local, pri=30018, stat=queued"),
      std::nullopt);
  EXPECT_EQ(
      parse_sendmail(
          "g1B: to=<\"x, stat=Sent\"@example.org>,<\"a>,<b\"@example.org>, delay=00:00:00, mailer=esmtp, "
          "pri=3, relay=x [10.1.0.30], dsn=4.2.0, stat=Deferred: 451 busy, stat=Sent"),
      Fact(attempt(Kind::kDeferred, "example.org", {4, 2, 0}, Reason::kNone, 2)));
  EXPECT_EQ(
      parse_sendmail("6AM10IBU000179: 6AM10VaH000206: return to sender: Cannot send message for 5 days"),
      Fact(attempt(Kind::kExpired, "", {})));
  EXPECT_EQ(parse_sendmail("6AM10IBU000179: 6AM10VaH000206: DSN: User unknown"), std::nullopt);
  EXPECT_EQ(parse_sendmail("6AM1: 6AM2: sender notify: Warning: could not send message for past 4 hours"),
            std::nullopt);
}

// A line that sendmail 8.17 wrote: the other server said ", stat=Sent".
TEST(Sendmail, WhatAnotherServerSaysIsNoStatus) {
  EXPECT_EQ(
      parse_sendmail("6AM18es6000123: to=<full@example.org>, ctladdr=<ann@campus.example> (1500/1500), "
                     "delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=120018, relay=mail.example.org. "
                     "[10.1.0.30], dsn=5.2.2, reply=552 5.2.2 mailbox full, stat=Sent (no), stat=Service "
                     "unavailable"),
      Fact(attempt(Kind::kBounced, "example.org", {5, 2, 2}, Reason::kOther)));
}

TEST(Sendmail, ConnectionsAndRejects) {
  EXPECT_EQ(parse_sendmail("NOQUEUE: connect from mail.example.org [192.0.2.7]"),
            Fact(from_client(Kind::kConnect, "192.0.2.7")));
  EXPECT_EQ(parse_sendmail("NOQUEUE: connect from x [192.0.2.7] (may be forged)"),
            Fact(from_client(Kind::kConnect, "192.0.2.7")));
  EXPECT_EQ(parse_sendmail(
                "g1B: ruleset=check_rcpt, arg1=<other@elsewhere.example>, relay=x [192.0.2.7], reject=550 "
                "5.7.1 <other@elsewhere.example>... Relaying denied"),
            Fact(reject(Reason::kRelayDenied, "192.0.2.7", "elsewhere.example", {5, 7, 1})));
  EXPECT_EQ(parse_sendmail(
                "KAA1: ruleset=check_rcpt, arg1=<other@elsewhere.example>, relay=x [192.0.2.7], reject=550 "
                "<other@elsewhere.example>... Relaying denied"),
            Fact(reject(Reason::kRelayDenied, "192.0.2.7", "elsewhere.example", {})));
  EXPECT_EQ(parse_sendmail(
                "g1B: ruleset=check_mail, arg1=<x@nodomain.invalid>, relay=[198.51.100.3], reject=451 4.1.8 "
                "Domain of sender address x@nodomain.invalid does not resolve"),
            Fact(reject(Reason::kSenderRejected, "198.51.100.3", "", {4, 1, 8})));
  EXPECT_EQ(parse_sendmail(
                "ruleset=check_relay, arg1=[192.0.2.9], arg2=192.0.2.9, relay=[192.0.2.9], reject=550 5.7.1 "
                "Access denied"),
            Fact(reject(Reason::kClientRejected, "192.0.2.9", "", {5, 7, 1})));
  EXPECT_EQ(parse_sendmail("g1B: <nobody@campus.example>... User unknown"),
            Fact(reject(Reason::kUserUnknown, "::", "campus.example", {})));
  EXPECT_EQ(parse_sendmail("g1B: Milter: to=<ann@campus.example>, reject=451 4.3.2 Please try again later"),
            Fact(reject(Reason::kOther, "::", "campus.example", {4, 3, 2})));
  EXPECT_EQ(parse_sendmail("g1B: Milter: data, reject=550 5.7.1 Command rejected"),
            Fact(reject(Reason::kOther, "::", "", {5, 7, 1})));
  for (const std::string_view line :
       {"NOQUEUE: [192.0.2.7] did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA",
        "g1B: done; delay=00:00:13", "starting daemon (8.17.1.9): SMTP+queueing@00:00:05",
        "g1B: <x>... No such thing", "g1B: lost input channel from x"})
    EXPECT_EQ(parse_sendmail(line), std::nullopt) << line;
}

TEST(Dovecot, LoginsAndNothingElse) {
  EXPECT_EQ(
      parse_dovecot("dovecot",
                    "pop3-login: Login: user=<ann>, method=PLAIN, rip=10.1.0.80, lip=10.1.0.25, mpid=182, "
                    "secured, session=<dRUMNtJgNpEKAQAZ>"),
      Fact(from_client(Kind::kPop, "10.1.0.80")));
  EXPECT_EQ(parse_dovecot("dovecot",
                          "imap-login: Login: user=<bob@campus.example>, method=PLAIN, rip=2001:db8::25, "
                          "lip=2001:db8::25, mpid=2, TLS"),
            Fact(from_client(Kind::kImap, "2001:db8::25")));
  EXPECT_EQ(parse_dovecot(
                "dovecot",
                "pop3-login: Login: user=<ann>, method=PLAIN, rip=::ffff:10.1.0.80, lip=::ffff:10.1.0.25"),
            Fact(from_client(Kind::kPop, "10.1.0.80")))
      << "Dovecot 1.0";
  EXPECT_EQ(parse_dovecot("dovecot",
                          "imap-login: Logged in: user=<ann>, method=PLAIN, rip=10.1.0.80, lip=10.1.0.25"),
            Fact(from_client(Kind::kImap, "10.1.0.80")))
      << "Dovecot 2.4";
  EXPECT_EQ(parse_dovecot("pop3-login",
                          "Info: Login: user=<x>, rip=9.9.9.9>, method=PLAIN, rip=10.1.0.80, lip=10.1.0.25"),
            Fact(from_client(Kind::kPop, "10.1.0.80")));
  for (const std::string_view line :
       {"pop3-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<ann>, "
        "method=PLAIN, "
        "rip=10.1.0.80, lip=10.1.0.25, secured",
        "imap-login: Aborted login (auth failed, 1 attempts): user=<Login: user=<a>, rip=1.2.3.4>, "
        "rip=10.1.0.80",
        "managesieve-login: Login: user=<ann>, method=PLAIN, rip=10.1.0.80, lip=10.1.0.25",
        "pop3(ann)<182><x>: Disconnected: Logged out top=0/0, retr=0/0, del=0/0, size=0",
        "Login: user=<ann>, rip=10.0.0.1"})
    EXPECT_EQ(parse_dovecot("dovecot", line), std::nullopt) << line;
}

// pop_log.c, pop_init.c and pop_updt.c of qpopper 4.0.
TEST(Qpopper, LoginsAndStatistics) {
  const Fact session = from_client(Kind::kPop, "10.1.0.80");
  EXPECT_EQ(
      parse_qpopper("(v4.0.9) POP login by user \"ann\" at (pc.campus.example) 10.1.0.80 [pop_log.c:244]"),
      session);
  EXPECT_EQ(parse_qpopper("(v4.0.5) POP login by user \"ann\" at (10.1.0.80) 10.1.0.80"), session);
  EXPECT_EQ(parse_qpopper("Stats: ann 0 0 5 12345 pc.campus.example 10.1.0.80 [pop_updt.c:296]"), session);
  EXPECT_EQ(parse_qpopper("Stats: ann 0 0 5 12345 pc.campus.example 10.1.0.80"), session);
  EXPECT_TRUE(is_qpopper_statistics("Stats: ann 0 0 5 12345 pc.campus.example 10.1.0.80"));
  for (const std::string_view line :
       {"ann at pc.campus.example (10.1.0.80): -ERR [AUTH] Password supplied for \"ann\" is incorrect. "
        "[pop_pass.c:1295]",
        "(v4.0.9) Timeout (120 secs) during nw read from pc at 10.1.0.80", "Stats: ann",
        "Stats: ann 0 0 5 x h 10.1.0.80",
        "(v4.0.9) Unable to get canonical name of client 10.1.0.80: Unknown host"})
    EXPECT_EQ(parse_qpopper(line), std::nullopt) << line;
}

}  // namespace
}  // namespace wire

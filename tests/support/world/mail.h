// What the campus' mail server does for one mail, and one login: each DNS query waits for the answer before.
#pragma once

#include "tests/support/world/hosts.h"
#include "tests/support/world/stage.h"

namespace tests::world {

class Mail {
 public:
  // All are borrowed.
  Mail(Tap& tap, Resolver& resolver, Random& random) : tap_(tap), resolver_(resolver), random_(random) {}

  // A client outside connects to port 25. Returns when the connection is accepted.
  Nanos smtp_connection(Nanos at, const Address& client);

  // A mail is received: eight queries about the client and the sender (m_S of Musashi et al.).
  void receive(Nanos at, std::uint32_t peer);
  // A mail is sent: MX, A, AAAA, and a connection outward.
  struct Delivery {
    Address sender;
    std::uint32_t peer = 0;
    Fate fate = Fate::kAccepted;
  };
  void deliver(Nanos at, const Delivery& delivery);
  // Someone reads mail over POP3 or IMAP: the client is looked up, one query (m_P).
  void log_in(Nanos at, std::uint32_t pc_index);

  // The server asks, one question after the other.
  Nanos ask(Nanos at, const Lookup& lookup);

 private:
  Tap& tap_;
  Resolver& resolver_;
  Random& random_;
};

// Of a hundred deliveries 93 are accepted.
Fate drawn_delivery(Random& random);

}  // namespace tests::world

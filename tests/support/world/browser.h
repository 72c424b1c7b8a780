// A host that visits web sites: asks for their names unless it remembers them, and connects.
#pragma once

#include <unordered_map>

#include "tests/support/world/sites.h"
#include "tests/support/world/stage.h"

namespace tests::world {

class Browser {
 public:
  // All are borrowed.
  Browser(Tap& tap, Resolver& resolver, Random& random, const Address& address)
      : tap_(tap), resolver_(resolver), random_(random), address_(address) {}

  // Of the answers with addresses to all browsers some 57 % are followed by a connection within a second.
  void visit(Nanos at, std::uint32_t rank);
  // One connection or a few, wherever the address is known from.
  void connect(Nanos at, std::uint32_t rank, bool ipv6);

 private:
  bool remembers(Nanos at, std::uint32_t rank) const;
  Nanos look_up(Nanos at, std::uint32_t rank);
  void connect_once(Nanos at, std::uint32_t rank, bool ipv6);

  Tap& tap_;
  Resolver& resolver_;
  Random& random_;
  Address address_;
  std::unordered_map<std::uint32_t, Nanos> known_until_;  // by rank
};

}  // namespace tests::world

// The campus' name server as the tap sees it: clients ask it, it asks the world outside, and remembers.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "tests/support/world/message_writer.h"
#include "tests/support/world/tap.h"

namespace tests::world {

class Resolver {
 public:
  Resolver(Tap& tap, std::uint64_t seed) : tap_(tap), random_(seed) {}

  // A client asks, inside by either family; what the cache lacks is asked for outside. Returns when the
  // response passes the tap on its way to the client. Few queries have to be sent twice, few answers need
  // TCP.
  Nanos ask(Nanos at, const Address& client, const Lookup& lookup);

  // At the end of `down`, in which nobody is answered, it knows nothing any more.
  void restart(Span down) { down_ = down; }

 private:
  struct Cached {
    Nanos learned = 0;
    Nanos expires = 0;
  };

  // When it can answer, asked at `at`.
  Nanos learn(Nanos at, const Lookup& lookup);
  Nanos ask_outside(Nanos at, const Lookup& lookup);
  bool knows(const Cached& cached, Nanos at) const noexcept;
  Nanos answer_over_tcp(Nanos at, const Address& client, const Lookup& lookup);
  std::uint32_t remaining_ttl(Nanos at, const Lookup& lookup) const;
  std::uint16_t message_id() noexcept { return static_cast<std::uint16_t>(random_.next()); }

  Tap& tap_;
  Random random_;
  MessageWriter writer_;
  std::optional<Span> down_;
  std::unordered_map<std::string, Cached> cache_;  // by name and type
};

}  // namespace tests::world

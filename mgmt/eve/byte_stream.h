// A connection that octets are sent over: plain, or by TLS.
#pragma once

#include <string_view>

#include "mgmt/eve/event_writer.h"

namespace mgmt {

// Closed when destroyed. One thread.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // All of them, or throws WriteError. Waits while the other side takes none, unless it is to give up.
  virtual void send(std::string_view octets) = 0;

  // Throws WriteError if the other side has closed. What it says meanwhile is not listened to.
  virtual void check() = 0;
};

}  // namespace mgmt

// How an event log writes a record: to a file, a syslog server or a Unix socket.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "mgmt/eve/event_record.h"

namespace mgmt {

// In a sentence's half: "No space left on device".
class WriteError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Asked while somebody else is waited for: whether to give that up.
using GiveUp = std::function<bool()>;

// Of one thread.
class EventWriter {
 public:
  virtual ~EventWriter() = default;

  // All of it, or throws WriteError, after which it can be tried again with the same record. Waits for as
  // long as the other side does, unless it is to give up.
  virtual void write(const EventRecord& record) = 0;

  // Called between records, about once a second where there are none. Throws WriteError.
  virtual void tend() = 0;

  // The operator says that what is written to may have been moved.
  virtual void reopen() = 0;

  // Nothing more will come. Throws WriteError.
  virtual void close() = 0;
};

}  // namespace mgmt

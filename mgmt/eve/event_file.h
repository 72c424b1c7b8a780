// Events in files that are closed when they are long or old enough.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "mgmt/eve/event_writer.h"

namespace mgmt {

// "eve.json" is written as "eve.json.part" and becomes "eve-20261122T064000Z.json" when it is closed: whoever
// collects the latter never sees half a file. One that a program which died left behind is closed first,
// without the half line at its end.
class EventFile final : public EventWriter {
 public:
  // `rotate_ns` 0: however old. Throws std::runtime_error, in a sentence.
  EventFile(const std::string& path, std::uint64_t rotate_bytes, std::int64_t rotate_ns);
  ~EventFile() override;
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  void write(const EventRecord& record) override;
  void tend() override;
  void reopen() override;
  void close() override;

 private:
  using Clock = std::chrono::steady_clock;

  void open();
  void open_part();
  void finish();
  void finish_what_was_left();
  bool is_ours() const;
  void append(const std::string& line);
  void name_closed(std::int64_t seconds_since_1970) const;

  const std::string path_;
  const std::string part_;
  const std::uint64_t rotate_bytes_;
  const std::chrono::nanoseconds rotate_;
  int file_ = -1;
  std::uint64_t octets_ = 0;  // in it
  Clock::time_point opened_;
};

}  // namespace mgmt

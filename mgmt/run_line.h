// The line that `tapline run` prints each second.
#pragma once

#include <cstdint>
#include <string>

#include "mgmt/text_style.h"

namespace mgmt {

// Of one second.
struct RunSecond {
  std::uint64_t window = 0;  // since 1970
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  std::uint64_t queries = 0;
  std::uint64_t responses = 0;
  std::uint64_t syns = 0;
  std::uint64_t pairs = 0;
  std::uint64_t clients = 0;
  std::uint64_t lost_frames = 0;  // by the NIC
  std::uint64_t lost_events = 0;  // by full rings
};

std::string run_heading(const TextStyle& style);
std::string run_line(const RunSecond& second);

}  // namespace mgmt

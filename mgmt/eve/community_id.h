// A flow's name that all tools make alike, to find it again in another's log: Community ID, version 1.
#pragma once

#include <cstdint>
#include <string>

#include "wire/address.h"

namespace mgmt {

// The same for both directions.
struct Flow {
  wire::Address source;
  wire::Address destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t protocol = 0;  // wire::kProtocolTcp, wire::kProtocolUdp
};

// "1:LQU9qZlK+B5F3KDmev6m5PMibrg=". With the seed 0, as every tool has it unless it is told otherwise.
std::string community_id(const Flow& flow);

}  // namespace mgmt

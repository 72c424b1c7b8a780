// The service behind a TCP port.
#pragma once

#include <cstdint>
#include <string>

namespace mgmt {

// The name that IANA registered for a well-known port, the same on every machine; else the system's
// (services(5)), if it is printable; else "".
std::string service_name(std::uint16_t tcp_port);

}  // namespace mgmt

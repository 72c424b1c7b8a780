#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/query_line.h"

namespace wire {

// "UDP: dgram to domain from 10.1.0.25:1025 (41 data bytes)", with log-dest "to 10.1.0.53:domain"; 1.2: "UDP:
// domain query from host.example:1025". Without the services file the port is "port 53".
std::optional<QueryFact> parse_iplog_query(std::string_view message) noexcept {
  LineReader in(message);
  in.need("UDP: ");
  std::string_view to = "domain";
  if (in.take("dgram to ")) {
    to = in.until(" from ");
  } else {
    in.need("domain query from ");
  }
  if (to != "port 53" && !to.ends_with(":port 53") && to != "domain" && !to.ends_with(":domain"))
    return std::nullopt;
  const std::string_view peer = in.word();
  const std::size_t port = peer.rfind(':');
  if (in.failed() || port == std::string_view::npos) return std::nullopt;
  QueryFact fact;
  fact.client = log_address(peer.substr(0, port));
  return fact;
}

}  // namespace wire

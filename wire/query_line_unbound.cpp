#include "wire/dns_type.h"
#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/query_line.h"

namespace wire {

// "[4711:0] info: 127.0.0.1 name. A IN": syslog has the process and thread once more. log-tag-queryreply has
// "query: " for "info: ". Replies go on behind the class.
std::optional<QueryFact> parse_unbound_query(std::string_view message) noexcept {
  LineReader in(message);
  if (in.left().starts_with('[')) in.until("] ");
  if (!in.take("info: ") && !in.take("query: ")) return std::nullopt;
  QueryFact fact;
  fact.client = log_address(in.word());
  fact.qname = in.word();
  const std::string_view type = in.word();
  const std::string_view class_name = in.word();
  if (fact.client == Address{} || type.empty() || class_name.empty() || !in.left().empty())
    return std::nullopt;
  fact.qtype = dns_type(type);
  return fact;
}

}  // namespace wire

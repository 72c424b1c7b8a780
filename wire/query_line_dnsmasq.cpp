#include <charconv>

#include "wire/dns_type.h"
#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/query_line.h"

namespace wire {
namespace {

// A name, or type=65.
std::uint16_t query_type(std::string_view text) noexcept {
  constexpr std::string_view kNumbered = "type=";
  if (!text.starts_with(kNumbered)) return dns_type(text);
  std::uint16_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + kNumbered.size(), end, number);
  return error == std::errc{} && stop == end ? number : std::uint16_t{0};
}

}  // namespace

// "query[A] name from 10.0.0.1"; "7 10.0.0.1/1234 query[A] ..." with =extra, "UDP " before it with =proto. A
// name may have spaces, so the last "from" counts.
std::optional<QueryFact> parse_dnsmasq_query(std::string_view message) noexcept {
  LineReader in(message);
  QueryFact fact;
  fact.over_tcp = in.take("TCP ");
  if (!fact.over_tcp) in.take("UDP ");
  if (!in.left().starts_with("query[")) {
    in.number();
    in.need(" ");
    in.word();
  }
  in.need("query[");
  fact.qtype = query_type(in.until("] "));
  const std::size_t from = in.left().rfind(" from ");
  if (in.failed() || from == std::string_view::npos) return std::nullopt;
  fact.qname = in.left().substr(0, from);
  fact.client = log_address(in.left().substr(from + 6));
  return fact;
}

}  // namespace wire

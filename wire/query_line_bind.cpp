#include "wire/dns_type.h"
#include "wire/line_reader.h"
#include "wire/log_peer.h"
#include "wire/query_line.h"

namespace wire {
namespace {

// "+/10.0.0.1/name/MX/IN" or " /10.0.0.1/...", behind "XX". A name may have slashes (RFC 2317).
std::optional<QueryFact> bind8_query(LineReader in) noexcept {
  if (!in.take("+/") && !in.take(" /")) return std::nullopt;
  QueryFact fact;
  const std::string_view client = in.until('/');
  const std::string_view question = in.left();
  const std::size_t before_class = question.rfind('/');
  if (in.failed() || before_class == std::string_view::npos || before_class == 0) return std::nullopt;
  const std::size_t before_type = question.rfind('/', before_class - 1);
  if (before_type == std::string_view::npos) return std::nullopt;
  fact.client = log_address(client);
  fact.qname = question.substr(0, before_type);
  fact.qtype = dns_type(question.substr(before_type + 1, before_class - before_type - 1));
  return fact;
}

// "client @0x7f.. 10.0.0.1#1234/key k (name): view v: query: name IN A +E(0)TK (10.0.0.53)", behind "client
// ". BIND escapes spaces in names, so that no name has "query: " in it.
std::optional<QueryFact> bind9_query(LineReader in) noexcept {
  QueryFact fact;
  if (in.take("@0x")) in.word();
  fact.client = log_address(in.until('#'));
  in.until(": query: ");
  fact.qname = in.word();
  const std::string_view class_name = in.word();
  const std::string_view type = in.word();
  if (in.failed() || fact.qname.empty() || class_name.empty() || type.empty()) return std::nullopt;
  fact.qtype = dns_type(type);
  const std::string_view flags = in.word();  // none before 9.4
  fact.over_tcp =
      (flags.starts_with('+') || flags.starts_with('-')) && flags.find('T') != std::string_view::npos;
  return fact;
}

}  // namespace

std::optional<QueryFact> parse_bind_query(std::string_view message) noexcept {
  LineReader in(message);
  in.take("queries: ");
  in.take("info: ");
  if (in.take("XX")) return bind8_query(in);
  return in.take("client ") ? bind9_query(in) : std::nullopt;
}

}  // namespace wire

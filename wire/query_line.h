// Lines of query logs: at most one query each, views into the message.
#pragma once

#include <optional>
#include <string_view>

#include "wire/query_fact.h"

namespace wire {

// BIND 8 and 9.2 to 9.20, with or without "queries: info: " before it.
std::optional<QueryFact> parse_bind_query(std::string_view message) noexcept;

// Unbound with log-queries; the lines of log-replies are none.
std::optional<QueryFact> parse_unbound_query(std::string_view message) noexcept;

// dnsmasq 2 with log-queries, also =extra and =proto; what it forwards and answers is none.
std::optional<QueryFact> parse_dnsmasq_query(std::string_view message) noexcept;

// iplog 1.2 and 2.2: datagrams to the port `domain`. They have no name, no type, and a client only where
// iplog does not resolve addresses.
std::optional<QueryFact> parse_iplog_query(std::string_view message) noexcept;

}  // namespace wire

#include "mgmt/endpoint_text.h"

#include <charconv>

#include <fmt/format.h>

#include "wire/network.h"

namespace mgmt {

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  const auto address = wire::address_from(host);
  Endpoint endpoint;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  const bool is_port = error == std::errc{} && rest == end && endpoint.port > 0;
  if (!address || !is_port || address->is_v4() == brackets) return std::nullopt;
  endpoint.address = *address;
  return endpoint;
}

std::string to_text(const Endpoint& endpoint) {
  const std::string host = wire::to_text(endpoint.address);
  return fmt::format("{}:{}", endpoint.address.is_v4() ? host : "[" + host + "]", endpoint.port);
}

}  // namespace mgmt

#include "mgmt/fleet/settings.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "mgmt/api/http_settings.h"
#include "mgmt/eve/syslog_message.h"
#include "wire/address.h"

namespace mgmt {
namespace {

constexpr std::uint16_t kHttpPort = 8123;  // as ClickHouse comes
constexpr std::uint16_t kHttpsPort = 8443;
constexpr std::size_t kMostHost = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t kMostName = 64;

bool is_letter(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z');
}
bool is_digit(char c) {
  return '0' <= c && c <= '9';
}
bool is_host_character(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.';
}
bool is_sensor_character(char c) {
  return is_host_character(c) || c == '_';
}

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::optional<std::string> host_in(std::string_view text) {
  if (text.starts_with('[')) {
    const std::string_view inner = text.substr(1, text.size() - 2);
    const auto address = wire::address_from(inner);
    if (!text.ends_with(']') || !address) return std::nullopt;
    return wire::to_text(*address);
  }
  const bool name = !text.empty() && text.size() <= kMostHost && std::ranges::all_of(text, is_host_character);
  return name ? std::optional(std::string(text)) : std::nullopt;
}

}  // namespace

std::optional<FleetUrl> parse_fleet_url(std::string_view text) {
  FleetUrl url;
  if (text.starts_with("https://")) {
    url.tls = true;
  } else if (!text.starts_with("http://")) {
    return std::nullopt;
  }
  text.remove_prefix(url.tls ? 8 : 7);
  if (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const auto host = host_in(text.substr(0, colon));
  const auto port =
      colon == std::string_view::npos ? (url.tls ? kHttpsPort : kHttpPort) : port_in(text.substr(colon + 1));
  if (!host || !port) return std::nullopt;
  url.host = *host;
  url.port = *port;
  return url;
}

std::string to_text(const FleetUrl& url) {
  const bool six = url.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", url.tls ? "https" : "http", six ? "[" : "", url.host, six ? "]" : "",
                     url.port);
}

bool is_this_machine(const FleetUrl& url) {
  const auto address = wire::address_from(url.host);
  return address ? is_loopback(*address) : url.host == "localhost";
}

bool is_database_name(std::string_view text) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
  return !text.empty() && text.size() <= kMostName && !is_digit(text.front()) &&
         std::ranges::all_of(text, fits);
}

bool is_sensor_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostName && std::ranges::all_of(text, is_sensor_character);
}

std::string sensor_name(const FleetSettings& settings) {
  if (!settings.sensor.empty()) return settings.sensor;
  std::string name = host_name().substr(0, kMostName);
  std::ranges::replace_if(
      name, [](char c) { return !is_sensor_character(c); }, '_');
  return name;
}

}  // namespace mgmt

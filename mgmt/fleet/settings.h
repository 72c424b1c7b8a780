// A fleet of sensors that write to one ClickHouse: [fleet] of the configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mgmt {

// Of ClickHouse's HTTP interface: "http://127.0.0.1:8123", "https://clickhouse.campus.example:8443".
struct FleetUrl {
  bool tls = false;
  std::string host = "127.0.0.1";  // a name or an address, without brackets
  std::uint16_t port = 8123;
  bool operator==(const FleetUrl&) const = default;
};

struct FleetSettings {
  FleetUrl url;
  std::string tls_ca;  // PEM file of those who may vouch for it; "": the system's
  std::string database = "tapline";
  std::string user = "default";
  std::string password_file;  // its first line; "": no password
  std::string sensor;         // what this one is called there; "": this machine's name
  std::uint64_t spool_bytes = 256 << 20;
  std::uint64_t batch_minutes = 60;     // sent at once, at most
  std::uint64_t batch_bytes = 4 << 20;  // likewise, but for a single minute
  bool operator==(const FleetSettings&) const = default;
};

// http or https, a host, and a port if it is not ClickHouse's usual one; nothing behind it.
std::optional<FleetUrl> parse_fleet_url(std::string_view text);

std::string to_text(const FleetUrl& url);

// "localhost", 127.0.0.0/8 and ::1.
bool is_this_machine(const FleetUrl& url);

// What a database, and so a part of an SQL statement, may be called: letters, digits and _, no digit first.
bool is_database_name(std::string_view text);

// What a sensor may be called: up to 64 letters, digits, dots, hyphens and _.
bool is_sensor_name(std::string_view text);

// Its name in [fleet], or this machine's as far as that is one.
std::string sensor_name(const FleetSettings& settings);

}  // namespace mgmt

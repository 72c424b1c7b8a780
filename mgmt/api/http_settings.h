// Where the sensor answers questions: [socket] and [http] of the configuration.
#pragma once

#include <cstdint>
#include <string>

#include "mgmt/endpoint_text.h"
#include "wire/network.h"

namespace mgmt {

inline constexpr const char* kDefaultSocketPath = "/run/tapline/tapline.sock";

// For those on this machine who may use it: they see everything and may change things.
struct SocketSettings {
  std::string path = kDefaultSocketPath;  // "": none
  std::string group = "tapline";          // may use it besides its owner, if there is such a group
  bool operator==(const SocketSettings&) const = default;
};

// For everybody who can reach it: they may look.
struct HttpSettings {
  Endpoint listen = {*wire::address_from("127.0.0.1"), 8053};
  std::string tls_cert;  // PEM files; both or neither
  std::string tls_key;
  std::string token_file;  // its first line is the token of "Authorization: Bearer"; "": none is needed
  std::uint64_t connections = 256;
  bool operator==(const HttpSettings&) const = default;
};

// 127.0.0.0/8 and ::1.
bool is_loopback(const wire::Address& address) noexcept;

}  // namespace mgmt

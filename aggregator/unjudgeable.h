// Clients whose DNS the tap cannot see.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aggregator {

// Why nothing can be said of a client's connections by the answers that it got.
enum class Unjudgeable : std::uint8_t {
  kNot,
  kNeverAsks,  // on port 53, though it connects
  kDot,        // it resolves over TLS, RFC 7858
  kDoh,        // it asks for the name of a known server of DNS over HTTPS, RFC 8484
  kCount
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Unjudgeable::kCount)>
    kUnjudgeableNames = {"not", "never asks on port 53", "uses DNS over TLS",
                         "asks for a DNS over HTTPS server"};

}  // namespace aggregator

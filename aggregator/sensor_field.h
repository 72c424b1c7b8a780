// What is counted of everything that the sensor sees: in the order of its name in series, metrics and
// history.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aggregator {

enum class SensorField : std::uint8_t {
  kFrames,
  kBytes,
  kLostFrames,  // by the NICs, for want of descriptors or buffers or by an error
  kLostEvents,  // to a full ring
  // DNS messages over UDP and TCP.
  kQueries,
  kQueriesA,
  kQueriesAaaa,
  kQueriesPtr,
  kQueriesMx,
  kResponses,
  kNxdomain,
  kServfail,
  kAnswersWithAddress,
  // Connections.
  kSyns,
  kSynAcks,
  kQuic,
  kPairs,  // exclusive, of an answer and a SYN
  kSynsFollowing,
  kWithoutResolution,  // SYNs of internal hosts to addresses that nobody was told
  kCount
};
inline constexpr std::size_t kSensorFields = static_cast<std::size_t>(SensorField::kCount);

inline constexpr std::array<std::string_view, kSensorFields> kSensorFieldNames = {"frames",
                                                                                  "bytes",
                                                                                  "lost_frames",
                                                                                  "lost_events",
                                                                                  "queries",
                                                                                  "queries_a",
                                                                                  "queries_aaaa",
                                                                                  "queries_ptr",
                                                                                  "queries_mx",
                                                                                  "responses",
                                                                                  "nxdomain",
                                                                                  "servfail",
                                                                                  "answers_with_address",
                                                                                  "syns",
                                                                                  "syn_acks",
                                                                                  "quic",
                                                                                  "pairs",
                                                                                  "syns_following",
                                                                                  "without_resolution"};

}  // namespace aggregator

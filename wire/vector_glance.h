// A glance in one comparison, where the processor permutes octets (AVX-512 VBMI: Ice Lake, Zen 4 and later).
#pragma once

#if defined(__AVX512VBMI__) && defined(__AVX512BW__) && defined(__BMI2__)
#define TAPLINE_VECTOR_GLANCE 1

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "wire/layer.h"
#include "wire/network_layer.h"
#include "wire/octet_glance.h"
#include "wire/transport_layer.h"

namespace wire {
namespace glancing {

// The window has all that is looked at: of IPv4 it is the frame's first cache line.
inline constexpr std::size_t kWindow = 64;
inline constexpr std::size_t kWindowAtOfV6 = 12;

// Two octets of the window, the first the more significant, lie after a mask in a range. That may go round
// from 0xFFFF to 0.
struct Condition {
  std::size_t high;
  std::size_t low;
  std::uint16_t mask;
  std::uint16_t least;
  std::uint16_t most;
};

constexpr Condition pair_at(std::size_t at, unsigned mask, unsigned least, unsigned most) {
  return {at, at + 1, static_cast<std::uint16_t>(mask), static_cast<std::uint16_t>(least),
          static_cast<std::uint16_t>(most)};
}
constexpr Condition octet_at(std::size_t at, std::uint8_t mask, unsigned least, unsigned most) {
  return {at, at, mask, static_cast<std::uint16_t>(least), static_cast<std::uint16_t>(most)};
}

inline constexpr std::array<std::uint16_t, 7> kSpokenPorts = {
    kDnsPort, kVxlanPort, kVxlanGpePort, kGenevePort, kGtpUPort, kTeredoPort, 0};

// Those of TCP and UDP alike, then three of each; one bit each from the lowest on.
inline constexpr std::size_t kOfBoth = 2 * kSpokenPorts.size() + 4;
inline constexpr std::uint32_t kBoth = (1U << kOfBoth) - 1;
inline constexpr std::uint32_t kTcp = kBoth | 7U << kOfBoth;
inline constexpr std::uint32_t kUdp = kBoth | 7U << (kOfBoth + 3);
using Conditions = std::array<Condition, kOfBoth + 6>;

// What octet_glance() asks of a frame.
constexpr Conditions conditions(bool tagged, bool v6) {
  const std::size_t type = (tagged ? 16 : 12) - (v6 ? kWindowAtOfV6 : 0);
  const std::size_t ip = type + 2;
  const std::size_t protocol = ip + (v6 ? 6 : 9);
  const std::size_t header = ip + (v6 ? kIpv6Header : kIpv4Header);
  Conditions all{};
  std::size_t next = 0;
  for (const std::size_t port : {header, header + 2}) {
    for (const unsigned spoken : kSpokenPorts) all[next++] = pair_at(port, 0xFFFF, spoken + 1, spoken - 1);
  }
  if (v6) {
    all[next++] = pair_at(type, 0xFFFF, 0x86DD, 0x86DD);
    all[next++] = octet_at(ip, 0xF0, 0x60, 0x60);
    all[next++] = pair_at(ip + 4, 0xFFFF, kTcpHeader, 0xFFFF);
    all[next++] = pair_at(ip, 0, 0, 0);  // always met
  } else {
    all[next++] = pair_at(type, 0xFFFF, 0x0800, 0x0800);
    all[next++] = octet_at(ip, 0xFF, 0x45, 0x45);
    all[next++] = pair_at(ip + 2, 0xFFFF, kIpv4Header + kTcpHeader, 0xFFFF);
    all[next++] = pair_at(ip + 6, 0x3FFF, 0, 0);  // no fragment
  }
  all[next++] = octet_at(protocol, 0xFF, kProtocolTcp, kProtocolTcp);
  all[next++] = octet_at(header + 12, 0xFF, kTcpHeader / 4 << 4, 0xFF);
  all[next++] = octet_at(header + 13, kSynFlag, 0, 0);
  all[next++] = octet_at(protocol, 0xFF, kProtocolUdp, kProtocolUdp);
  all[next++] = pair_at(header + 4, 0xFFFF, kUdpHeader, 0xFFFF);
  all[next++] = octet_at(header + kUdpHeader, 0xFF, 0, 0xBF);  // no long header of QUIC
  return all;
}

// Conditions as the processor takes them; those that are not there are met.
struct alignas(kWindow) Question {
  std::array<std::uint8_t, 64> places{};
  std::array<std::uint16_t, 32> masks{};
  std::array<std::uint16_t, 32> least{};
  std::array<std::uint16_t, 32> widths{};  // of the ranges
};

constexpr Question question(bool tagged, bool v6) {
  const Conditions all = conditions(tagged, v6);
  Question asked;
  for (std::size_t i = 0; i < all.size(); ++i) {
    asked.places[2 * i] = static_cast<std::uint8_t>(all[i].low);
    asked.places[2 * i + 1] = static_cast<std::uint8_t>(all[i].high);
    asked.masks[i] = all[i].mask;
    asked.least[i] = all[i].least;
    asked.widths[i] = static_cast<std::uint16_t>(all[i].most - all[i].least);
  }
  return asked;
}

// By the number of tags and twice whether it is IPv6.
inline constexpr std::array<Question, 4> kQuestions = {question(false, false), question(true, false),
                                                       question(false, true), question(true, true)};

// The frame's octets from `at` on, zero behind its end, where nothing is read.
inline __m512i window_of(const Frame& frame, std::size_t at) noexcept {
  const auto octets = static_cast<unsigned>(std::min(frame.length - at, kWindow));
  return _mm512_maskz_loadu_epi8(_bzhi_u64(~0ULL, octets), frame.bytes + at);
}

inline std::uint32_t unmet(const Question& question, __m512i window) noexcept {
  const auto line = [](const auto& array) { return _mm512_load_si512(array.data()); };
  const __m512i words = _mm512_maskz_permutexvar_epi8(~0ULL, line(question.places), window);
  const __m512i from_least =
      _mm512_sub_epi16(_mm512_and_si512(words, line(question.masks)), line(question.least));
  return _mm512_cmpgt_epu16_mask(from_least, line(question.widths));
}

}  // namespace glancing

// Says what octet_glance() says.
inline Glance vector_glance(const Frame& frame) noexcept {
  if (frame.length < kShortestGlance || frame.link != LinkType::kEthernet) [[unlikely]]
    return Glance::kLookCloser;
  const std::size_t tagged = load_be16(frame.bytes + 12) == 0x8100;
  const std::size_t v6 = load_be16(frame.bytes + 12 + 4 * tagged) == 0x86DD;
  if (kShortestGlance + 4 * tagged + (kIpv6Header - kIpv4Header) * v6 > frame.length) [[unlikely]]
    return Glance::kLookCloser;
  const __m512i window = glancing::window_of(frame, glancing::kWindowAtOfV6 * v6);
  const std::uint32_t unmet = glancing::unmet(glancing::kQuestions[tagged + 2 * v6], window);
  const unsigned tcp = (unmet & glancing::kTcp) == 0;
  const unsigned udp = (unmet & glancing::kUdp) == 0;
  return static_cast<Glance>(tcp | udp << 1);
}

}  // namespace wire
#endif

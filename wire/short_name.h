// Reading a name of up to 63 octets at once, where the processor permutes octets (AVX-512 VBMI).
#pragma once

#if defined(__AVX512VBMI__) && defined(__AVX512BW__) && defined(__BMI2__)
#define TAPLINE_SHORT_NAMES 1

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <immintrin.h>

#include "wire/dns_name.h"

namespace wire {
namespace short_names {

inline constexpr std::uint32_t kMostOctets = 63;
inline constexpr int kMostLabels = 8;

// A permutation looks at six bits of a place. With the other two set, what lies behind the window saturates
// to its last place.
inline constexpr std::uint32_t kOtherBits = 0xC0;
using Places = std::array<std::uint8_t, kMostOctets + 1>;
constexpr Places places_from(std::uint32_t first) {
  Places places{};
  for (std::uint8_t& place : places) place = static_cast<std::uint8_t>(std::min(kOtherBits + first++, 255U));
  return places;
}
alignas(sizeof(Places)) inline constexpr Places kHere = places_from(0);
alignas(sizeof(Places)) inline constexpr Places kBehind = places_from(1);

// True if labels from the first octet on lead to `end`, where a zero octet is. For each place the next one is
// known at once, and from two steps follow four.
inline bool labels_lead_to(std::uint32_t end, __m512i octets, __mmask64 zeros) noexcept {
  const __m512i here = _mm512_load_si512(kHere.data());
  __m512i to = _mm512_mask_adds_epu8(here, ~zeros, octets, _mm512_load_si512(kBehind.data()));
  for (int steps = 1; steps < kMostLabels; steps *= 2) to = _mm512_maskz_permutexvar_epi8(~0ULL, to, to);
  const int first = _mm_cvtsi128_si32(_mm512_maskz_extracti32x4_epi32(0xF, to, 0));
  return (static_cast<std::uint32_t>(first) & 0xFF) == (kOtherBits | end);
}

inline __m512i lower(__m512i octets) noexcept {
  const __m512i from_a = _mm512_sub_epi8(octets, _mm512_set1_epi8('A'));
  const __mmask64 upper = _mm512_cmplt_epu8_mask(from_a, _mm512_set1_epi8(26));
  return _mm512_mask_add_epi8(octets, upper, octets, _mm512_set1_epi8('a' - 'A'));
}

}  // namespace short_names

// The octets of the name at `at`, its root included, and the name lower-cased; 0 if it has to be walked: it
// is longer, has more labels or a pointer, or is none. Where a walk ends cannot be predicted; so the first
// zero octet is looked for, and the labels are only asked whether they lead there. Never reads beyond the
// message.
inline std::uint32_t read_short_name(std::span<const std::uint8_t> message, std::uint32_t at,
                                     DnsName& name) noexcept {
  using namespace short_names;
  if (at >= message.size()) return 0;
  const auto left = static_cast<std::uint32_t>(std::min<std::size_t>(message.size() - at, kMostOctets));
  const __m512i octets = _mm512_maskz_loadu_epi8(_bzhi_u64(~0ULL, left), message.data() + at);
  const __mmask64 zeros = _mm512_testn_epi8_mask(octets, octets);
  const auto end = static_cast<std::uint32_t>(std::countr_zero(zeros));
  if (end >= left || !labels_lead_to(end, octets, zeros)) return 0;
  _mm512_storeu_si512(name.octets.data(), lower(octets));
  return end + 1;
}

}  // namespace wire
#endif

#include "dataplane/traffic/zone.h"

#include <array>
#include <string>
#include <string_view>

#include "dataplane/traffic/campus.h"
#include "wire/hash.h"

namespace dataplane::traffic {
namespace {

constexpr std::array<std::string_view, 16> kHosts = {
    "www",   "www",  "www", "www", "api",   "cdn",           "img",       "static",
    "login", "mail", "m",   "app", "fonts", "events-ingest", "edge-mqtt", "connectivity-check"};
constexpr std::array<std::string_view, 8> kTopLevels = {"com", "com", "com", "net", "org", "jp", "de", "io"};
constexpr std::array<std::string_view, 32> kSyllables = {
    "ba",   "ko", "shi", "ra",  "ten",   "mo", "lu", "via", "zen", "qua",  "net",
    "soft", "de", "ri",  "ma",  "po",    "ga", "hy", "per", "ix",  "star", "clo",
    "ud",   "fi", "nex", "tor", "globe", "wa", "yu", "kin", "o",   "san"};

// A number made of the rank, another one for each aspect of it.
std::uint64_t aspect(std::uint32_t rank, std::uint64_t which) {
  return wire::mix(rank + wire::kHashSeedA, which + wire::kHashSeedB);
}

void append_label(std::vector<std::uint8_t>& to, std::string_view label) {
  to.push_back(static_cast<std::uint8_t>(label.size()));
  to.insert(to.end(), label.begin(), label.end());
}

std::string domain(std::uint32_t rank) {
  std::uint32_t digits = rank * 0x9E375 % (1 << 20);  // Odd: neighbouring ranks look unlike each other.
  std::string word;
  for (int syllable = 0; syllable < 4; ++syllable, digits /= 32) word += kSyllables[digits % 32];
  return word;
}

}  // namespace

Zone::Zone() : starts_{0} {
  for (std::uint32_t rank = 0; rank < kNames; ++rank) {
    append_label(octets_, kHosts[aspect(rank, 0) % kHosts.size()]);
    append_label(octets_, domain(rank));
    append_label(octets_, kTopLevels[aspect(rank, 1) % kTopLevels.size()]);
    starts_.push_back(static_cast<std::uint32_t>(octets_.size()));
  }
}

std::span<const std::uint8_t> Zone::name(std::uint32_t rank) const noexcept {
  return std::span(octets_).subspan(starts_[rank], starts_[rank + 1] - starts_[rank]);
}

std::uint32_t Zone::aliases(std::uint32_t rank) noexcept {
  constexpr std::array<std::uint8_t, 16> kCounts = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3};
  return kCounts[aspect(rank, 2) % kCounts.size()];
}

std::uint32_t Zone::addresses(std::uint32_t rank) noexcept {
  constexpr std::array<std::uint8_t, 8> kCounts = {1, 1, 1, 1, 2, 2, 3, 4};
  return kCounts[aspect(rank, 3) % kCounts.size()];
}

std::uint32_t Zone::server(std::uint32_t rank, std::uint32_t nth) noexcept {
  return static_cast<std::uint32_t>((aspect(rank, 4) % kServers + nth) % kServers);
}

bool Zone::has_ipv6(std::uint32_t rank) noexcept {
  return aspect(rank, 5) % 10 < 6;
}

std::uint32_t Zone::ttl(std::uint32_t rank) noexcept {
  constexpr std::array<std::uint32_t, 8> kSeconds = {30, 60, 60, 300, 300, 600, 3600, 86400};
  return kSeconds[aspect(rank, 6) % kSeconds.size()];
}

}  // namespace dataplane::traffic

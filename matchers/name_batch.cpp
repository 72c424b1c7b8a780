#include "matchers/name_batch.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace matchers {
namespace {

enum : std::uint8_t {
  kPlain,
  kSpecial,  // a backslash before it
  kOpaque    // its number behind a backslash
};

constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t octet = 0; octet < kinds.size(); ++octet) {
    if (octet <= ' ' || octet >= 0x7F) kinds[octet] = kOpaque;
  }
  for (const char special : std::string_view(".\\\"();@$")) {
    kinds[static_cast<unsigned char>(special)] = kSpecial;
  }
  return kinds;
}();

using OctetBlock [[gnu::vector_size(32)]] = std::uint8_t;
constexpr std::size_t kBlock = sizeof(OctetBlock);

// How many of the octets, up to a whole block, are neither lower-case letters, digits, hyphens nor
// underscores.
std::size_t unusual_octets(const char* text, std::size_t octets) noexcept {
  OctetBlock unusual{};
  for (std::size_t at = 0; at < octets; at += kBlock) {
    OctetBlock block;
    std::memcpy(&block, text + at, kBlock);
    const auto letter = (block - static_cast<std::uint8_t>('a')) < 26;
    const auto digit = (block - static_cast<std::uint8_t>('0')) < 10;
    const auto usual = letter | digit | (block == '-') | (block == '_');
    unusual += reinterpret_cast<OctetBlock>(usual) + 1;
  }
  std::array<std::uint64_t, kBlock / 8> parts;
  std::memcpy(parts.data(), &unusual, kBlock);
  std::uint64_t sum = 0;
  for (const std::uint64_t part : parts) sum += part;  // no octet of it is above 32: a name has 8 blocks
  return sum * 0x0101010101010101 >> 56;
}

// A name of usual octets, which nearly all are: copied as it is, with dots for its length octets. May write a
// block behind the name. Null, and anything written, if the name is of another kind.
char* write_usual(char* out, std::span<const std::uint8_t> name) noexcept {
  if (name.size() < 3 || name.size() > kMaxNameOctets || name[0] == 0 || name.back() != 0) return nullptr;
  const std::size_t octets = name.size() - 2;
  std::memcpy(out, name.data() + 1, octets);
  std::memset(out + octets, 'a', kBlock);
  std::size_t dots = 0;
  std::size_t at = name[0];
  for (; at < octets; ++dots) {
    const auto label = static_cast<std::uint8_t>(out[at]);
    if (label == 0 || label > kMaxLabelOctets) return nullptr;
    out[at] = '.';
    at += 1 + std::size_t{label};
  }
  if (at != octets || unusual_octets(out, octets) != dots) return nullptr;
  return out + octets;
}

char* write_escaped(char* out, std::uint8_t octet) noexcept {
  const std::uint8_t kind = kKinds[octet];
  if (kind != kPlain) *out++ = '\\';
  if (kind != kOpaque) {
    *out++ = static_cast<char>(octet);
    return out;
  }
  *out++ = static_cast<char>('0' + octet / 100);
  *out++ = static_cast<char>('0' + octet / 10 % 10);
  *out++ = static_cast<char>('0' + octet % 10);
  return out;
}

char* write_any(char* out, std::span<const std::uint8_t> name) noexcept {
  const char* const begin = out;
  name = name.first(std::min(name.size(), kMaxNameOctets));
  while (!name.empty() && name[0] != 0) {
    const std::size_t octets = std::min<std::size_t>(name[0], name.size() - 1);
    if (out != begin) *out++ = '.';
    for (const std::uint8_t octet : name.subspan(1, octets)) out = write_escaped(out, octet);
    name = name.subspan(1 + octets);
  }
  if (out == begin && !name.empty()) *out++ = '.';
  return out;
}

}  // namespace

NameBatch::NameBatch(std::size_t names)
    : text_(std::clamp<std::size_t>(names, 1, kMaxNames) * (kMaxTextOctets + 1) + kBlock),
      ends_(std::clamp<std::size_t>(names, 1, kMaxNames)) {}

bool NameBatch::add(std::span<const std::uint8_t> wire_name) noexcept {
  if (count_ == ends_.size()) return false;
  char* const begin = text_.data() + (count_ == 0 ? 0 : ends_[count_ - 1] + 1);
  char* end = write_usual(begin, wire_name);
  if (!end) end = write_any(begin, wire_name);
  *end = '\n';
  ends_[count_++] = static_cast<std::uint32_t>(end - text_.data());
  return true;
}

}  // namespace matchers

#include "wire/network.h"

#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace wire {
namespace {

constexpr unsigned kMappedBits = 96;
constexpr unsigned kAddressBits = 128;

std::optional<unsigned> number(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Address> address_from(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> word{};
  if (text.size() >= word.size()) return std::nullopt;
  text.copy(word.data(), text.size());
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, word.data(), bytes.data()) == 1) return Address::v4(bytes.data());
  if (inet_pton(AF_INET6, word.data(), bytes.data()) == 1) return Address::v6(bytes.data());
  return std::nullopt;
}

std::optional<Network> network_from(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<Address> address = address_from(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned before = address->is_v4() && text.find(':') == std::string_view::npos ? kMappedBits : 0;
  unsigned prefix = kAddressBits;
  if (slash != std::string_view::npos) {
    const std::optional<unsigned> written = number(text.substr(slash + 1), kAddressBits - before);
    if (!written) return std::nullopt;
    prefix = before + *written;
  }
  const Network network(*address, prefix);
  if (network.base() != *address) return std::nullopt;
  return network;
}

std::string to_text(const Network& network) {
  const bool v4 = network.base().is_v4() && network.prefix() >= kMappedBits;
  const unsigned prefix = v4 ? network.prefix() - kMappedBits : network.prefix();
  return to_text(network.base()) + "/" + std::to_string(prefix);
}

}  // namespace wire

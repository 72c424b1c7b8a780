#include "wire/address.h"

#include <array>

#include <arpa/inet.h>

namespace wire {

std::string to_text(const Address& address) {
  std::array<std::uint8_t, 16> bytes;
  std::memcpy(bytes.data(), &address, bytes.size());
  std::array<char, INET6_ADDRSTRLEN> text;
  if (address.is_v4()) return inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size());
  return inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
}

}  // namespace wire

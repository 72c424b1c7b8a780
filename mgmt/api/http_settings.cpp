#include "mgmt/api/http_settings.h"

#include "wire/network.h"

namespace mgmt {

bool is_loopback(const wire::Address& address) noexcept {
  constexpr std::uint64_t kNet = 127;
  if (address.is_v4()) return (address.low >> 32 & 0xFF) == kNet;
  return address == wire::address_from("::1");
}

}  // namespace mgmt

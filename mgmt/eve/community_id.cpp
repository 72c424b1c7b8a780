#include "mgmt/eve/community_id.h"

#include <array>
#include <bit>
#include <cstring>
#include <tuple>
#include <utility>

#include <openssl/evp.h>
#include <openssl/sha.h>

namespace mgmt {
namespace {

class Octets {
 public:
  void put(const wire::Address& address) {
    const auto all = std::bit_cast<std::array<std::uint8_t, 16>>(address);
    const std::size_t mapped = address.is_v4() ? 12 : 0;
    std::memcpy(&octets_[size_], &all[mapped], all.size() - mapped);
    size_ += all.size() - mapped;
  }
  void put(std::uint8_t octet) { octets_[size_++] = octet; }
  void put(std::uint16_t number) {
    put(static_cast<std::uint8_t>(number >> 8));
    put(static_cast<std::uint8_t>(number));
  }

  std::array<std::uint8_t, SHA_DIGEST_LENGTH> sha1() const {
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
    SHA1(octets_.data(), size_, digest.data());
    return digest;
  }

 private:
  std::array<std::uint8_t, 2 + 2 * 16 + 2 + 2 * 2> octets_{};
  std::size_t size_ = 0;
};

}  // namespace

std::string community_id(const Flow& flow) {
  constexpr std::uint16_t kSeed = 0;
  constexpr std::uint8_t kPadding = 0;
  auto low = std::tie(flow.source, flow.source_port),
       high = std::tie(flow.destination, flow.destination_port);
  const bool ordered = low < high;
  const auto& [first, first_port] = ordered ? low : high;
  const auto& [second, second_port] = ordered ? high : low;
  Octets octets;
  octets.put(kSeed);
  octets.put(first);
  octets.put(second);
  octets.put(flow.protocol);
  octets.put(kPadding);
  octets.put(first_port);
  octets.put(second_port);
  const auto digest = octets.sha1();
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), SHA_DIGEST_LENGTH);
  return "1:" + std::string(reinterpret_cast<const char*>(base64.data()));
}

}  // namespace mgmt

#include "mgmt/privacy/crypto_pan.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace mgmt {
namespace {

constexpr std::size_t kV4Octets = 4;
constexpr std::size_t kV6Octets = 16;

unsigned bit_at(std::span<const std::uint8_t> octets, std::size_t place) noexcept {
  return octets[place / 8] >> (7 - place % 8) & 1U;
}

void flip(std::span<std::uint8_t> octets, std::size_t place) noexcept {
  octets[place / 8] = static_cast<std::uint8_t>(octets[place / 8] ^ 0x80U >> place % 8);
}

wire::Address turned(const wire::Address& address, auto&& turn) {
  std::array<std::uint8_t, kV6Octets> octets{};
  std::memcpy(octets.data(), &address.high, 8);
  std::memcpy(octets.data() + 8, &address.low, 8);
  turn(address.is_v4() ? std::span(octets).last(kV4Octets) : std::span(octets));
  return wire::Address::v6(octets.data());
}

}  // namespace

void CryptoPan::FreeCipher::operator()(evp_cipher_ctx_st* cipher) const noexcept {
  EVP_CIPHER_CTX_free(cipher);
}

CryptoPan::CryptoPan(const Key& key) : cipher_(EVP_CIPHER_CTX_new()) {
  if (!cipher_ || EVP_EncryptInit_ex(cipher_.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no AES-128 here");
  EVP_CIPHER_CTX_set_padding(cipher_.get(), 0);
  Block second;
  std::copy_n(key.begin() + kBlock, kBlock, second.begin());
  padding_ = encrypted(second);
}

CryptoPan::Block CryptoPan::encrypted(const Block& block) {
  Block result{};
  int length = 0;
  EVP_EncryptUpdate(cipher_.get(), result.data(), &length, block.data(), static_cast<int>(block.size()));
  return result;
}

// A bit is turned by what the clear bits before it, filled up with the padding, encrypt to.
void CryptoPan::turn(std::span<std::uint8_t> address, bool back) {
  Block input = padding_;
  const std::size_t bits = 8 * address.size();
  for (std::size_t place = 0; place < bits; ++place) {
    const unsigned given = bit_at(address, place);
    const bool turned = (encrypted(input)[0] & 0x80) != 0;
    if (turned) flip(address, place);
    const unsigned clear = back ? bit_at(address, place) : given;
    if (clear != bit_at(input, place)) flip(input, place);
  }
}

wire::Address CryptoPan::hide(const wire::Address& address) {
  return turned(address, [this](std::span<std::uint8_t> octets) { turn(octets, false); });
}

wire::Address CryptoPan::show(const wire::Address& hidden) {
  return turned(hidden, [this](std::span<std::uint8_t> octets) { turn(octets, true); });
}

std::string key_mark(const CryptoPan::Key& key) {
  constexpr std::string_view kPurpose = "tapline key mark";
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  std::size_t length = 0;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(),
                reinterpret_cast<const unsigned char*>(kPurpose.data()), kPurpose.size(), digest.data(),
                digest.size(), &length) == nullptr)
    throw std::runtime_error("OpenSSL knows no HMAC-SHA256 here");
  return fmt::format("k{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
}

}  // namespace mgmt

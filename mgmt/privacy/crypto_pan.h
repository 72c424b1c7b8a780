// Crypto-PAn: addresses that share a prefix still do once they are hidden, and nobody without the key can
// undo it (Xu, Fan, Ammar and Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "wire/address.h"

struct evp_cipher_ctx_st;

namespace mgmt {

// IPv4 as the paper has it; IPv6 by the same function over 128 bits. One thread.
class CryptoPan {
 public:
  static constexpr std::size_t kKeyOctets = 32;  // 16 for AES, 16 for the padding
  using Key = std::array<std::uint8_t, kKeyOctets>;

  explicit CryptoPan(const Key& key);  // throws std::runtime_error

  wire::Address hide(const wire::Address& address);
  wire::Address show(const wire::Address& hidden);  // hide() undone

 private:
  static constexpr std::size_t kBlock = 16;
  using Block = std::array<std::uint8_t, kBlock>;

  struct FreeCipher {
    void operator()(evp_cipher_ctx_st* cipher) const noexcept;
  };

  Block encrypted(const Block& block);
  // Bit by bit from the left.
  void turn(std::span<std::uint8_t> address, bool back);

  std::unique_ptr<evp_cipher_ctx_st, FreeCipher> cipher_;
  Block padding_{};
};

// Which key it is, and nothing else of it: "k1b2c3d4". Throws std::runtime_error.
std::string key_mark(const CryptoPan::Key& key);

}  // namespace mgmt

// Names of hosts, as those see them who need not know which host it is.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "matchers/public_suffixes.h"
#include "mgmt/privacy/crypto_pan.h"
#include "mgmt/privacy/privacy_key.h"

struct evp_mac_ctx_st;

namespace mgmt {

// A registered domain below a suffix that the public suffix list names is shown, of other names with several
// labels the last one, if it is made of letters. Each label before becomes a keyed hash of itself and of the
// names it is in. The same name is always hidden the same way. One thread.
class HiddenNames {
 public:
  // Throws std::runtime_error.
  HiddenNames(const PrivacyKey& key, std::shared_ptr<const matchers::PublicSuffixes> suffixes);

  // In presentation form. `pan` hides the addresses of names below in-addr.arpa and ip6.arpa.
  std::string of(std::string_view clear, CryptoPan& pan);

  // Of whatever it is: thirteen letters and digits.
  std::string hash(std::span<const std::uint8_t> clear);

 private:
  std::string made(std::string_view clear, CryptoPan& pan);
  std::size_t shown_octets(std::span<const std::uint8_t> wire_name) const;

  // The busy ones are asked for again and again. Names are up to 3 KB with what stands for them.
  static constexpr std::size_t kMostRemembered = 16 << 20;  // octets
  static constexpr std::size_t kOctetsOfAnEntry = 160;      // besides the texts
  struct HashOf {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>()(name);
    }
  };

  struct FreeMac {
    void operator()(evp_mac_ctx_st* mac) const noexcept;
  };

  std::unique_ptr<evp_mac_ctx_st, FreeMac> mac_;  // keeps the key, which is half of the work
  std::shared_ptr<const matchers::PublicSuffixes> suffixes_;
  std::unordered_map<std::string, std::string, HashOf, std::equal_to<>> remembered_;
  std::size_t remembered_octets_ = 0;
};

}  // namespace mgmt

// What others than this machine's operators are shown instead of who it was.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aggregator/summary.h"
#include "matchers/public_suffixes.h"
#include "mgmt/privacy/crypto_pan.h"
#include "mgmt/privacy/hidden_names.h"
#include "mgmt/privacy/privacy_key.h"

namespace mgmt {

// Addresses by Crypto-PAn, also those in reverse names; other names as HiddenNames has it. The same key hides
// the same thing the same way, everywhere and after a restart. One thread.
class Hiding {
 public:
  // Without a public suffix list only the last label of a name of several is shown.
  Hiding(const PrivacyKey& key, std::shared_ptr<const matchers::PublicSuffixes> suffixes);

  wire::Address address(const wire::Address& clear);
  wire::Address shown(const wire::Address& hidden) { return pan_.show(hidden); }
  const std::string& key_mark() const noexcept { return mark_; }

  // In presentation form. What is an address instead is hidden as one; "" is nobody's.
  std::string name(std::string_view clear);

  // Every address in it; where two can be read that overlap, a hash of both.
  std::string text(std::string_view clear);

  // With the domains in the evidence also those in the advice.
  aggregator::Finding finding(aggregator::Finding clear);
  aggregator::Summary summary(aggregator::Summary clear);

 private:
  aggregator::EvidenceValue evidence(const aggregator::EvidenceValue& clear);
  // Addresses, and these names.
  std::string text(std::string_view clear, const std::vector<std::string>& names);
  void hide(aggregator::HostSummary& hosts);

  // The busy ones are asked for again and again.
  static constexpr std::size_t kRemembered = 1 << 18;

  const std::string mark_;  // of the key
  CryptoPan pan_;
  HiddenNames names_;
  struct HashOf {
    std::size_t operator()(const wire::Address& address) const noexcept { return wire::hash(address); }
  };
  std::unordered_map<wire::Address, wire::Address, HashOf> remembered_;
};

}  // namespace mgmt

#include "mgmt/privacy/hidden_names.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "matchers/labels.h"
#include "mgmt/privacy/reverse_name.h"
#include "wire/name_text.h"

namespace mgmt {
namespace {

constexpr std::size_t kHashOctets = 8;
constexpr std::array<char, 33> kBase32 = {"abcdefghijklmnopqrstuvwxyz234567"};
constexpr std::size_t kRoot = 1;  // octet

// As top-level domains are, and neither numbers nor most names of machines (RFC 3696 section 2).
bool is_of_letters(std::span<const std::uint8_t> label) {
  return std::ranges::all_of(label, [](std::uint8_t octet) { return octet >= 'a' && octet <= 'z'; });
}

bool is_arpa(std::span<const std::uint8_t> label) {
  return std::ranges::equal(label, std::string_view("arpa"));
}

// HMAC with SHA-256 (RFC 2104); null if OpenSSL has none here.
evp_mac_ctx_st* new_mac(const PrivacyKey& key) {
  const std::string text = "tapline names " + std::string(key.octets.begin(), key.octets.end());
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
  EVP_MAC* const kind = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  evp_mac_ctx_st* mac = EVP_MAC_CTX_new(kind);
  EVP_MAC_free(kind);
  if (mac != nullptr && EVP_MAC_init(mac, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     parameters.data()) != 1) {
    EVP_MAC_CTX_free(mac);
    mac = nullptr;
  }
  return mac;
}

}  // namespace

void HiddenNames::FreeMac::operator()(evp_mac_ctx_st* mac) const noexcept {
  EVP_MAC_CTX_free(mac);
}

HiddenNames::HiddenNames(const PrivacyKey& key, std::shared_ptr<const matchers::PublicSuffixes> suffixes)
    : mac_(new_mac(key)), suffixes_(std::move(suffixes)) {
  if (!mac_) throw std::runtime_error("OpenSSL has no HMAC with SHA-256 here");
}

std::string HiddenNames::hash(std::span<const std::uint8_t> clear) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  std::size_t octets = 0;
  if (EVP_MAC_init(mac_.get(), nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(mac_.get(), clear.data(), clear.size()) != 1 ||
      EVP_MAC_final(mac_.get(), digest.data(), &octets, digest.size()) != 1)
    throw std::runtime_error("OpenSSL makes no HMAC with SHA-256 any more");
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kHashOctets; ++i) bits = bits << 8 | digest[i];
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 5) text += kBase32[bits >> shift & 31];
  return text;
}

// Of the end of a name. Nobody registers names below arpa: home.arpa is everybody's house (RFC 8375).
std::size_t HiddenNames::shown_octets(std::span<const std::uint8_t> wire_name) const {
  const matchers::Labels labels(wire_name);
  if (labels.count() == 0) return kRoot;
  const std::size_t listed = suffixes_ ? suffixes_->listed_suffix(wire_name) : 0;
  if (listed == wire_name.size()) return listed;
  if (listed == 0) {
    const bool shows_last = labels.count() > 1 && is_of_letters(labels.from_right(0));
    return shows_last ? labels.suffix_octets(1) : kRoot;
  }
  const std::size_t registered = suffixes_->registered_domain(wire_name);
  return is_arpa(labels.from_right(0)) ? std::min(registered, labels.suffix_octets(2)) : registered;
}

std::string HiddenNames::made(std::string_view clear, CryptoPan& pan) {
  wire::DnsName name;
  if (!wire::read_name(clear, name))
    return hash({reinterpret_cast<const std::uint8_t*>(clear.data()), clear.size()});
  const std::span<const std::uint8_t> octets = name.wire();
  auto reverse = reverse_name(octets);
  const std::size_t shown = reverse ? reverse->wire_octets : shown_octets(octets);
  std::string text;
  for (std::size_t at = 0; at < octets.size() - shown; at += 1 + octets[at])
    text += hash(octets.subspan(at)) + ".";
  if (reverse) {
    reverse->address = pan.hide(reverse->address);
    return text + to_text(*reverse);
  }
  if (shown > kRoot || text.empty()) return text + wire::to_text(octets.last(shown));
  text.pop_back();
  return text;
}

std::string HiddenNames::of(std::string_view clear, CryptoPan& pan) {
  if (const auto found = remembered_.find(clear); found != remembered_.end()) return found->second;
  std::string hidden = made(clear, pan);
  remembered_octets_ += kOctetsOfAnEntry + clear.size() + hidden.size();
  if (remembered_octets_ > kMostRemembered) {
    remembered_.clear();
    remembered_octets_ = 0;
    return hidden;
  }
  return remembered_.emplace(clear, std::move(hidden)).first->second;
}

}  // namespace mgmt

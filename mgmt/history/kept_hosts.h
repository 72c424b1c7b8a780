// Hosts as the state folder has them if [privacy] hides them from the history: "k1b2c3d4:10.66.7.9", a mark
// that says by which key, and the address by Crypto-PAn.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mgmt/history/record.h"
#include "mgmt/privacy/crypto_pan.h"
#include "wire/address.h"

namespace mgmt {

// What was written before hosts were hidden, or by another key, stays beside it and is told apart by its
// mark. Any thread.
class KeptHosts {
 public:
  KeptHosts() = default;  // as they are

  // `hides`: what is written from now on; what was hidden by the key is shown all the same.
  KeptHosts(const CryptoPan::Key& key, bool hides);

  std::string kept(const wire::Address& clear) const;
  std::string marked(std::string hidden) const;  // of text that Crypto-PAn has made already

  // Nothing if it is no address, or hidden by another key.
  std::optional<wire::Address> address(std::string_view kept) const;

  // As it was if address() is nothing.
  std::string shown(const std::string& kept) const;

  // The addresses in evidence and advice too; names stay hidden.
  HistoryFinding shown(HistoryFinding finding) const;

  // An address as rows of before, of now and of later may have it. Of other text itself.
  std::vector<std::string> spellings(const std::string& host) const;

 private:
  bool is_marked(std::string_view kept) const { return !mark_.empty() && kept.starts_with(mark_); }

  std::optional<CryptoPan::Key> key_;
  std::string mark_;
  bool hides_ = false;
};

}  // namespace mgmt

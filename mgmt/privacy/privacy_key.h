// The key by which addresses and names are hidden, and how long it is good for.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "mgmt/privacy/crypto_pan.h"

namespace mgmt {

struct PrivacyKey {
  CryptoPan::Key octets{};
  std::optional<std::chrono::year_month_day> until;  // to be replaced then
};

// A file of two lines: 64 hexadecimal digits, and "until 2027-01-31" if it is to be replaced. Throws
// std::runtime_error in a sentence, also if others than its owner and group can read it; never with what is
// in it.
PrivacyKey read_privacy_key(const std::string& file);

// The text of such a file with a new key.
std::string new_privacy_key(const std::chrono::year_month_day& until);

}  // namespace mgmt

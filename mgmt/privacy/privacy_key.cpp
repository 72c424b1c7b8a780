#include "mgmt/privacy/privacy_key.h"

#include <charconv>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include "mgmt/text_style.h"
#include "mgmt/time_text.h"

namespace mgmt {
namespace {

constexpr std::string_view kUntil = "until ";

bool read_digits(std::string_view line, CryptoPan::Key& key) {
  if (line.size() != 2 * key.size()) return false;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char* const pair = line.data() + 2 * i;
    const auto [rest, error] = std::from_chars(pair, pair + 2, key[i], 16);
    if (error != std::errc() || rest != pair + 2) return false;
  }
  return true;
}

}  // namespace

PrivacyKey read_privacy_key(const std::string& file) {
  const std::string name = printable(file, kPathColumns, TextStyle{});
  struct stat facts {};
  std::ifstream in(file);
  if (!in || stat(file.c_str(), &facts) != 0)
    throw std::runtime_error(fmt::format("{} cannot be read; 'tapline privacy key' makes a key", name));
  if ((facts.st_mode & S_IRWXO) != 0)
    throw std::runtime_error(fmt::format("{} can be read by everybody; chmod o-rwx {} mends it", name, name));
  PrivacyKey key;
  std::string line;
  std::getline(in, line);
  if (!read_digits(line, key.octets))
    throw std::runtime_error(fmt::format("the first line of {} is not a key of 64 hexadecimal digits", name));
  if (!std::getline(in, line) || line.empty()) return key;
  if (line.starts_with(kUntil)) key.until = parse_date(std::string_view(line).substr(kUntil.size()));
  if (!key.until)
    throw std::runtime_error(
        fmt::format("the second line of {} is not a date such as 'until 2027-01-31'", name));
  return key;
}

std::string new_privacy_key(const std::chrono::year_month_day& until) {
  CryptoPan::Key key{};
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
    throw std::runtime_error("OpenSSL has no random numbers here");
  std::string text;
  for (const std::uint8_t octet : key) text += fmt::format("{:02x}", octet);
  return fmt::format("{}\n{}{}\n", text, kUntil, date_text(until));
}

}  // namespace mgmt

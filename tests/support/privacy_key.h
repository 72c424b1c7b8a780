// A key of `tapline privacy key`, always the same.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace tests {

// Under it no network of the tests' captures is mapped to itself: of 150 keys one does that to a network of
// 16 bits, for Crypto-PAn turns a bit as the one before where its padding agrees with the address.
inline void write_privacy_key(const std::string& path) {
  std::ofstream(path) << "c7cbb01bd7bcd3043057265c65b40e47359cdd152a85c97b506a520a6b2bd7bf\n";
  std::filesystem::permissions(path, std::filesystem::perms(0600));
}

}  // namespace tests

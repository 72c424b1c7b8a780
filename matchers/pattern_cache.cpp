#include "matchers/pattern_cache.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>

#include <fcntl.h>
#include <hs_common.h>
#include <hs_compile.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include "matchers/pattern_compiler.h"

namespace matchers {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

constexpr std::size_t kMaxSerializedOctets = std::size_t{1} << 31;

// The file begins with this, and the serialised database follows.
struct Header {
  std::array<char, 8> magic = {'t', 'a', 'p', 'p', 'a', 't', '0', '1'};  // with the format's version
  Digest key{};
  Digest content{};  // of the serialised database
  std::uint64_t octets = 0;
  bool operator==(const Header&) const = default;
};
static_assert(sizeof(Header) == 80);

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  explicit operator bool() const noexcept { return number_ >= 0; }
  int number() const noexcept { return number_; }

 private:
  int number_;
};

using Text = std::string;

void append(Text& text, std::string_view part) {
  text.append(std::to_string(part.size())).append(":").append(part);
}

Digest digest_of(std::string_view text) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

// Of all that the compiled patterns depend on.
Digest key_of(const CompilerInput& input) {
  Text text;
  append(text, hs_version());
  hs_platform_info_t platform{};
  hs_populate_platform(&platform);
  append(text, std::to_string(platform.tune) + " " + std::to_string(platform.cpu_features));
  for (std::size_t place = 0; place < input.expressions.size(); ++place) {
    append(text, std::to_string(input.flags[place]));
    append(text, input.expressions[place]);
  }
  return digest_of(text);
}

std::string file_name(const std::string& folder, const Digest& key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string name = folder + "/patterns-";
  for (const unsigned char octet : std::span(key).first(16)) {
    name += kDigits[octet >> 4];
    name += kDigits[octet & 15];
  }
  return name;
}

bool read_all(int file, void* to, std::size_t octets) {
  auto* at = static_cast<char*>(to);
  while (octets > 0) {
    const ssize_t got = ::read(file, at, octets);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    octets -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(int file, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(file, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool is_ours(const struct stat& file) {
  return S_ISREG(file.st_mode) && (file.st_uid == ::geteuid() || file.st_uid == 0) &&
         (file.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// The serialised database, if the file is whole and may be trusted.
std::optional<std::string> serialized_in(const std::string& name, const Digest& key) {
  const Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.number(), &status) != 0 || !is_ours(status)) return std::nullopt;
  Header header;
  if (!read_all(file.number(), &header, sizeof header)) return std::nullopt;
  const auto octets = static_cast<std::uint64_t>(status.st_size) - sizeof header;
  if (header.magic != Header{}.magic || header.key != key || header.octets != octets) return std::nullopt;
  if (octets > kMaxSerializedOctets) return std::nullopt;
  std::string serialized(octets, '\0');
  if (!read_all(file.number(), serialized.data(), octets)) return std::nullopt;
  if (digest_of(serialized) != header.content) return std::nullopt;
  return serialized;
}

HyperscanDatabase read_cached(const std::string& name, const Digest& key) {
  const auto serialized = serialized_in(name, key);
  hs_database_t* database = nullptr;
  if (!serialized ||
      hs_deserialize_database(serialized->data(), serialized->size(), &database) != HS_SUCCESS) {
    return nullptr;
  }
  return HyperscanDatabase(database);
}

std::optional<std::string> serialized_form(const hs_database_t* database) {
  char* octets = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(database, &octets, &size) != HS_SUCCESS) return std::nullopt;
  const std::unique_ptr<char, decltype(&std::free)> owned(octets, std::free);
  return std::string(octets, size);
}

// A file of another name until it is whole and on the disk. Returns false with errno.
bool write_whole(const std::string& name, const Header& header, std::string_view serialized) {
  std::string temporary = name + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // only its owner may read and write it
  if (!file) return false;
  const std::string_view front(reinterpret_cast<const char*>(&header), sizeof header);
  if (write_all(file.number(), front) && write_all(file.number(), serialized) &&
      ::fsync(file.number()) == 0 && ::rename(temporary.c_str(), name.c_str()) == 0) {
    return true;
  }
  const int reason = errno;
  ::unlink(temporary.c_str());
  errno = reason;
  return false;
}

// Returns the warning.
std::string keep(const std::string& folder, const Digest& key, const hs_database_t* database) {
  const auto serialized = serialized_form(database);
  if (!serialized) return "the compiled patterns are not kept: they cannot be serialised";
  ::mkdir(folder.c_str(), 0755);
  Header header;
  header.key = key;
  header.content = digest_of(*serialized);
  header.octets = serialized->size();
  if (write_whole(file_name(folder, key), header, *serialized)) return "";
  return folder + ": the compiled patterns are not kept there: " + std::strerror(errno);
}

}  // namespace

LoadedPatterns load_patterns(const PatternFile& file, const std::string& folder) {
  CompilerInput input = compiler_input(file);
  const Digest key = key_of(input);
  LoadedPatterns loaded;
  HyperscanDatabase database;
  if (input.mistakes.empty()) database = read_cached(file_name(folder, key), key);
  loaded.from_cache = database != nullptr;
  if (!database) {
    database = compile_input(file, input);
    if (database) loaded.warning = keep(folder, key, database.get());
  }
  loaded.database =
      std::make_unique<const PatternDatabase>(file.patterns, std::move(input.may_cross), std::move(database));
  return loaded;
}

}  // namespace matchers

#include "bench/pcap_writer.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace bench {
namespace {

static_assert(std::endian::native == std::endian::little, "headers are written as they lie in memory");

constexpr std::uint32_t kMagicMicroseconds = 0xA1B2C3D4;
constexpr std::uint32_t kVersion = 2 | 4 << 16;  // 2.4
constexpr std::uint32_t kSnapOctets = 262144;
constexpr std::uint32_t kLinkTypeEthernet = 1;
constexpr std::size_t kBufferOctets = 1 << 20;

std::runtime_error cannot_write(const std::string& path) {
  return std::runtime_error("cannot write " + path + ": " + std::strerror(errno));
}

}  // namespace

PcapWriter::PcapWriter(const std::string& path)
    : path_(path == "-" ? "standard output" : path),
      file_(path == "-" ? stdout : std::fopen(path.c_str(), "wb")) {
  if (file_ == nullptr) throw cannot_write(path_);
  std::setvbuf(file_, nullptr, _IOFBF, kBufferOctets);
  const std::array<std::uint32_t, 6> header = {kMagicMicroseconds, kVersion,         0, 0,
                                               kSnapOctets,        kLinkTypeEthernet};
  write_octets(header.data(), sizeof header);
}

PcapWriter::~PcapWriter() {
  if (file_ != nullptr) std::fclose(file_);
}

void PcapWriter::write(std::int64_t time_ns, std::uint32_t wire_length,
                       std::span<const std::uint8_t> captured) {
  const std::array<std::uint32_t, 4> header = {static_cast<std::uint32_t>(time_ns / 1'000'000'000),
                                               static_cast<std::uint32_t>(time_ns / 1000 % 1'000'000),
                                               static_cast<std::uint32_t>(captured.size()), wire_length};
  write_octets(header.data(), sizeof header);
  write_octets(captured.data(), captured.size());
}

void PcapWriter::close() {
  std::FILE* const file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0) throw cannot_write(path_);
}

void PcapWriter::write_octets(const void* octets, std::size_t size) {
  if (std::fwrite(octets, 1, size, file_) != size) throw cannot_write(path_);
}

}  // namespace bench

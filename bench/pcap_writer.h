// Writes capture files in pcap's classic format: little-endian, microseconds, Ethernet.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

namespace bench {

class PcapWriter {
 public:
  // "-" is standard output. Throws std::runtime_error, with a sentence, if the file cannot be written; so do
  // the others.
  explicit PcapWriter(const std::string& path);
  ~PcapWriter();
  PcapWriter(const PcapWriter&) = delete;
  PcapWriter& operator=(const PcapWriter&) = delete;

  void write(std::int64_t time_ns, std::uint32_t wire_length, std::span<const std::uint8_t> captured);

  // Call it once, last: only then is everything in the file.
  void close();

 private:
  void write_octets(const void* octets, std::size_t size);

  std::string path_;
  std::FILE* file_;
};

}  // namespace bench

#include "tests/support/world/tape.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace tests::world {
namespace {

constexpr std::size_t kBlockOctets = 1 << 18;

struct FileHeader {
  std::uint32_t magic = 0xA1B23C4D;  // nanoseconds
  std::uint16_t major = 2;
  std::uint16_t minor = 4;
  std::uint32_t zone = 0;
  std::uint32_t accuracy = 0;
  std::uint32_t snap_length = 65535;
  std::uint32_t link = 1;  // Ethernet
};

struct RecordHeader {
  std::uint32_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  std::uint32_t captured = 0;
  std::uint32_t on_the_wire = 0;
};

template <class Header>
void append(std::vector<std::uint8_t>& to, const Header& header) {
  const std::size_t at = to.size();
  to.resize(at + sizeof header);
  std::memcpy(to.data() + at, &header, sizeof header);
}

void append_record(std::vector<std::uint8_t>& to, Nanos time, std::span<const std::uint8_t> frame) {
  const Nanos since_1970 = kCaptureStartNs + time;
  const auto octets = static_cast<std::uint32_t>(frame.size());
  append(to, RecordHeader{static_cast<std::uint32_t>(since_1970 / kSecond),
                          static_cast<std::uint32_t>(since_1970 % kSecond), octets, octets});
  to.insert(to.end(), frame.begin(), frame.end());
}

}  // namespace

void Tape::put(Nanos time, std::span<const std::uint8_t> frame) {
  if (!recorded_.contains(time)) return;
  marks_.push_back({time, octets_.size(), static_cast<std::uint32_t>(frame.size())});
  octets_.insert(octets_.end(), frame.begin(), frame.end());
}

void Tape::sort() {
  std::stable_sort(marks_.begin(), marks_.end(),
                   [](const Mark& a, const Mark& b) { return a.time < b.time; });
}

void write_pcap(const std::string& path, std::initializer_list<const Tape*> tapes) {
  struct Reel {
    const Tape* tape;
    std::size_t next;
  };
  std::vector<Reel> reels;
  for (const Tape* tape : tapes) reels.push_back({tape, 0});
  std::ofstream out(path, std::ios::binary);
  std::vector<std::uint8_t> block;
  const auto write_block = [&] {
    out.write(reinterpret_cast<const char*>(block.data()), static_cast<std::streamsize>(block.size()));
    block.clear();
  };
  append(block, FileHeader{});
  for (;;) {
    Reel* first = nullptr;
    const auto time_of = [](const Reel& reel) { return reel.tape->marks()[reel.next].time; };
    for (Reel& reel : reels) {
      if (reel.next == reel.tape->marks().size()) continue;
      if (first == nullptr || time_of(reel) < time_of(*first)) first = &reel;
    }
    if (first == nullptr) break;
    const Tape::Mark& mark = first->tape->marks()[first->next++];
    append_record(block, mark.time, first->tape->frame(mark));
    if (block.size() >= kBlockOctets) write_block();
  }
  write_block();
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace tests::world

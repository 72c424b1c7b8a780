// What does it cost to get at the frames of a capture that is in the page cache? A bare read() loop is the
// floor, libpcap the usual way; all three must agree on the answer before the clock starts.
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <unistd.h>

#include "dataplane/capture_reader.h"

namespace {

constexpr std::uint64_t kFrames = 2'000'000;

struct Seen {
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Seen&) const = default;
};

void append_u32(std::string& out, std::uint32_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// A classic capture with the frame sizes of a core link whose frames are snapped to 128 bytes. Removed at
// exit.
class Trace {
 public:
  Trace() : path_((std::filesystem::temp_directory_path() / "tapline_bench_XXXXXX").string()) {
    ::close(::mkstemp(path_.data()));
    write();
  }
  ~Trace() { std::filesystem::remove(path_); }

  const std::string& path() const { return path_; }
  const Seen& truth() const { return truth_; }

 private:
  void write() {
    std::string bytes;
    for (const std::uint32_t field : {0xA1B2C3D4U, 0x00040002U, 0U, 0U, 262144U, 1U})
      append_u32(bytes, field);
    std::mt19937 random(1);
    std::ofstream file(path_, std::ios::binary);
    for (; truth_.frames < kFrames; ++truth_.frames) {
      const std::uint32_t length = std::array{54U, 60U, 90U, 110U, 128U, 128U, 128U, 128U}[random() % 8];
      append_u32(bytes, static_cast<std::uint32_t>(truth_.frames / 1'000'000));
      append_u32(bytes, static_cast<std::uint32_t>(truth_.frames % 1'000'000));
      append_u32(bytes, length);
      append_u32(bytes, length);
      bytes.resize(bytes.size() + length);
      truth_.bytes += length;
      if (bytes.size() >= 1 << 20) flush(bytes, file);
    }
    flush(bytes, file);
  }

  static void flush(std::string& bytes, std::ofstream& file) {
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.clear();
  }

  std::string path_;
  Seen truth_;
};

const Trace& trace() {
  static const Trace kTrace;
  return kTrace;
}

Seen read_with_tapline(const std::vector<std::string>& paths) {
  dataplane::CaptureReader reader(paths);
  Seen seen;
  for (auto burst = reader.receive(); !burst.empty(); burst = reader.receive()) {
    seen.frames += burst.size();
    for (const wire::Frame& frame : burst) seen.bytes += frame.length;
  }
  return seen;
}

Seen read_with_libpcap(const std::string& path) {
  char error[PCAP_ERRBUF_SIZE];
  Seen seen;
  pcap_t* const capture = pcap_open_offline(path.c_str(), error);
  if (capture == nullptr) return seen;
  const auto count = [](u_char* user, const pcap_pkthdr* header, const u_char*) {
    Seen& sum = *reinterpret_cast<Seen*>(user);
    ++sum.frames;
    sum.bytes += header->caplen;
  };
  pcap_loop(capture, -1, count, reinterpret_cast<u_char*>(&seen));
  pcap_close(capture);
  return seen;
}

std::uint64_t read_bare(const std::string& path, std::size_t block_bytes) {
  std::vector<char> block(block_bytes);
  const int file = ::open(path.c_str(), O_RDONLY);
  std::uint64_t bytes = 0;
  for (ssize_t count; (count = ::read(file, block.data(), block.size())) > 0;)
    bytes += static_cast<std::uint64_t>(count);
  ::close(file);
  return bytes;
}

void report(benchmark::State& state, std::uint64_t frames) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(frames));
}

void BareRead(benchmark::State& state) {
  const auto block_bytes = static_cast<std::size_t>(state.range(0)) * 1024;
  if (read_bare(trace().path(), block_bytes) != std::filesystem::file_size(trace().path()))
    return state.SkipWithError("read() gave another number of bytes than the file has");
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(read_bare(trace().path(), block_bytes));
  report(state, kFrames);
}

void Tapline(benchmark::State& state) {
  const std::vector<std::string> paths(static_cast<std::size_t>(state.range(0)), trace().path());
  const Seen truth{paths.size() * trace().truth().frames, paths.size() * trace().truth().bytes};
  if (read_with_tapline(paths) != truth)
    return state.SkipWithError("tapline saw other frames than were written");
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(read_with_tapline(paths));
  report(state, truth.frames);
}

void Libpcap(benchmark::State& state) {
  if (read_with_libpcap(trace().path()) != trace().truth())
    return state.SkipWithError("libpcap saw other frames than were written");
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(read_with_libpcap(trace().path()));
  report(state, kFrames);
}

BENCHMARK(BareRead)->ArgName("KiB")->Arg(64)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(Tapline)->ArgName("files")->Arg(1)->Arg(2)->Arg(4)->Unit(benchmark::kMillisecond);
BENCHMARK(Libpcap)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

// tapline-make-trace: writes generated traffic to a capture file.
#include <array>
#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include "bench/pcap_writer.h"
#include "dataplane/traffic/trace.h"

namespace bench {
namespace {

using namespace dataplane::traffic;

constexpr std::uint64_t kProgressFrames = 200'000;

struct Request {
  std::string mix;
  std::string path;
  std::uint64_t packets = 5'000'000;
  std::uint64_t seed = kDefaultSeed;
  std::uint32_t snap = kDefaultSnap;
};

struct Tally {
  std::array<std::uint64_t, kFrameKinds> kinds{};
  std::uint64_t ipv6 = 0;
  std::uint64_t vlan = 0;
  std::uint64_t following = 0;

  void count(const TraceFrame& frame) {
    ++kinds[static_cast<std::size_t>(frame.kind)];
    ipv6 += frame.ipv6;
    vlan += frame.vlan;
    following += frame.follows_answer;
  }
};

Tally write_trace(const Request& request) {
  const bool show_progress = isatty(STDERR_FILENO) != 0;
  Trace trace(*mix_named(request.mix), request.seed, request.snap);
  PcapWriter file(request.path);
  Tally tally;
  for (std::uint64_t written = 0; written < request.packets; ++written) {
    const TraceFrame frame = trace.next();
    file.write(frame.time_ns, frame.wire_length, frame.bytes);
    tally.count(frame);
    if (show_progress && written % kProgressFrames == 0) {
      fmt::print(stderr, "\r{}: {} of {} packets ", request.mix, written, request.packets);
    }
  }
  file.close();
  if (show_progress) fmt::print(stderr, "\r\033[K");
  return tally;
}

void print_tally(const Request& request, const Tally& tally) {
  const auto& kinds = tally.kinds;
  fmt::print(stderr,
             "frames={} queries={} responses={} syn={} syn_ack={} tcp_payload={} udp_payload={} ipv6={} "
             "vlan={} syn_after_answer={}\n",
             request.packets, kinds[0], kinds[1], kinds[2], kinds[3], kinds[4], kinds[5], tally.ipv6,
             tally.vlan, tally.following);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  bench::Request request;
  CLI::App app(
      "Writes generated traffic to FILE (classic pcap, microseconds, Ethernet) and what is in it to standard "
      "error.\nThe same MIX, seed and snap length give the same bytes on every machine.",
      "tapline-make-trace");
  app.add_option("MIX", request.mix,
                 "core-mix, dns-syn, dns-only, syn-flood, 64B, imix or dns-flood-random-clients")
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(dataplane::traffic::kMixNames.begin(),
                                                     dataplane::traffic::kMixNames.end())));
  app.add_option("FILE", request.path, "where to write; - is standard output")->required();
  app.add_option("--packets", request.packets, "how many packets")->capture_default_str();
  app.add_option("--seed", request.seed, "another seed, another trace")->capture_default_str();
  app.add_option("--snaplen", request.snap, "octets kept of a payload packet; DNS, SYN, SYN+ACK stay whole")
      ->check(CLI::Range(128, 262144))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
    bench::print_tally(request, bench::write_trace(request));
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "tapline-make-trace: {}\n", error.what());
    return 1;
  }
}

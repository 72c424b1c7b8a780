// How many frames a second does wire::decode() peel on one core, when they are in memory already? And how
// many does wire::glance() look at?
#include <array>
#include <cstdio>
#include <cstdlib>

#include <benchmark/benchmark.h>

#include "bench/frame_arena.h"
#include "wire/glance.h"
#include "wire/packet.h"

namespace bench {
namespace {

wire::Verdict expected(FrameKind kind) {
  switch (kind) {
    case FrameKind::kQuery:
    case FrameKind::kResponse:
      return wire::Verdict::kDns;
    case FrameKind::kSyn:
      return wire::Verdict::kSyn;
    case FrameKind::kSynAck:
      return wire::Verdict::kSynAck;
    case FrameKind::kTcpPayload:
      return wire::Verdict::kTcpOther;
    default:
      return wire::Verdict::kUdpOther;
  }
}

// Each frame's verdict, and for DNS the end that port 53 is at.
bool decodes_rightly(const FrameArena& arena) {
  for (std::size_t i = 0; i < arena.frames().size(); ++i) {
    wire::Packet packet;
    const wire::Verdict verdict = wire::decode(arena.frames()[i], packet);
    const FrameKind kind = arena.kind(i);
    const bool port_is_right = (kind != FrameKind::kQuery || packet.destination_port == wire::kDnsPort) &&
                               (kind != FrameKind::kResponse || packet.source_port == wire::kDnsPort);
    if (verdict == expected(kind) && port_is_right) continue;
    std::fprintf(stderr, "decode_bench: frame %zu gave the verdict %s, port %u to %u\n", i,
                 wire::name_of(verdict).data(), packet.source_port, packet.destination_port);
    return false;
  }
  return true;
}

bool glances_rightly(const FrameArena& arena) {
  for (std::size_t i = 0; i < arena.frames().size(); ++i) {
    const wire::Verdict verdict = expected(arena.kind(i));
    const wire::Glance right = verdict == wire::Verdict::kTcpOther   ? wire::Glance::kTcpOther
                               : verdict == wire::Verdict::kUdpOther ? wire::Glance::kUdpOther
                                                                     : wire::Glance::kLookCloser;
    if (wire::glance(arena.frames()[i]) == right) continue;
    std::fprintf(stderr, "decode_bench: frame %zu was not told at a glance\n", i);
    return false;
  }
  return true;
}

void decode(benchmark::State& state, Mix mix) {
  const FrameArena arena(mix);
  if (!decodes_rightly(arena)) std::exit(1);
  std::array<std::uint64_t, wire::kVerdicts> verdicts{};
  for ([[maybe_unused]] auto _ : state) {
    for (const wire::Frame& frame : arena.frames()) {
      wire::Packet packet;
      ++verdicts[static_cast<std::size_t>(wire::decode(frame, packet))];
      benchmark::DoNotOptimize(packet);
    }
  }
  benchmark::DoNotOptimize(verdicts);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(arena.frames().size()));
}

void glance(benchmark::State& state, Mix mix) {
  const FrameArena arena(mix);
  if (!glances_rightly(arena)) std::exit(1);
  std::array<std::uint64_t, 3> told{};
  for ([[maybe_unused]] auto _ : state) {
    for (const wire::Frame& frame : arena.frames()) ++told[static_cast<std::size_t>(wire::glance(frame))];
  }
  benchmark::DoNotOptimize(told);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(arena.frames().size()));
}

BENCHMARK_CAPTURE(decode, core_mix, Mix::kCoreMix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, dns_syn, Mix::kDnsSyn)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, dns_only, Mix::kDnsOnly)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, syn_flood, Mix::kSynFlood)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(glance, core_mix, Mix::kCoreMix)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(glance, syn_flood, Mix::kSynFlood)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bench

BENCHMARK_MAIN();

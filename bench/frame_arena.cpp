#include "bench/frame_arena.h"

namespace bench {
namespace {

constexpr std::size_t kAlignment = 64;  // A card begins each frame on a cache line.

}  // namespace

FrameArena::FrameArena(Mix mix, std::size_t frames) {
  dataplane::traffic::Trace trace(mix);
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < frames; ++i) {
    const dataplane::traffic::TraceFrame frame = trace.next();
    starts.push_back((octets_.size() + kAlignment - 1) / kAlignment * kAlignment);
    octets_.resize(starts.back());
    octets_.insert(octets_.end(), frame.bytes.begin(), frame.bytes.end());
    frames_.push_back({nullptr, static_cast<std::uint32_t>(frame.bytes.size()), frame.wire_length,
                       frame.time_ns, i + 1, wire::LinkType::kEthernet});
    kinds_.push_back(frame.kind);
  }
  for (std::size_t i = 0; i < frames; ++i) frames_[i].bytes = octets_.data() + starts[i];
}

}  // namespace bench

// A client that connects to addresses which nobody was told: a scan, a worm (Rikitake et al., Blaster).
#pragma once

#include <array>
#include <cstdint>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/host_table.h"
#include "aggregator/detectors/scan_attempts.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/time_blocks.h"
#include "aggregator/distinct.h"

namespace aggregator {

// Many addresses at one port, or many ports of one address, in a window or in four. It rests on answers that
// were not seen, so:
// - the ports of browsers take more, and that most connections fail: a cache, DNS over HTTPS and a CDN look
//   alike there. Of a host that never asks by port 53 they say nothing.
// - few addresses at each of many ports are a peer-to-peer program.
// - it is withheld while loss could explain it.
// A host whose connections are not judged is found by the addresses at the ports of Windows alone.
class ConnectionsWithoutResolution {
 public:
  static constexpr std::string_view kName = "connections_without_resolution";

  explicit ConnectionsWithoutResolution(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  // Those that come in were last seen in `step`; `found` is told of each.
  template <class Found>
  void carry(BaselineCarrier& carry, std::int64_t step, Found found) {
    carry.most_of(kName, hosts_, step, found);
  }
  bool accepts_seen() const noexcept { return accepts_seen_; }
  void resume_accepts(bool seen) noexcept { accepts_seen_ = seen; }
  std::uint64_t evicted() const noexcept { return hosts_.evicted() + hosts_.refused(); }

 private:
  struct Connections {
    SmallDistinct destinations;
    std::array<std::uint64_t, 11> to{};  // by the fields of kConnectFields
    std::uint64_t unresolved = 0;
    std::uint64_t not_judged = 0;
    std::uint64_t accepted = 0;
    std::uint64_t mx_queries = 0;

    Connections& operator+=(const Connections& other) noexcept;
    std::uint64_t all() const noexcept;
  };
  struct Host {
    bool known = false;
    TimeBlocks<Connections> connections;
    ScanAttempts attempts;
    std::int64_t last = 0;   // step with an attempt
    std::int64_t since = 0;  // the first after a pause
    double learned = 0;      // addresses in a window
  };
  struct Scan {
    ScanPattern pattern;
    bool vertical = false;
    bool judged = true;   // by what was resolved; else by the addresses alone
    double strength = 0;  // 1: enough
    Connections connections;
  };

  bool interesting(const HostRow& row, const HostHabits* habits) const;
  void observe_host(const HostRow& row, HostHabits* habits, const StepView& view, FindingBook& book);
  std::size_t add_attempts(Host& host, const HostRow& row, const StepView& view, bool resolver);
  Scan scan(const Host& host, const HostHabits* habits, std::int64_t number) const;
  Scan scan_in(const Host& host, bool asks, std::int64_t first_step, std::int64_t blocks, double more) const;
  double horizontal(const ScanPattern& pattern, const Connections& connections, bool asks) const;
  double windows_ports(const Connections& connections) const;
  bool explained_by_loss(const Scan& scan, double loss_share) const;
  Sighting sighting(const HostRow& row, const Host& host, const Scan& scan, std::int64_t number) const;
  bool exempt(const wire::Address& host) const;
  bool exempt(std::uint16_t port) const;
  double failed(const Connections& connections) const noexcept;

  DetectorSettings settings_;
  StepCounts steps_;
  bool accepts_seen_ = false;  // of any client; else the tap shows one direction
  HostTable<Host> hosts_;
};

}  // namespace aggregator

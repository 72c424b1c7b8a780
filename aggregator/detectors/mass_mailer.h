// A host that is no mail server and mails by itself, as a worm does (Musashi et al., Frethem.K).
#pragma once

#include <cstdint>
#include <set>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/host_table.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/time_blocks.h"
#include "aggregator/distinct.h"

namespace aggregator {

// It asks for MX records and connects to port 25 of many addresses, in a window or in four. Without MX
// queries it takes more of them, and names that it was told. Its baseline is the most that it had while all
// was learned: a relay that is not configured stays silent until it mails much more.
class MassMailer {
 public:
  static constexpr std::string_view kName = "mass_mailer";

  explicit MassMailer(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  // Those that come in were last seen in `step`.
  void carry(BaselineCarrier& carry, std::int64_t step) {
    carry.most_of(kName, hosts_, step, [](const wire::Address&) {});
  }
  std::uint64_t evicted() const noexcept { return hosts_.evicted() + hosts_.refused(); }

 private:
  struct Mail {
    SmallDistinct destinations;
    std::uint64_t connections = 0;
    std::uint64_t unresolved = 0;  // of the host's connections, to any port
    std::uint64_t mx_queries = 0;
    std::uint64_t received = 0;

    Mail& operator+=(const Mail& other) noexcept;
  };
  struct Host {
    bool known = false;
    TimeBlocks<Mail> mail;
    std::int64_t last = 0;   // step with a connection to port 25
    std::int64_t since = 0;  // the first after a pause
    double learned = 0;      // destinations in a window
  };

  void observe_host(const HostRow& row, const StepView& view, FindingBook& book);
  bool is_server(const wire::Address& host) const { return servers_.contains(host); }
  bool stands_out(const Mail& window, const Mail& four_windows, double learned, bool open) const;
  Sighting sighting(const HostRow& row, const Host& host, const StepView& view) const;

  DetectorSettings settings_;
  StepCounts steps_;
  std::set<wire::Address> servers_;
  HostTable<Host> hosts_;
};

}  // namespace aggregator

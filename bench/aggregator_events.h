// Events for the aggregator's benchmarks, the same on every run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "dataplane/event.h"
#include "tests/support/events.h"

namespace bench {

// Zipf's law with exponent 1, sampled through the harmonic sums.
class Zipf {
 public:
  explicit Zipf(std::uint32_t items) : sums_(items) {
    double sum = 0;
    for (std::uint32_t i = 0; i < items; ++i) sums_[i] = sum += 1.0 / (i + 1);
  }
  std::uint32_t operator()(std::mt19937& random) const {
    const double at = static_cast<double>(random()) / 4294967296.0 * sums_.back();
    return static_cast<std::uint32_t>(std::upper_bound(sums_.begin(), sums_.end(), at) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

struct Mix {
  std::uint32_t clients;
  std::uint32_t names;
  double syn_share;           // of SYNs among SYNs and queries; each query has its response
  std::int64_t frame_gap_ns;  // packet time from frame to frame
};

// The second address of some names makes answers with several of them.
inline void add_frame(tests::EventScript& script, std::mt19937& random, const Mix& mix,
                      std::uint32_t client_rank, std::uint32_t name) {
  const auto client = tests::host((1 << 16) + client_rank);
  const auto server = tests::host((1 << 22) + 2 * name);
  script.after(mix.frame_gap_ns);
  if (random() < mix.syn_share * 4294967296.0) {
    script.syn(client, server, name % 5 == 0 ? 80 : 443);
    return;
  }
  script.query(client, "host" + std::to_string(name) + ".department.example.org");
  script.after(mix.frame_gap_ns);
  std::vector<wire::Address> addresses = {server};
  if (name % 3 == 0) addresses.push_back(tests::host((1 << 22) + 2 * name + 1));
  script.response(client, addresses);
}

inline std::vector<dataplane::Event> zipf_events(const Mix& mix, std::size_t events) {
  std::mt19937 random(1);
  const Zipf clients(mix.clients);
  const Zipf names(mix.names);
  tests::EventScript script;
  script.events().reserve(events + 8);
  while (script.events().size() < events) add_frame(script, random, mix, clients(random), names(random));
  return std::move(script.events());
}

}  // namespace bench

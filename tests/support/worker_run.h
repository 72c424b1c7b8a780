// A worker run over capture files, its events handed to the test.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "dataplane/capture_source.h"
#include "dataplane/worker.h"

namespace tests {

// One ring, emptied into `sink` by the worker's own thread whenever it is full and after each burst.
class DrainInto : public dataplane::FullRing {
 public:
  using Sink = std::function<void(std::span<const dataplane::Event>)>;

  explicit DrainInto(Sink sink) : sink_(std::move(sink)) {}

  bool make_room(dataplane::EventRing& ring) override {
    for (auto events = ring.readable(); !events.empty(); events = ring.readable()) {
      sink_(events);
      ring.release(events.size());
    }
    return true;
  }

 private:
  Sink sink_;
};

struct WorkerRun {
  dataplane::Ledger ledger;
  std::vector<dataplane::CaptureError> errors;
};

inline WorkerRun run_worker(const std::vector<std::string>& paths,
                            const dataplane::ObserverSettings& settings, DrainInto::Sink sink) {
  dataplane::CaptureReader reader(paths);
  dataplane::CaptureSource source(reader);
  dataplane::EventRing ring(256);
  DrainInto drain(std::move(sink));
  dataplane::Outlet outlet({&ring}, dataplane::Routing::kToFirst, drain);
  dataplane::Worker worker(source, outlet, settings);
  while (worker.poll_once()) drain.make_room(ring);
  drain.make_room(ring);
  return {worker.ledger(), reader.errors()};
}

}  // namespace tests

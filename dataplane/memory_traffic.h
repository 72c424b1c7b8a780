// A NIC that is not there: frames from memory arrive on the queues of a port at a set rate.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dataplane/port.h"
#include "dataplane/traffic_frames.h"
#include "dataplane/traffic_source.h"

namespace dataplane {

// No core is needed to send, nor one to receive: whenever the worker looks at its queue, as many frames have
// arrived as the rate says, and those that no descriptor was left for were missed. What the worker gets are
// packet buffers from a pool, which it frees; so its core pays what a NIC's driver would make it pay, but for
// reading descriptors.
//
// The port is one of DPDK's net_null that receives nothing by itself (see memory_port_settings()).
class MemoryTraffic : public TrafficSource {
 public:
  // Makes the frames. Throws std::runtime_error, in a sentence.
  MemoryTraffic(const TrafficSettings& settings, unsigned queues);
  ~MemoryTraffic() override;

  // From here on frames arrive on `port`, until its workers have ended and detach() is called. The frames
  // must outlive the workers.
  void attach(const Port& port);
  void detach() noexcept;

  void set_rate(double frames_per_s) noexcept override;
  TrafficCounters counters() const noexcept override;
  double mean_octets() const noexcept override;

 private:
  class Queue;
  std::vector<std::unique_ptr<Queue>> queues_;
};

// `number` tells such ports of one process apart.
PortSettings memory_port_settings(unsigned number, unsigned queues);

}  // namespace dataplane

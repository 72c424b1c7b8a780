#include "mgmt/doctor_listen.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

#include "dataplane/eal.h"
#include "dataplane/event_ring.h"
#include "dataplane/live_worker.h"
#include "dataplane/pinned_thread.h"
#include "dataplane/port_probe.h"
#include "dataplane/worker_rules.h"
#include "mgmt/interface_lock.h"

namespace mgmt {
namespace {

using dataplane::EventKind;
using dataplane::EventRing;

// A queue's worker, and the ring that its events are counted from.
struct ListeningWorker {
  ListeningWorker(const dataplane::Port& port, unsigned queue, const LivePlan& plan,
                  dataplane::CurrentRules& rules, const std::atomic<bool>& stop)
      : ring(plan.ring_events),
        outlet({&ring}, dataplane::Routing::kToFirst, lose),
        worker(port, queue, outlet, plan.observer, rules, queue, stop) {}

  EventRing ring;
  dataplane::LoseWhenFull lose;
  dataplane::Outlet outlet;
  dataplane::LiveWorker worker;
};

// One port with its workers. The thread that made it counts.
class Listening {
 public:
  Listening(dataplane::Port& port, const LivePlan& plan, const std::atomic<bool>& stop)
      : port_(port),
        lost_before_(port.counters().lost()),
        rules_(std::make_unique<dataplane::WorkerRules>(plan.observer.rules()), port.facts().queues) {
    // The mirror is judged by all that it sends.
    port.set_filtering(false);
    for (unsigned queue = 0; queue < port.facts().queues; ++queue)
      workers_.push_back(std::make_unique<ListeningWorker>(port, queue, plan, rules_, stop));
  }

  void start(const LivePlan::Port& planned) {
    for (std::size_t queue = 0; queue < workers_.size(); ++queue) {
      threads_.push_back(dataplane::pinned_thread("doctor/" + std::to_string(queue), planned.cores[queue],
                                                  [&worker = workers_[queue]->worker] { worker.run(); }));
    }
  }

  void count_events() {
    for (const auto& worker : workers_) {
      for (auto events = worker->ring.readable(); !events.empty(); events = worker->ring.readable()) {
        for (const dataplane::Event& event : events) count(event);
        worker->ring.release(events.size());
      }
    }
  }

  // After the workers were told to stop.
  TrafficSeen finish(double seconds) {
    threads_.clear();
    count_events();
    seen_.seconds = seconds;
    for (const auto& worker : workers_) {
      const dataplane::Ledger ledger = worker->worker.final_report().ledger;
      seen_.queue_frames.push_back(ledger.frames);
      seen_.ledger += ledger;
    }
    seen_.lost = port_.counters().lost() - lost_before_;
    return seen_;
  }

 private:
  void count(const dataplane::Event& event) {
    const bool of_traffic = event.kind == EventKind::kQuery || event.kind == EventKind::kResponse ||
                            event.kind == EventKind::kConnect || event.kind == EventKind::kAccept;
    if (!of_traffic) return;
    ++seen_.events;
    for (std::size_t place = 0; place < seen_.tunnelled.size(); ++place)
      seen_.tunnelled[place] += event.tunnels >> place & 1;
  }

  dataplane::Port& port_;
  std::uint64_t lost_before_;
  dataplane::CurrentRules rules_;
  std::vector<std::unique_ptr<ListeningWorker>> workers_;
  std::vector<std::jthread> threads_;
  TrafficSeen seen_;
};

// The devices of those ports that lead to one; the others get their refusal.
struct Devices {
  std::vector<std::size_t> ports;  // of the plan
  std::vector<dataplane::Device> devices;
};

Devices find_devices(const LivePlan& plan, std::vector<PortVisit>& visits) {
  Devices found;
  std::vector<dataplane::PortSettings> sound;
  for (std::size_t i = 0; i < plan.ports.size(); ++i) {
    try {
      dataplane::devices_of({&plan.ports[i].settings, 1});
      sound.push_back(plan.ports[i].settings);
      found.ports.push_back(i);
    } catch (const std::runtime_error& error) {
      visits[i].refusal = error.what();
    }
  }
  found.devices = dataplane::devices_of(sound);
  return found;
}

using Ports = std::vector<std::unique_ptr<dataplane::Port>>;  // as the plan's; null where it is not open

Ports open_ports(const LivePlan& plan, const Devices& devices, std::vector<PortVisit>& visits) {
  Ports ports(plan.ports.size());
  for (std::size_t i = 0; i < devices.ports.size(); ++i) {
    const std::size_t number = devices.ports[i];
    try {
      auto port = std::make_unique<dataplane::Port>(plan.ports[number].settings, devices.devices[i]);
      visits[number].open = {port->facts(), dataplane::can_drop_in_nic(*port),
                             dataplane::strips_vlan_tags(*port)};
      ports[number] = std::move(port);
    } catch (const std::runtime_error& error) {
      visits[number].refusal = error.what();
    }
  }
  return ports;
}

// Workers are told to stop before anybody waits for them, also if something goes wrong.
class StopAtEnd {
 public:
  explicit StopAtEnd(std::atomic<bool>& stop) : stop_(stop) {}
  ~StopAtEnd() { stop_ = true; }
  StopAtEnd(const StopAtEnd&) = delete;
  StopAtEnd& operator=(const StopAtEnd&) = delete;

 private:
  std::atomic<bool>& stop_;
};

// A device that makes frames up has no mirror.
bool worth_listening(const dataplane::Port& port) {
  return port.facts().driver != "net_null";
}

void listen(const Ports& ports, const LivePlan& plan, std::int64_t listen_ns,
            std::vector<PortVisit>& visits) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kBetweenLooks{1};
  constexpr std::chrono::seconds kBetweenSteers{1};
  std::atomic<bool> stop = false;
  std::vector<std::unique_ptr<Listening>> listening(ports.size());
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (ports[i] && worth_listening(*ports[i]))
      listening[i] = std::make_unique<Listening>(*ports[i], plan, stop);
  }
  const StopAtEnd stop_at_end(stop);
  const Clock::time_point start = Clock::now();
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (listening[i]) listening[i]->start(plan.ports[i]);
  }
  Clock::time_point steered = start;
  while (Clock::now() - start < std::chrono::nanoseconds(listen_ns)) {
    for (const auto& one : listening) {
      if (one) one->count_events();
    }
    if (Clock::now() - steered >= kBetweenSteers) {
      for (const auto& port : ports) {
        if (port) port->steer_clock();
      }
      steered = Clock::now();
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  stop = true;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (listening[i]) visits[i].seen = listening[i]->finish(seconds);
  }
}

}  // namespace

std::vector<PortVisit> visit_ports(LivePlan plan, std::int64_t listen_ns) {
  std::vector<PortVisit> visits(plan.ports.size());
  const Devices devices = find_devices(plan, visits);
  if (devices.ports.empty()) return visits;
  plan.observer.duplicates.window_ns = std::max(plan.observer.duplicates.window_ns, kCopyWindowNs);
  try {
    const std::vector<InterfaceLock> locks = lock_interfaces(plan);
    const dataplane::Eal eal({.devices = devices.devices,
                              .hugepages = plan.hugepages,
                              .memory_bytes = plan.packet_buffer_bytes + kDpdkBytes});
    const Ports ports = open_ports(plan, devices, visits);
    if (listen_ns > 0) listen(ports, plan, listen_ns, visits);
  } catch (const std::runtime_error& error) {
    for (const std::size_t port : devices.ports) visits[port].refusal = error.what();
  }
  return visits;
}

}  // namespace mgmt

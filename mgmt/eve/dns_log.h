// Tells event logs of every DNS message that the workers' taps give.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "dataplane/dns_streams.h"
#include "dataplane/fragment_table.h"
#include "dataplane/frame_tap.h"
#include "mgmt/eve/event_output.h"
#include "mgmt/privacy/disguise.h"

namespace mgmt {

// The frames of DNS, and how the workers put together what they are parts of.
struct DnsFrames {
  std::vector<dataplane::FrameTap*> taps;  // of a worker each, borrowed; none: nobody wants single messages
  dataplane::FragmentSettings fragments;
  dataplane::DnsStreamSettings streams;
};

// A thread of its own reads the frames again, once for all logs. If it is too slow the taps' rings are full
// and what finds no room is lost to each of the logs, and counted there.
class DnsLog {
 public:
  // Borrows the logs. `disguise` is its thread's.
  DnsLog(const DnsFrames& frames, std::vector<EventOutput*> logs, Disguise disguise, std::string sensor);
  ~DnsLog();
  DnsLog(const DnsLog&) = delete;
  DnsLog& operator=(const DnsLog&) = delete;

  // The workers have ended. What the rings still hold is told, until `deadline`; then the rest is lost and
  // counted. Can be called again.
  void end(std::chrono::steady_clock::time_point deadline);

 private:
  struct Lane;

  void run();
  bool drain(Lane& lane);
  void tell(Lane& lane, const wire::Frame& frame);
  void count_losses(Lane& lane);
  void lose(std::uint64_t messages);

  const std::vector<EventOutput*> logs_;
  const Disguise disguise_;
  const std::string sensor_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::atomic<bool> ending_{false};
  std::atomic<std::chrono::steady_clock::time_point> deadline_{};
  std::jthread thread_;
};

}  // namespace mgmt

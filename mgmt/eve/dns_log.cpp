#include "mgmt/eve/dns_log.h"

#include <utility>

#include "dataplane/dns_messages.h"
#include "dataplane/pinned_thread.h"
#include "mgmt/eve/dns_record.h"
#include "wire/dns_message.h"

namespace mgmt {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kDrainBytes = 1 << 18;  // of one ring, before the others have their turn
constexpr std::chrono::milliseconds kRest{2};

}  // namespace

// One worker's frames.
struct DnsLog::Lane {
  Lane(dataplane::FrameTap* frames, const DnsFrames& settings)
      : tap(frames), messages(settings.fragments, settings.streams) {}

  dataplane::FrameTap* const tap;
  dataplane::DnsMessages messages;
  wire::DnsParser parser;
  std::uint64_t drained = 0;
  std::uint64_t lost = 0;  // before they were read, or put together; so many were counted
};

DnsLog::DnsLog(const DnsFrames& frames, std::vector<EventOutput*> logs, Disguise disguise, std::string sensor)
    : logs_(std::move(logs)), disguise_(std::move(disguise)), sensor_(std::move(sensor)) {
  for (dataplane::FrameTap* tap : frames.taps) lanes_.push_back(std::make_unique<Lane>(tap, frames));
  thread_ = dataplane::pinned_thread("dns log", std::nullopt, [this] { run(); });
}

DnsLog::~DnsLog() {
  end(Clock::now());
}

void DnsLog::end(Clock::time_point deadline) {
  deadline_ = deadline;
  ending_ = true;
  if (thread_.joinable()) thread_.join();
}

void DnsLog::run() {
  while (true) {
    const bool last = ending_;  // looked at before the rings are: then nothing comes behind what they hold
    if (last && Clock::now() > deadline_.load()) break;
    bool found = false;
    for (const auto& lane : lanes_) found = drain(*lane) || found;
    if (found) continue;
    if (last) break;
    std::this_thread::sleep_for(kRest);
  }
  for (const auto& lane : lanes_) lose(lane->tap->offered() - lane->tap->dropped() - lane->drained);
}

bool DnsLog::drain(Lane& lane) {
  const std::size_t frames =
      lane.tap->drain(kDrainBytes, [&](const wire::Frame& frame) { tell(lane, frame); });
  lane.drained += frames;
  count_losses(lane);
  return frames > 0;
}

void DnsLog::tell(Lane& lane, const wire::Frame& frame) {
  lane.messages.take(frame, [&](const dataplane::FoundMessage& found) {
    const wire::DnsMessage& message = lane.parser.parse(found.octets);
    const auto record =
        std::make_shared<const EventRecord>(dns_record(found, message, frame.time_ns, disguise_, sensor_));
    for (EventOutput* log : logs_) log->offer(record);
  });
}

void DnsLog::count_losses(Lane& lane) {
  const std::uint64_t lost = lane.tap->dropped() + lane.messages.forgotten();
  lose(lost - std::exchange(lane.lost, lost));
}

void DnsLog::lose(std::uint64_t messages) {
  if (messages == 0) return;
  for (EventOutput* log : logs_) log->lose(messages);
}

}  // namespace mgmt

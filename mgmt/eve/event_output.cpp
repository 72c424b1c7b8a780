#include "mgmt/eve/event_output.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "dataplane/pinned_thread.h"
#include "mgmt/eve/event_file.h"
#include "mgmt/eve/peer_socket.h"
#include "mgmt/eve/stream_writer.h"
#include "mgmt/eve/syslog_message.h"
#include "mgmt/eve/tls_stream.h"
#include "mgmt/number_text.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::chrono::milliseconds kLook{500};        // between looks, where nothing comes
constexpr std::chrono::milliseconds kFirstPause{250};  // after a failure; doubled after each
constexpr std::chrono::milliseconds kLongestPause{10'000};
constexpr std::chrono::seconds kBelieved{3};  // well for so long: it is over, though nothing was written

std::string line_of(const EventRecord& record) {
  return record.json + "\n";
}

std::unique_ptr<EventWriter> unix_writer(const std::string& path, const GiveUp& give_up) {
  return std::make_unique<StreamWriter>(
      [path, give_up] { return std::make_unique<PeerSocket>(path, give_up); }, line_of);
}

StreamWriter::Connect connect_plainly(const Endpoint& peer, const GiveUp& give_up) {
  return [peer, give_up] { return std::make_unique<PeerSocket>(peer, give_up); };
}

StreamWriter::Connect connect_by_tls(const EventLogSettings& settings, const GiveUp& give_up) {
  const auto trust = std::make_shared<TlsTrust>(settings.tls_ca);
  const Endpoint peer = settings.address;
  const std::string name = settings.tls_name.empty() ? wire::to_text(peer.address) : settings.tls_name;
  return [trust, peer, name, give_up] {
    return std::make_unique<TlsStream>(*trust, std::make_unique<PeerSocket>(peer, give_up), name);
  };
}

}  // namespace

std::string event_log_name(const EventLogSettings& settings) {
  const std::string_view type = kEventLogTypeNames[static_cast<std::size_t>(settings.type)];
  if (settings.type != EventLogType::kSyslog)
    return fmt::format("{} {}", type, printable(settings.path, kPathColumns, TextStyle{}));
  return fmt::format("{} {}{}", type, to_text(settings.address), settings.tls ? " by TLS" : "");
}

EventOutput::EventOutput(const EventLogSettings& settings, const std::string& host)
    : name_(event_log_name(settings)),
      queue_(settings.queue),
      writer_(writer_for(settings, host)),
      pause_(kFirstPause),
      thread_(dataplane::pinned_thread("events", std::nullopt, [this] { run(); })) {}

EventOutput::~EventOutput() {
  end();
  give_up_ = true;
}

std::unique_ptr<EventWriter> EventOutput::writer_for(const EventLogSettings& settings,
                                                     const std::string& host) {
  const GiveUp give_up = [this] { return give_up_.load(); };
  switch (settings.type) {
    case EventLogType::kFile:
      return std::make_unique<EventFile>(settings.path, settings.rotate_bytes, settings.rotate_ns);
    case EventLogType::kUnix:
      return unix_writer(settings.path, give_up);
    default:
      return std::make_unique<StreamWriter>(
          settings.tls ? connect_by_tls(settings, give_up) : connect_plainly(settings.address, give_up),
          [host](const EventRecord& record) { return syslog_message(record, host, getpid()); });
  }
}

void EventOutput::offer(const SharedRecord& record) {
  if (!queue_.offer(record)) ++lost_;
}

void EventOutput::reopen() {
  reopen_ = true;
  queue_.nudge();
}

void EventOutput::finish(Clock::time_point deadline) {
  end_.wait_until(deadline);
  give_up_ = true;
  if (thread_.joinable()) thread_.join();
}

aggregator::LiveEventLog EventOutput::state() {
  const std::uint64_t lost = lost_;
  const std::lock_guard lock(trouble_mutex_);
  return {name_, written_, lost, recent_.of_last_minute(lost, Clock::now()), trouble_};
}

void EventOutput::run() {
  while (!give_up_ && (!queue_.ended() || queue_.size() > 0)) {
    try {
      step();
    } catch (const std::exception& error) {
      say_trouble(error.what());
      if (queue_.ended()) break;  // no time to wait for better
      queue_.rest(std::exchange(pause_, std::min(2 * pause_, kLongestPause)));
    }
  }
  lost_ += queue_.size();
  try {
    writer_->close();
  } catch (const std::exception& error) {
    say_trouble(error.what());
  }
  ended_.set_value();
}

void EventOutput::step() {
  if (reopen_.exchange(false)) writer_->reopen();
  writer_->tend();
  const SharedRecord record = queue_.front(kLook);
  if (record) {
    writer_->write(*record);
    queue_.pop();
    ++written_;
  }
  if (pause_ > kFirstPause && (record || Clock::now() - failed_ > kBelieved)) well();
}

void EventOutput::well() {
  pause_ = kFirstPause;
  {
    const std::lock_guard lock(trouble_mutex_);
    if (trouble_.empty()) return;
    trouble_.clear();
  }
  say_(fmt::format("event log {}: all is well again; {} lines were lost meanwhile", name_,
                   grouped(lost_ - lost_before_trouble_)));
}

// Once for each reason.
void EventOutput::say_trouble(const std::string& reason) {
  failed_ = Clock::now();
  {
    const std::lock_guard lock(trouble_mutex_);
    if (trouble_ == reason) return;
    if (trouble_.empty()) lost_before_trouble_ = lost_;
    trouble_ = reason;
  }
  say_(fmt::format("event log {}: {}. It is tried again; what finds no room meanwhile is lost and counted",
                   name_, reason));
}

}  // namespace mgmt

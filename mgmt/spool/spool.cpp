#include "mgmt/spool/spool.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "dataplane/pinned_thread.h"
#include "mgmt/number_text.h"
#include "mgmt/spool/spool_error.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::size_t kDrainBytes = 1 << 20;  // of one ring, before the others have their turn
constexpr std::chrono::milliseconds kRest{2};
constexpr std::chrono::seconds kFlush{1};  // so much is lost at most to whoever ends the program

}  // namespace

// What one worker's tap gave and the file that it goes to.
struct Spool::Lane {
  SpoolChunk chunk;
  wire::LinkType link = wire::LinkType::kEthernet;  // of the chunk
  std::optional<SpoolPart> part;
  wire::LinkType part_link = wire::LinkType::kEthernet;
  std::string base;  // of the part
  Clock::time_point opened;
  Clock::time_point written;
};

// Every worker has a file open, so two of each fit into what the folder may hold.
Spool::Spool(const SpoolSettings& settings, std::vector<dataplane::FrameTap*> taps, Say say,
             SpoolSelection::Patterns patterns, std::unique_ptr<HiddenFrames> hidden)
    : settings_(settings),
      rotate_bytes_(std::min<std::uint64_t>(
          settings.rotate_bytes, settings.max_bytes / (2 * std::max<std::size_t>(taps.size(), 1)))),
      taps_(std::move(taps)),
      say_(std::move(say)),
      hidden_(std::move(hidden)),
      folder_(settings.folder, settings.max_bytes, say_) {
  for (std::size_t worker = 0; worker < taps_.size(); ++worker) {
    lanes_.push_back(std::make_unique<Lane>());
    lanes_.back()->chunk.records.reserve(2 * kSpoolBlockBytes);
  }
  selection_.follow(std::move(patterns));
  count_disk();
  thread_ = dataplane::pinned_thread("spool", std::nullopt, [this] { run(); });
  turn(settings.enabled);
}

Spool::~Spool() {
  end();
}

void Spool::turn(bool on) {
  on_ = on;
  for (dataplane::FrameTap* tap : taps_) tap->turn(on);
}

void Spool::end() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
}

aggregator::LiveSpool Spool::state() {
  aggregator::LiveSpool state;
  state.folder = settings_.folder;
  state.on = on_;
  state.written = written_;
  state.not_selected = not_selected_;
  for (const dataplane::FrameTap* tap : taps_) state.dropped += tap->dropped();
  state.lost = lost_;
  state.lost_late = recent_.of_last_minute(state.dropped + state.lost, Clock::now());
  state.files = disk_files_;
  state.bytes = disk_bytes_;
  const std::lock_guard lock(trouble_mutex_);
  state.trouble = trouble_;
  return state;
}

void Spool::run() {
  while (true) {
    const bool last = ending_;  // looked at before the rings are: then nothing comes behind what they hold
    bool found = false;
    for (std::size_t worker = 0; worker < lanes_.size(); ++worker) {
      found = drain(worker, *lanes_[worker]) || found;
      tend(worker, *lanes_[worker]);
    }
    if (found) continue;
    if (last) break;
    std::this_thread::sleep_for(kRest);
  }
  for (std::size_t worker = 0; worker < lanes_.size(); ++worker) {
    write(worker, *lanes_[worker]);
    try {
      close(*lanes_[worker]);
    } catch (const SpoolError& error) {
      say_trouble(error.what());
    }
  }
  count_disk();
}

bool Spool::drain(std::size_t worker, Lane& lane) {
  if (settings_.what == SpoolWhat::kSelected) selection_.look();
  return taps_[worker]->drain(kDrainBytes, [&](const wire::Frame& seen) {
    const std::optional<wire::Frame> frame = kept(seen);
    if (!frame) {
      ++not_selected_;
      return;
    }
    if (frame->link != lane.link) write(worker, lane);
    lane.link = frame->link;
    lane.chunk.add(*frame);
    if (lane.chunk.records.size() >= kSpoolBlockBytes) write(worker, lane);
  }) > 0;
}

// None: it is not.
std::optional<wire::Frame> Spool::kept(const wire::Frame& frame) {
  if (settings_.what == SpoolWhat::kSelected && !selection_.wants(frame)) return std::nullopt;
  return hidden_ ? hidden_->of(frame) : frame;
}

// Afterwards the chunk is empty: in the file, or lost.
void Spool::write(std::size_t worker, Lane& lane) {
  lane.written = Clock::now();
  if (lane.chunk.frames == 0) return;
  try {
    put(worker, lane);
    written_ += lane.chunk.frames;
    well();
  } catch (const SpoolError& error) {
    say_trouble(error.what());
    lost_ += lane.chunk.frames;
  }
  lane.chunk.clear();
  count_disk();
}

void Spool::put(std::size_t worker, Lane& lane) {
  constexpr std::uint64_t kIndexBytes = 2 * (HostFilter::kBytes + 64);
  const std::uint64_t more = lane.chunk.records.size() + kIndexBytes;
  if (lane.part && (lane.part->bytes() + more > rotate_bytes_ || lane.part_link != lane.link)) close(lane);
  folder_.make_room(open_bytes(), more);
  if (!lane.part) {
    lane.base =
        new_spool_base(folder_.path(), worker, lane.chunk.first_ns, hidden_ ? hidden_->key_mark() : "");
    lane.part.emplace(lane.base, lane.link);
    lane.part_link = lane.link;
    lane.opened = Clock::now();
  }
  lane.part->write(lane.chunk);
}

void Spool::tend(std::size_t worker, Lane& lane) {
  const Clock::time_point now = Clock::now();
  if (now - lane.written >= kFlush) {
    if (lane.part && !lane.part->is_there()) lane.part.reset();  // what it held is gone; a new one is begun
    write(worker, lane);
  }
  const std::chrono::nanoseconds rotate(settings_.rotate_ns);
  if (!lane.part || rotate.count() == 0 || now - lane.opened < rotate) return;
  try {
    close(lane);
  } catch (const SpoolError& error) {
    say_trouble(error.what());
  }
}

// One that cannot be closed stays a part, which can be read, and the next start closes it.
void Spool::close(Lane& lane) {
  if (!lane.part) return;
  const auto leave = [&](bool part) {
    folder_.closed({lane.base, part}, lane.part->bytes());
    lane.part.reset();
  };
  try {
    lane.part->finish();
  } catch (const SpoolError&) {
    leave(true);
    throw;
  }
  leave(false);
}

std::uint64_t Spool::open_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& lane : lanes_) bytes += lane->part ? lane->part->bytes() : 0;
  return bytes;
}

void Spool::count_disk() {
  const auto open = std::ranges::count_if(lanes_, [](const auto& lane) { return lane->part.has_value(); });
  disk_files_ = folder_.files() + static_cast<std::uint64_t>(open);
  disk_bytes_ = folder_.bytes() + open_bytes();
}

// Once for each reason.
void Spool::say_trouble(const std::string& reason) {
  {
    const std::lock_guard lock(trouble_mutex_);
    if (trouble_ == reason) return;
    if (trouble_.empty()) lost_before_trouble_ = lost_;
    trouble_ = reason;
  }
  say_(fmt::format("spool {}: {}. Frames are lost and counted until that is mended",
                   printable(settings_.folder, kPathColumns, TextStyle{}), reason));
}

void Spool::well() {
  {
    const std::lock_guard lock(trouble_mutex_);
    if (trouble_.empty()) return;
    trouble_.clear();
  }
  say_(fmt::format("spool {}: all is well again; {} frames were lost meanwhile",
                   printable(settings_.folder, kPathColumns, TextStyle{}),
                   grouped(lost_ - lost_before_trouble_)));
}

}  // namespace mgmt

#include "mgmt/fleet/spool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "mgmt/fleet/rows.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::string_view kSuffix = ".rows";
constexpr std::size_t kMostGaps = 1024;  // of more the oldest are forgotten

std::string shown(const std::string& path) {
  return printable(path, kPathColumns, TextStyle{});
}

[[noreturn]] void fail(const std::string& path, int reason) {
  throw SpoolError(fmt::format("{}: {}", shown(path), std::strerror(reason)));
}

void sync_folder(const std::string& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) fail(folder, errno);
  const int result = fsync(descriptor);
  const int reason = errno;
  close(descriptor);
  if (result != 0) fail(folder, reason);
}

// For the group of the file's owner, as what is in it is about people.
void write_new(const std::string& path, std::string_view text) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (descriptor < 0) fail(path, errno);
  int reason = 0;
  while (!text.empty() && reason == 0) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) reason = errno;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (reason == 0 && fsync(descriptor) != 0) reason = errno;
  close(descriptor);
  if (reason == 0) return;
  unlink(path.c_str());
  fail(path, reason);
}

void write_whole(const std::string& folder, const std::string& path, std::string_view text) {
  const std::string unfinished = folder + "/unfinished";
  write_new(unfinished, text);
  if (rename(unfinished.c_str(), path.c_str()) != 0) fail(path, errno);
  sync_folder(folder);
}

// The file may be as it should be, and be read another time.
bool passes(int reason) {
  return reason == EMFILE || reason == ENFILE || reason == ENOMEM || reason == EACCES || reason == EPERM;
}

// As much as can be read. Throws if that may be more another time.
std::string contents_of(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0 && passes(errno)) fail(path, errno);
  if (descriptor < 0) return {};
  std::string text;
  std::array<char, 1 << 16> block{};
  for (ssize_t got = 1; got > 0;) {
    got = read(descriptor, block.data(), block.size());
    if (got > 0) text.append(block.data(), static_cast<std::size_t>(got));
  }
  close(descriptor);
  return text;
}

// "12-1700000000-1700000060.rows": its number and what it covers.
std::optional<std::array<std::uint64_t, 3>> numbers_in(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  std::array<std::uint64_t, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), numbers[i]);
    if (error != std::errc()) return std::nullopt;
    name.remove_prefix(static_cast<std::size_t>(end - name.data()));
    if (name.starts_with('-') == (i + 1 == numbers.size())) return std::nullopt;
    if (!name.empty()) name.remove_prefix(1);
  }
  return name.empty() ? std::optional(numbers) : std::nullopt;
}

// Gaps that touch are one, so that there are few of them however long it lasts.
void join_gap(std::vector<HistoryGap>& gaps, std::uint64_t begin, std::uint64_t end, HistoryGapReason why) {
  const std::string name(kHistoryGapReasonNames[static_cast<std::size_t>(why)]);
  const bool joins =
      !gaps.empty() && gaps.back().why == name && gaps.back().begin <= begin && begin <= gaps.back().end;
  if (joins) {
    gaps.back().end = end;
  } else {
    gaps.push_back({begin, end, name});
  }
  if (gaps.size() > kMostGaps) gaps.erase(gaps.begin());
}

}  // namespace

FleetSpool::FleetSpool(std::string folder, std::uint64_t most_bytes)
    : folder_(std::move(folder)), most_bytes_(most_bytes), lock_(folder_) {
  read_state();
  read_folder();
  publish();
}

std::string FleetSpool::path_of(std::uint64_t number, const Minute& minute) const {
  return fmt::format("{}/{}-{}-{}{}", folder_, number, minute.from, minute.until, kSuffix);
}

// The minutes themselves say how far a run came that could not write its state any more.
void FleetSpool::read_folder() {
  for (const std::uint64_t number : state_.given_up) next_ = std::max(next_, number + 1);
  std::error_code reason;
  fs::directory_iterator files(folder_, reason);
  for (; !reason && files != fs::directory_iterator(); files.increment(reason)) {
    const fs::directory_entry& entry = *files;
    const auto numbers = numbers_in(entry.path().filename().string());
    std::error_code gone;
    const std::uint64_t bytes = entry.file_size(gone);
    if (!numbers || gone) continue;
    const auto [number, from, until] = *numbers;
    next_ = std::max(next_, number + 1);
    if (std::ranges::count(state_.given_up, number) > 0) {
      fs::remove(entry.path(), gone);
      continue;
    }
    minutes_[number] = {from, until, bytes};
    bytes_ += bytes;
    state_.until = std::max(state_.until, until);
  }
  if (reason) fail(folder_, reason.value());
  unlink((folder_ + "/unfinished").c_str());
}

// One that is damaged is as good as none: then no gap is told, and nothing else is lost.
void FleetSpool::read_state() {
  const Json json = Json::parse(contents_of(folder_ + "/state"), nullptr, false);
  if (json.is_discarded()) return;
  try {
    State state;
    state.until = json.at("until").get<std::uint64_t>();
    state.ended = json.at("ended").get<bool>();
    state.given_up = json.at("given_up").get<std::vector<std::uint64_t>>();
    for (const Json& gap : json.at("gaps"))
      state.gaps.push_back(
          {gap.at(0).get<std::uint64_t>(), gap.at(1).get<std::uint64_t>(), gap.at(2).get<std::string>()});
    state_ = std::move(state);
  } catch (const Json::exception&) {
    state_ = State();
  }
}

void FleetSpool::write_state(const State& state) {
  Json gaps = Json::array();
  for (const HistoryGap& gap : state.gaps) gaps.push_back({gap.begin, gap.end, gap.why});
  write_whole(folder_, folder_ + "/state",
              Json{{"until", state.until},
                   {"ended", state.ended},
                   {"given_up", state.given_up},
                   {"gaps", std::move(gaps)}}
                  .dump());
}

void FleetSpool::forget(std::uint64_t number) {
  const auto found = minutes_.find(number);
  if (found == minutes_.end()) return;
  unlink(path_of(number, found->second).c_str());
  bytes_ -= found->second.bytes;
  minutes_.erase(found);
}

// Nothing is known of the time since the last run: on the disk before the run's first minute is, which says
// itself how far the run came. Whoever begins the next run after a kill in between makes it longer.
void FleetSpool::begin_run(std::uint64_t from) {
  State state = state_;
  if (state.until != 0 && from > state.until) {
    join_gap(state.gaps, state.until, from,
             state.ended ? HistoryGapReason::kStopped : HistoryGapReason::kKilled);
    write_state(state);
    state_ = std::move(state);
  }
  running_ = true;
}

// In this order: the minute, then in the state the gap of what makes room for it, then that is removed. So a
// minute is never neither there nor in a gap.
void FleetSpool::add(std::uint64_t from, std::uint64_t until, std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (!running_) begin_run(from);
  State state = state_;
  state.given_up.clear();
  std::uint64_t bytes = bytes_ + lines.size();
  for (auto oldest = minutes_.upper_bound(held_); bytes > most_bytes_ && oldest != minutes_.end(); ++oldest) {
    state.given_up.push_back(oldest->first);
    join_gap(state.gaps, oldest->second.from, oldest->second.until, HistoryGapReason::kUnsent);
    bytes -= oldest->second.bytes;
  }
  state.until = until;
  state.ended = false;
  const Minute minute = {from, until, lines.size()};
  write_whole(folder_, path_of(next_, minute), lines);
  try {
    write_state(state);
  } catch (const SpoolError&) {
    unlink(path_of(next_, minute).c_str());
    throw;
  }
  lost_ += state.given_up.size();
  for (const std::uint64_t number : state.given_up) forget(number);
  minutes_[next_++] = minute;
  bytes_ += minute.bytes;
  state_ = std::move(state);
  publish();
}

void FleetSpool::add_gap(std::uint64_t from, std::uint64_t until) {
  const std::lock_guard lock(mutex_);
  join_gap(state_.gaps, from, until, HistoryGapReason::kUnsent);
}

void FleetSpool::end_run() {
  const std::lock_guard lock(mutex_);
  if (!running_) return;
  State state = state_;
  state.ended = true;
  state.given_up.clear();
  write_state(state);
  state_ = std::move(state);
  running_ = false;
}

FleetSpool::Batch FleetSpool::take(std::size_t most_minutes, std::size_t most_bytes) {
  const std::lock_guard lock(mutex_);
  Batch batch;
  std::vector<std::uint64_t> damaged;
  for (const auto& [number, minute] : minutes_) {
    const bool full = batch.numbers.size() >= most_minutes || batch.lines.size() + minute.bytes > most_bytes;
    if (!batch.numbers.empty() && full) break;
    const std::string lines = contents_of(path_of(number, minute));
    FleetRows rows;
    if (lines.size() != minute.bytes || !add_rows(lines, rows)) {
      damaged.push_back(number);
      continue;
    }
    batch.numbers.push_back(number);
    batch.lines += lines;
  }
  for (const std::uint64_t number : damaged) give_up_damaged(number);
  batch.gaps = state_.gaps;
  if (!batch.numbers.empty()) held_ = batch.numbers.back();
  return batch;
}

void FleetSpool::give_up_damaged(std::uint64_t number) {
  const Minute minute = minutes_.at(number);
  ++lost_;
  join_gap(state_.gaps, minute.from, minute.until, HistoryGapReason::kUnsent);
  forget(number);
  publish();
}

void FleetSpool::put_back() {
  const std::lock_guard lock(mutex_);
  held_ = 0;
}

// A gap that has grown meanwhile is told again: it keeps its begin, which is its key.
void FleetSpool::sent(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  held_ = 0;
  for (const std::uint64_t number : batch.numbers) forget(number);
  publish();
  if (batch.gaps.empty()) return;
  std::erase_if(state_.gaps, [&](const HistoryGap& gap) {
    return std::ranges::any_of(batch.gaps, [&](const HistoryGap& told) {
      return told.begin == gap.begin && told.end == gap.end && told.why == gap.why;
    });
  });
  try {
    write_state(state_);
  } catch (const SpoolError&) {
    return;  // on the disk with the next minute; until then a restart would tell these gaps once more
  }
}

void FleetSpool::publish() {
  published_.minutes = minutes_.size();
  published_.bytes = bytes_;
  published_.lost = lost_;
  published_.oldest = minutes_.empty() ? 0 : minutes_.begin()->second.from;
}

FleetSpool::Content FleetSpool::content() const noexcept {
  return {published_.minutes, published_.bytes, published_.lost, published_.oldest};
}

FleetSpool::Content spool_content(const std::string& folder) {
  FleetSpool::Content content;
  std::error_code reason;
  fs::directory_iterator entries(folder, reason);
  if (reason) {
    throw HistoryError(fmt::format(
        "{}: {}. 'tapline run' makes it if its configuration has [fleet]; read it as its user, or "
        "as root",
        shown(folder), reason.message()));
  }
  for (const fs::directory_entry& entry : entries) {
    const auto numbers = numbers_in(entry.path().filename().string());
    std::error_code gone;  // sent just now
    const std::uint64_t bytes = entry.file_size(gone);
    if (!numbers || gone) continue;
    ++content.minutes;
    content.bytes += bytes;
    const std::uint64_t from = (*numbers)[1];
    content.oldest = content.oldest == 0 ? from : std::min(content.oldest, from);
  }
  return content;
}

}  // namespace mgmt

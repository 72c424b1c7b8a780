#include "mgmt/spool/spool_slice.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "mgmt/spool/host_filter.h"
#include "mgmt/spool/pcap_record.h"
#include "mgmt/spool/record_reader.h"
#include "mgmt/spool/spool_error.h"
#include "mgmt/spool/spool_files.h"
#include "mgmt/spool/spool_index.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::int64_t kEarliest = std::numeric_limits<std::int64_t>::min();

// What is to be read of a file without a look at what is between.
struct Stretch {
  std::uint64_t begin;
  std::uint64_t end;
  std::int64_t earliest_ns;  // no frame in it is older
};

// The query as a file of the spool is asked it. Throws SpoolError.
SliceQuery query_of(const SliceQuery& query, const SpoolEntry& entry) {
  SliceQuery own = query;
  const std::string hidden_by = entry.hidden_by();
  if (hidden_by.empty() || !query.hidden_host) return own;
  if (hidden_by != query.key_mark) throw SpoolError("has its hosts hidden by another key than [privacy] has");
  own.host = query.hidden_host;
  return own;
}

bool wanted(const wire::Frame& frame, const SliceQuery& query) {
  if (frame.time_ns < query.from_ns || frame.time_ns >= query.to_ns) return false;
  if (!query.host) return true;
  const FrameHosts hosts = hosts_of(frame);
  return hosts.known && (hosts.source == *query.host || hosts.destination == *query.host);
}

// A file of the spool, open only while its frames are next.
class Track {
 public:
  Track(SpoolEntry entry, const SliceQuery& query, Slice& slice) : entry_(std::move(entry)), slice_(slice) {
    try {
      query_ = query_of(query, entry_);
      plan();
    } catch (const SpoolError& error) {
      complain(fmt::format("{}; it is left out", error.what()));
    }
  }

  // Nothing more will come.
  bool over() const noexcept { return !frame_ && stretches_.empty(); }

  // No frame to come is older; exact if ready().
  std::int64_t next_ns() const noexcept { return frame_ ? frame_->time_ns : stretches_.front().earliest_ns; }
  bool ready() const noexcept { return frame_.has_value(); }
  const wire::Frame& frame() const noexcept { return *frame_; }

  // Reads on to the next frame that is wanted.
  void advance() {
    frame_.reset();
    try {
      while (!stretches_.empty() && !frame_) read_on();
    } catch (const SpoolError& error) {
      complain(fmt::format("{}; what is behind is left out", error.what()));
      stretches_.clear();
    }
    if (stretches_.empty() && !frame_) {
      reader_.reset();
      file_.reset();
    }
  }

 private:
  void open() {
    try {
      file_ = std::make_unique<SpoolFile>(entry_.capture());
    } catch (const SpoolError&) {
      if (!entry_.part) throw;
      entry_.part = false;  // closed meanwhile
      file_ = std::make_unique<SpoolFile>(entry_.capture());
    }
  }

  // The sensor has this very moment begun the file, or was killed when it did.
  bool without_header() const { return entry_.part && file_->size() < kPcapHeaderBytes; }

  void read_header() {
    link_ = link_of(*file_);
    slice_.bytes_read += kPcapHeaderBytes;
  }

  void plan() {
    const auto span = read_spool_span(entry_.times(), slice_.bytes_read);
    const bool apart = span && (span->first_ns >= query_.to_ns || span->last_ns < query_.from_ns);
    if (apart && !entry_.part) return;
    open();
    if (!span && without_header()) return;
    read_header();
    std::uint64_t known = kPcapHeaderBytes;
    try {
      const auto blocks = read_spool_blocks(entry_.times(), file_->size(), slice_.bytes_read);
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        known = blocks[i].end();
        if (may_have(blocks[i], i)) stretches_.push_back({blocks[i].offset, known, blocks[i].first_ns});
      }
    } catch (const SpoolError& error) {
      if (!entry_.part || span) complain_of_index(error.what());
    }
    if (known < file_->size()) stretches_.push_back({known, file_->size(), kEarliest});
    file_.reset();
  }

  bool may_have(const SpoolBlock& block, std::size_t number) {
    if (!block.overlaps(query_.from_ns, query_.to_ns)) return false;
    if (!query_.host) return true;
    const auto filter = read_host_filter(entry_.hosts(), number, slice_.bytes_read);
    return !filter || filter->may_hold(*query_.host);
  }

  void read_on() {
    if (!file_) {
      open();
      read_header();
      ++slice_.files;
    }
    if (!reader_)
      reader_.emplace(*file_, link_, stretches_.front().begin, stretches_.front().end, slice_.bytes_read);
    while ((frame_ = reader_->next())) {
      if (wanted(*frame_, query_)) return;
    }
    if (reader_->damaged())
      throw SpoolError(fmt::format("at byte {}: this is no record of a frame, so the file is damaged here",
                                   reader_->offset()));
    reader_.reset();
    stretches_.pop_front();
  }

  void complain(std::string_view sentence) {
    slice_.complaints.push_back(
        fmt::format("{}: {}", printable(entry_.capture(), kPathColumns, TextStyle{}), sentence));
  }
  void complain_of_index(std::string_view reason) {
    slice_.complaints.push_back(fmt::format("{}: {}; its capture is read whole",
                                            printable(entry_.times(), kPathColumns, TextStyle{}), reason));
  }

  SpoolEntry entry_;
  SliceQuery query_;
  Slice& slice_;
  std::deque<Stretch> stretches_;
  std::unique_ptr<SpoolFile> file_;
  wire::LinkType link_ = wire::LinkType::kEthernet;
  std::optional<RecordReader> reader_;
  std::optional<wire::Frame> frame_;
};

// Collects the capture and hands it on by pieces.
class SliceWriter {
 public:
  SliceWriter(const std::function<void(std::string_view)>& write, Slice& slice)
      : write_(write), slice_(slice) {}

  void add(const wire::Frame& frame) {
    if (slice_.frames == 0) begin(frame.link);
    if (frame.link != link_) {
      throw SpoolError(
          fmt::format("there are frames of link types {} and {} in that time, which one capture cannot hold",
                      static_cast<unsigned>(link_), static_cast<unsigned>(frame.link)));
    }
    append_pcap_record(piece_, frame);
    ++slice_.frames;
    if (piece_.size() >= kPiece) flush();
  }

  void finish() {
    if (slice_.frames == 0) begin(wire::LinkType::kEthernet);
    flush();
  }

 private:
  static constexpr std::size_t kPiece = 256 << 10;

  void begin(wire::LinkType link) {
    link_ = link;
    const auto header = pcap_header(link);
    piece_.append(header.data(), header.size());
  }
  void flush() {
    write_(piece_);
    slice_.bytes += piece_.size();
    piece_.clear();
  }

  const std::function<void(std::string_view)>& write_;
  Slice& slice_;
  wire::LinkType link_ = wire::LinkType::kEthernet;
  std::string piece_;
};

}  // namespace

Slice cut_slice(const SliceQuery& query, const std::function<void(std::string_view)>& write) {
  Slice slice;
  std::vector<std::unique_ptr<Track>> tracks;
  for (SpoolEntry& entry : spool_entries(query.folder)) {
    auto track = std::make_unique<Track>(std::move(entry), query, slice);
    if (!track->over()) tracks.push_back(std::move(track));
  }
  // A heap: in front the one that goes first. Their order in the folder decides between equally old frames.
  const auto later = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second > b.second;
  };
  std::vector<std::pair<std::int64_t, std::size_t>> queue;
  const auto put = [&](std::size_t i) {
    if (tracks[i]->over()) return;
    queue.emplace_back(tracks[i]->next_ns(), i);
    std::ranges::push_heap(queue, later);
  };
  for (std::size_t i = 0; i < tracks.size(); ++i) put(i);
  SliceWriter writer(write, slice);
  while (!queue.empty()) {
    const std::size_t next = queue.front().second;
    std::ranges::pop_heap(queue, later);
    queue.pop_back();
    if (tracks[next]->ready()) writer.add(tracks[next]->frame());
    tracks[next]->advance();
    put(next);
  }
  writer.finish();
  return slice;
}

}  // namespace mgmt

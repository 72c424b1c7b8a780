#include "dataplane/gzip_source.h"

#include <algorithm>
#include <limits>
#include <new>

namespace dataplane {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib.h, inflateInit2

}  // namespace

GzipSource::GzipSource(std::unique_ptr<ByteSource> stored) : input_(std::move(stored)) {
  if (::inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
}

GzipSource::~GzipSource() {
  ::inflateEnd(&stream_);
}

void GzipSource::end(const std::string& fault) {
  ended_ = true;
  fault_ = input_.fault().empty() ? fault : input_.fault();
}

// Passes the padding after a member. False: nothing but padding came.
bool GzipSource::begin_member() {
  while (input_.fill()) {
    const auto rest = input_.rest();
    const auto padding = std::find_if(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte != 0; });
    input_.use(static_cast<std::size_t>(padding - rest.begin()));
    if (!input_.rest().empty()) return ::inflateReset(&stream_) == Z_OK;
  }
  return false;
}

std::size_t GzipSource::read(std::span<std::uint8_t> into) {
  const auto room = static_cast<uInt>(std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max()));
  stream_.next_out = into.data();
  stream_.avail_out = room;
  while (!ended_ && stream_.avail_out == room) {
    if (!in_member_ && !(in_member_ = begin_member())) {
      end("");
    } else if (!input_.fill()) {
      end("the gzip data end too early; the file was cut, or not written to its end");
    } else {
      stream_.next_in = input_.rest().data();
      stream_.avail_in = static_cast<uInt>(input_.rest().size());
      const int status = ::inflate(&stream_, Z_NO_FLUSH);
      input_.use(input_.rest().size() - stream_.avail_in);
      in_member_ = status != Z_STREAM_END;
      if (status != Z_OK && status != Z_STREAM_END)
        end(std::string("the gzip data are damaged: ") + (stream_.msg ? stream_.msg : ::zError(status)));
    }
  }
  return room - stream_.avail_out;
}

}  // namespace dataplane

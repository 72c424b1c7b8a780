// A spool's capture whose frames are anything and whose index says anything: a slice of it costs no more than
// reading it, holds together, and is the same again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include <unistd.h>

#include "mgmt/spool/spool_error.h"
#include "mgmt/spool/spool_files.h"
#include "mgmt/spool/spool_index.h"
#include "mgmt/spool/spool_slice.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const std::string& folder() {
  static const std::string made = [] {
    const bool memory = std::filesystem::is_directory("/dev/shm");
    std::string path = std::string(memory ? "/dev/shm" : "/tmp") + "/tapline_fuzz_XXXXXX";
    require(mkdtemp(path.data()) != nullptr);
    static const std::string to_remove = path;
    std::atexit([] { std::filesystem::remove_all(to_remove); });
    return path;
  }();
  return made;
}

// What is read of the input, from its front; zeros where it has ended.
class Input {
 public:
  explicit Input(std::span<const std::uint8_t> octets) : left_(octets) {}

  template <class Number>
  Number take() {
    Number number = 0;
    const std::size_t size = std::min(sizeof number, left_.size());
    std::memcpy(&number, left_.data(), size);
    left_ = left_.subspan(size);
    return number;
  }
  std::span<const std::uint8_t> rest() const { return left_; }

 private:
  std::span<const std::uint8_t> left_;
};

void write_index(Input& input, const mgmt::SpoolEntry& entry) {
  std::uint64_t offset = 24;
  mgmt::SpoolIndexWriter index(entry.times(), entry.hosts(), {});
  for (unsigned blocks = input.take<std::uint8_t>() % 4; blocks > 0; --blocks) {
    mgmt::SpoolBlock block;
    block.offset = offset;
    block.bytes = input.take<std::uint16_t>();
    block.first_ns = input.take<std::int64_t>();
    block.last_ns = input.take<std::int64_t>();
    offset = block.end();
    index.add(block, mgmt::HostFilter());
  }
}

void spoil(Input& input, const std::string& path) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const std::uint64_t size = std::filesystem::file_size(path);
  for (unsigned octets = input.take<std::uint8_t>() % 4; octets > 0 && size > 0; --octets) {
    file.seekp(static_cast<std::streamoff>(input.take<std::uint16_t>() % size));
    file.put(static_cast<char>(input.take<std::uint8_t>()));
  }
}

void write_capture(Input& input, const mgmt::SpoolEntry& entry) {
  constexpr std::uint8_t kHeader[] = {0x4D, 0x3C, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0,
                                      0,    0,    0,    0,    0, 0, 1, 0, 1, 0, 0, 0};
  std::ofstream file(entry.capture(), std::ios::binary);
  if (input.take<std::uint8_t>() != 0xFF) file.write(reinterpret_cast<const char*>(kHeader), sizeof kHeader);
  file.write(reinterpret_cast<const char*>(input.rest().data()),
             static_cast<std::streamsize>(input.rest().size()));
}

// Its octets.
std::string slice_of(const mgmt::SliceQuery& query) {
  std::string octets;
  try {
    const mgmt::Slice slice = mgmt::cut_slice(query, [&](std::string_view piece) { octets += piece; });
    require(slice.bytes == octets.size());
    require(slice.frames <= octets.size() / 16);
  } catch (const mgmt::SpoolError&) {
    octets.clear();
  }
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input({data, size});
  const std::uint8_t flags = input.take<std::uint8_t>();
  const mgmt::SpoolEntry entry = {folder() + "/spool-00-20261122T064000Z", (flags & 1) != 0};
  write_index(input, entry);
  spoil(input, entry.times());
  spoil(input, entry.hosts());
  mgmt::SliceQuery query = {folder(), INT64_MIN, INT64_MAX, std::nullopt};
  if ((flags & 2) != 0) query.host = wire::Address{0, 1};
  if ((flags & 4) != 0) query.from_ns = input.take<std::int64_t>();
  write_capture(input, entry);
  const std::string once = slice_of(query);
  require(once == slice_of(query));
  for (const std::string& path : {entry.capture(), entry.times(), entry.hosts()}) unlink(path.c_str());
  return 0;
}

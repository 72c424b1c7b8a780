#include "mgmt/spool/spool_folder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mgmt/spool/spool_error.h"
#include "mgmt/spool/spool_part.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

std::uint64_t bytes_of(const SpoolEntry& entry) {
  std::uint64_t bytes = 0;
  for (const std::string& file : {entry.capture(), entry.times(), entry.hosts()}) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(file, error);
    if (!error) bytes += size;
  }
  return bytes;
}

}  // namespace

SpoolFolder::SpoolFolder(std::string folder, std::uint64_t max_bytes,
                         const std::function<void(const std::string&)>& say)
    : path_(std::move(folder)), max_bytes_(max_bytes) {
  lock();
  try {
    finish_parts(say);
    find_closed();
  } catch (const SpoolError&) {
    close(lock_);
    throw;
  }
}

SpoolFolder::~SpoolFolder() {
  close(lock_);
}

void SpoolFolder::lock() {
  const std::string shown = printable(path_, kPathColumns, TextStyle{});
  mkdir(path_.c_str(), 0750);  // its parent is there, or opening says what is wrong
  lock_ = open((path_ + "/spool.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (lock_ < 0) {
    throw SpoolError(
        fmt::format("the spool folder {} cannot be written to: {}. Make it yours (install -d -o USER -m 0750 "
                    "{}), name another one as "
                    "folder in [spool], or leave [spool] out of the configuration",
                    shown, std::strerror(errno), shown));
  }
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  close(lock_);
  throw SpoolError(fmt::format(
      "another tapline keeps its frames in {}. Stop it, or give this one another folder in [spool]", shown));
}

void SpoolFolder::finish_parts(const std::function<void(const std::string&)>& say) {
  for (const SpoolEntry& entry : spool_entries(path_)) {
    if (!entry.part) continue;
    try {
      finish_part(entry);
    } catch (const SpoolError& error) {
      say(fmt::format("spool: {} was left open and stays so: {}",
                      printable(entry.capture(), kPathColumns, TextStyle{}), error.what()));
    }
  }
}

void SpoolFolder::find_closed() {
  using Written = std::filesystem::file_time_type;
  std::vector<std::pair<Written, Closed>> found;
  for (const SpoolEntry& entry : spool_entries(path_)) {
    if (entry.part) continue;
    std::error_code error;
    const Written written = std::filesystem::last_write_time(entry.capture(), error);
    if (!error) found.push_back({written, {entry, bytes_of(entry)}});
  }
  std::ranges::stable_sort(found, {}, [](const auto& each) { return each.first; });
  for (auto& [written, file] : found) {
    bytes_ += file.bytes;
    files_.push_back(std::move(file));
  }
}

void SpoolFolder::closed(const SpoolEntry& entry, std::uint64_t bytes) {
  files_.push_back({entry, bytes});
  bytes_ += bytes;
}

void SpoolFolder::make_room(std::uint64_t open, std::uint64_t more) {
  while (!files_.empty() && bytes_ + open + more > max_bytes_) {
    remove_spool_files(files_.front().entry);
    bytes_ -= files_.front().bytes;
    files_.pop_front();
  }
}

}  // namespace mgmt

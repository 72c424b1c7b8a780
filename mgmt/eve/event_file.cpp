#include "mgmt/eve/event_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mgmt/eve/utc_time.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::string_view kEnding = ".json";
constexpr mode_t kMode = 0640;

[[noreturn]] void fail(const char* doing) {
  throw WriteError(fmt::format("{}: {}", doing, std::strerror(errno)));
}

struct stat status_of(int file) {
  struct stat status {};
  if (fstat(file, &status) != 0) fail("cannot be looked at");
  return status;
}

// Where the last whole line of a file of `size` octets ends; read from its end.
std::uint64_t end_of_lines(int file, std::uint64_t size) {
  std::array<char, 1 << 16> block{};
  for (std::uint64_t end = size; end > 0;) {
    const std::uint64_t begin = end - std::min<std::uint64_t>(end, block.size());
    const ssize_t read = pread(file, block.data(), end - begin, static_cast<off_t>(begin));
    if (read != static_cast<ssize_t>(end - begin)) fail("cannot be read");
    const std::string_view text(block.data(), static_cast<std::size_t>(read));
    if (const std::size_t newline = text.rfind('\n'); newline != std::string_view::npos)
      return begin + newline + 1;
    end = begin;
  }
  return 0;
}

// False if there is a file of that name.
bool rename_to_new(const std::string& file, const std::string& name) {
  if (renameat2(AT_FDCWD, file.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (errno != EINVAL) fail("cannot be renamed");  // else the file system knows no such request
  if (access(name.c_str(), F_OK) == 0) return false;
  if (std::rename(file.c_str(), name.c_str()) != 0) fail("cannot be renamed");
  return true;
}

}  // namespace

EventFile::EventFile(const std::string& path, std::uint64_t rotate_bytes, std::int64_t rotate_ns)
    : path_(path), part_(path + ".part"), rotate_bytes_(rotate_bytes), rotate_(rotate_ns) {
  try {
    open();
  } catch (const WriteError& error) {
    if (file_ >= 0) ::close(file_);
    throw std::runtime_error(
        fmt::format("[[event_log]]: the file {} {}. Its folder must exist and be writable to this user; the "
                    "folder of the "
                    "service is /var/log/tapline.",
                    printable(part_, kPathColumns, TextStyle{}), error.what()));
  }
}

EventFile::~EventFile() {
  if (file_ >= 0) ::close(file_);
}

void EventFile::write(const EventRecord& record) {
  const std::string line = record.json + "\n";
  if (octets_ > 0 && octets_ + line.size() > rotate_bytes_) finish();
  if (file_ < 0) open();
  append(line);
}

void EventFile::tend() {
  const bool old = rotate_.count() > 0 && Clock::now() - opened_ >= rotate_;
  if (old && octets_ > 0) finish();
  if (file_ < 0) open();
}

void EventFile::reopen() {
  if (file_ >= 0 && is_ours()) return;
  if (file_ >= 0) ::close(std::exchange(file_, -1));
  open();
}

void EventFile::close() {
  if (file_ < 0) return;
  if (octets_ > 0) return finish();
  if (is_ours()) unlink(part_.c_str());
  ::close(std::exchange(file_, -1));
}

void EventFile::open() {
  open_part();
  if (octets_ == 0) return;
  finish_what_was_left();
  open_part();
}

void EventFile::open_part() {
  octets_ = 0;
  const int file =
      ::open(part_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, kMode);
  if (file < 0) fail("cannot be opened");
  file_ = file;
  const struct stat status = status_of(file);
  if (!S_ISREG(status.st_mode)) {
    ::close(std::exchange(file_, -1));
    throw WriteError("is no regular file");
  }
  // Whoever wrote it until now may just have given it its name.
  if (flock(file, LOCK_EX | LOCK_NB) != 0 || !is_ours()) {
    ::close(std::exchange(file_, -1));
    throw WriteError("is written by another tapline");
  }
  octets_ = static_cast<std::uint64_t>(status_of(file).st_size);
  opened_ = Clock::now();
}

// Gives it its name, unless somebody moved it and it has another.
void EventFile::finish() {
  if (is_ours()) {
    name_closed(std::time(nullptr));
  }
  ::close(std::exchange(file_, -1));
  octets_ = 0;
}

void EventFile::finish_what_was_left() {
  const std::int64_t written_s = status_of(file_).st_mtim.tv_sec;
  const std::uint64_t whole = end_of_lines(file_, octets_);
  if (ftruncate(file_, static_cast<off_t>(whole)) != 0) fail("cannot be cut");
  if (whole > 0) name_closed(written_s);
  ::close(std::exchange(file_, -1));
}

bool EventFile::is_ours() const {
  struct stat named {};
  if (stat(part_.c_str(), &named) != 0) return false;
  const struct stat ours = status_of(file_);
  return named.st_dev == ours.st_dev && named.st_ino == ours.st_ino;
}

// A line that does not fit leaves no half of itself behind.
void EventFile::append(const std::string& line) {
  const ssize_t written = ::write(file_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) {
    octets_ += line.size();
    return;
  }
  const int reason = written < 0 ? errno : ENOSPC;
  if (written > 0) {
    if (ftruncate(file_, status_of(file_).st_size - written) != 0) fail("cannot be cut");
  }
  throw WriteError(fmt::format("cannot be written: {}", std::strerror(reason)));
}

// By a name that no file has, nor gets meanwhile by somebody else's doing.
void EventFile::name_closed(std::int64_t seconds_since_1970) const {
  std::string stem = path_;
  if (stem.ends_with(kEnding)) stem.resize(stem.size() - kEnding.size());
  stem += "-" + utc_stamp(seconds_since_1970);
  std::string name = stem + std::string(kEnding);
  for (unsigned number = 2; !rename_to_new(part_, name); ++number)
    name = fmt::format("{}-{}{}", stem, number, kEnding);
}

}  // namespace mgmt

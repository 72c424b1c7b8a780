#include "mgmt/spool/spool_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mgmt/eve/utc_time.h"
#include "mgmt/spool/spool_error.h"
#include "mgmt/text_style.h"

namespace mgmt {
namespace {

constexpr std::string_view kStem = "spool-";
constexpr std::size_t kMostEntries = 1'000'000;

}  // namespace

std::string SpoolEntry::hidden_by() const {
  const std::size_t hidden = base.find(kSpoolHidden, base.rfind('/') + 1);
  if (hidden == base.npos) return "";
  const std::size_t mark = hidden + std::strlen(kSpoolHidden);
  return base.substr(mark, base.find('-', mark) - mark);  // behind it a number, if there are several
}

std::vector<SpoolEntry> spool_entries(const std::string& folder) {
  std::vector<SpoolEntry> entries;
  std::error_code error;
  std::filesystem::directory_iterator files(folder, error);
  for (; !error && files != std::filesystem::directory_iterator() && entries.size() < kMostEntries;
       files.increment(error)) {
    std::string name = files->path().filename().string();
    if (!name.starts_with(kStem)) continue;
    for (const char* ending : {kSpoolPart, kSpoolCapture}) {
      if (!name.ends_with(ending)) continue;
      name.resize(name.size() - std::strlen(ending));
      entries.push_back({folder + "/" + name, ending == kSpoolPart});
      break;
    }
  }
  if (error) {
    throw SpoolError(fmt::format("the spool folder {} cannot be read: {}",
                                 printable(folder, kPathColumns, TextStyle{}), error.message()));
  }
  std::ranges::sort(entries, {}, &SpoolEntry::base);
  return entries;
}

std::string new_spool_base(const std::string& folder, std::size_t worker, std::int64_t first_ns,
                           const std::string& hidden_by) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  const std::string stem = fmt::format("{}/{}{:02}-{}{}{}", folder, kStem, worker,
                                       utc_stamp(std::max<std::int64_t>(first_ns, 0) / kSecondNs),
                                       hidden_by.empty() ? "" : kSpoolHidden, hidden_by);
  const auto taken = [](const std::string& base) {
    return access((base + kSpoolCapture).c_str(), F_OK) == 0 ||
           access((base + kSpoolPart).c_str(), F_OK) == 0;
  };
  std::string base = stem;
  for (unsigned number = 2; taken(base); ++number) base = fmt::format("{}-{}", stem, number);
  return base;
}

SpoolFile::SpoolFile(const std::string& path) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (file_ < 0) throw SpoolError(fmt::format("cannot be opened: {}", std::strerror(errno)));
  struct stat status {};
  if (fstat(file_, &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
    return;
  }
  close(file_);
  throw SpoolError("is no regular file");
}

SpoolFile::~SpoolFile() {
  close(file_);
}

std::size_t SpoolFile::read(void* to, std::size_t size, std::uint64_t offset) const {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got =
        pread(file_, static_cast<char*>(to) + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0) throw SpoolError(fmt::format("cannot be read: {}", std::strerror(errno)));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace mgmt

// The files of a spool: their names, and reading them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mgmt {

// "spool-00-20261122T064000Z", of worker 0 and the time of the first frame; by which key [privacy] hid who
// it was, if it did; and what stands behind it for each file:
inline constexpr const char* kSpoolHidden = "-hidden-";  // and key_mark()
inline constexpr const char* kSpoolCapture = ".pcap";
inline constexpr const char* kSpoolPart = ".pcap.part";  // the same while it is written
inline constexpr const char* kSpoolTimes = ".times";
inline constexpr const char* kSpoolHosts = ".hosts";

struct SpoolEntry {
  std::string base;   // with the folder
  bool part = false;  // is written just now, or was when its program died

  std::string hidden_by() const;  // the mark of the key; "": the hosts in its frames are not hidden
  std::string capture() const { return base + (part ? kSpoolPart : kSpoolCapture); }
  std::string times() const { return base + kSpoolTimes; }
  std::string hosts() const { return base + kSpoolHosts; }
};

// Those in the folder by their names; of what else is there nothing is said. Throws SpoolError, in a
// sentence.
std::vector<SpoolEntry> spool_entries(const std::string& folder);

// Of a capture whose first frame is of that time, by worker `worker`; one that no file there has.
std::string new_spool_base(const std::string& folder, std::size_t worker, std::int64_t first_ns,
                           const std::string& hidden_by);

// A file to read in. Regular files only, so that nobody is waited for.
class SpoolFile {
 public:
  // Throws SpoolError: "cannot be opened: ...".
  explicit SpoolFile(const std::string& path);
  ~SpoolFile();
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  // How long it was when it was opened.
  std::uint64_t size() const noexcept { return size_; }

  // As many octets as there are, up to `size`. Throws SpoolError.
  std::size_t read(void* to, std::size_t size, std::uint64_t offset) const;

 private:
  int file_;
  std::uint64_t size_ = 0;
};

}  // namespace mgmt

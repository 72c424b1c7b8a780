#include "dataplane/eal.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_log.h>
#include <sched.h>

namespace dataplane {
namespace {

// DPDK logs far more than an operator wants to read; the last lines tell what went wrong if something did.
class LastWords {
 public:
  void add(std::string_view text) {
    constexpr std::size_t kLines = 6;
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(text.substr(0, text.find('\n')));
    if (lines_.size() > kLines) lines_.pop_front();
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& line : lines_) all.append(all.empty() ? "" : "; ").append(line);
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<std::string> lines_;
};

// Never destroyed: DPDK's interrupt thread may speak until the process ends.
LastWords& last_words() {
  static LastWords& words = *new LastWords;
  return words;
}

ssize_t take_log(void*, const char* text, std::size_t length) {
  last_words().add({text, length});
  return static_cast<ssize_t>(length);
}

void take_over_log() {
  static FILE* const stream =
      fopencookie(nullptr, "w", {.read = nullptr, .write = take_log, .seek = nullptr, .close = nullptr});
  if (stream != nullptr) rte_openlog_stream(stream);
}

unsigned any_allowed_core() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof allowed, &allowed);
  for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &allowed)) return core;
  }
  return 0;
}

std::vector<std::string> words_of(const EalSettings& settings) {
  std::vector<std::string> words = {"tapline", "--no-telemetry", "--log-level=notice",
                                    "--lcores=0@" + std::to_string(any_allowed_core())};
  // What a process that was killed would leave behind is not there in the first place: no file, no lock.
  if (settings.hugepages) {
    words.emplace_back("--in-memory");
  } else {
    const std::uint64_t megabytes = (settings.memory_bytes + (1 << 20) - 1) >> 20;
    words.insert(words.end(), {"--no-shconf", "--no-huge", "-m", std::to_string(megabytes)});
  }
  const auto is_virtual = [](const Device& device) { return device.is_virtual; };
  if (std::ranges::all_of(settings.devices, is_virtual)) words.emplace_back("--no-pci");
  for (const Device& device : settings.devices) words.push_back(device.argument);
  return words;
}

// EAL pins the thread that starts it; the caller's threads choose their own cores.
class KeepAffinity {
 public:
  KeepAffinity() { sched_getaffinity(0, sizeof set_, &set_); }
  ~KeepAffinity() { sched_setaffinity(0, sizeof set_, &set_); }
  KeepAffinity(const KeepAffinity&) = delete;
  KeepAffinity& operator=(const KeepAffinity&) = delete;

 private:
  cpu_set_t set_{};
};

}  // namespace

Eal::Eal(const EalSettings& settings) {
  const KeepAffinity keep;
  take_over_log();
  std::vector<std::string> words = words_of(settings);
  std::vector<char*> pointers;
  pointers.reserve(words.size());
  for (std::string& word : words) pointers.push_back(word.data());
  if (rte_eal_init(static_cast<int>(pointers.size()), pointers.data()) < 0) {
    throw std::runtime_error(std::string("DPDK does not start: ") + rte_strerror(rte_errno) + " (" +
                             last_words().text() + "). 'tapline doctor' may know more.");
  }
}

// Not rte_eal_cleanup(): it unmaps DPDK's memory while DPDK's interrupt thread still looks through the
// handlers there, of which net_memif leaves one behind. The kernel takes all of it when the process ends.
Eal::~Eal() {
  std::uint16_t id = 0;
  RTE_ETH_FOREACH_DEV(id) rte_eth_dev_close(id);
}

std::string last_words_of_dpdk() {
  return last_words().text();
}

double tsc_hz() noexcept {
  return static_cast<double>(rte_get_tsc_hz());
}

std::uint64_t free_hugepage_bytes() {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& size : std::filesystem::directory_iterator("/sys/kernel/mm/hugepages", ignored)) {
    const std::string name = size.path().filename().string();  // hugepages-2048kB
    std::uint64_t pages = 0;
    std::ifstream(size.path() / "free_hugepages") >> pages;
    bytes += pages * std::stoull("0" + name.substr(name.find('-') + 1)) * 1024;
  }
  return bytes;
}

}  // namespace dataplane

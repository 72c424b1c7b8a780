// A worker on a port, without the rest of the house: what it may not do, and what it does when nobody
// listens.
#include "dataplane/live_worker.h"

#include <atomic>
#include <csignal>
#include <cstddef>
#include <thread>

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "dataplane/eal.h"
#include "dataplane/pinned_thread.h"
#include "dataplane/port.h"
#include "tests/support/captures.h"
#include "tests/support/sanitized.h"

namespace {

// Of the calling thread, while it wants them counted.
thread_local bool counting = false;
std::atomic<std::uint64_t> allocations{0};
[[maybe_unused]] std::atomic<std::uint64_t> system_calls{0};

[[maybe_unused]] void count_allocation() {
  if (counting) ++allocations;
}

}  // namespace

#if !TAPLINE_SANITIZED
// The C library's, with a count.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* malloc(std::size_t size) {
  count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  count_allocation();
  return __libc_realloc(memory, size);
}
}
#endif

namespace tests {
namespace {

using namespace std::chrono_literals;
using dataplane::EventRing;

std::string capture() {
  return (source_root() / "tests" / "fixtures" / "d_sessions" / "zeek_wikipedia.pcap").string();
}

dataplane::PortSettings endless_capture() {
  dataplane::PortSettings settings;
  settings.name = capture();
  settings.driver = dataplane::PortDriver::kPcap;
  settings.devargs = "infinite_rx=1";
  settings.queues = 1;
  settings.rx_descriptors = 512;
  return settings;
}

// Shared memory that nobody ever connects to.
dataplane::PortSettings silent_memory() {
  dataplane::PortSettings settings;
  settings.name = "net_memif7";
  settings.devargs = "role=server,socket=tapline_test_" + std::to_string(getpid());
  settings.queues = 1;
  settings.rx_descriptors = 512;
  return settings;
}

// DPDK starts once in a process, with all its devices.
class Dpdk : public testing::Environment {
 public:
  void SetUp() override {
    const std::vector<dataplane::PortSettings> settings = {endless_capture(), silent_memory()};
    const std::vector<dataplane::Device> devices = dataplane::devices_of(settings);
    eal_ = std::make_unique<dataplane::Eal>(dataplane::EalSettings{
        .devices = devices, .hugepages = false, .memory_bytes = std::uint64_t{128} << 20});
    port_ = std::make_unique<dataplane::Port>(settings[0], devices[0]);
    silent_port_ = std::make_unique<dataplane::Port>(settings[1], devices[1]);
  }
  void TearDown() override {
    silent_port_.reset();
    port_.reset();
    eal_.reset();
  }
  static dataplane::Port& port() { return *port_; }
  static dataplane::Port& silent_port() { return *silent_port_; }

 private:
  static inline std::unique_ptr<dataplane::Eal> eal_;
  static inline std::unique_ptr<dataplane::Port> port_;
  static inline std::unique_ptr<dataplane::Port> silent_port_;
};
const auto* const kDpdk = testing::AddGlobalTestEnvironment(new Dpdk);

class LiveWorkerTest : public testing::Test {
 protected:
  explicit LiveWorkerTest(std::size_t slots = 4096)
      : ring_(slots),
        outlet_({&ring_}, dataplane::Routing::kByClient, lose_),
        rules_(std::make_unique<dataplane::WorkerRules>(), 1),
        worker_(Dpdk::port(), 0, outlet_, settings(), rules_, 0, stop_, {.spool = &tap_}) {}

  static dataplane::ObserverSettings settings() {
    dataplane::ObserverSettings settings;
    settings.duplicates.switchable = true;
    return settings;
  }

  EventRing ring_;
  dataplane::LoseWhenFull lose_;
  dataplane::Outlet outlet_;
  dataplane::CurrentRules rules_;
  std::atomic<bool> stop_{false};
  dataplane::FrameTap tap_{{}};
  dataplane::LiveWorker worker_;
};

class StalledAggregator : public LiveWorkerTest {
 protected:
  static constexpr std::size_t kSlots = 256;
  StalledAggregator() : LiveWorkerTest(kSlots) {}
};

// Whoever keeps frames stands still as well.
TEST_F(StalledAggregator, TheWorkerGoesOnAndCountsEveryEventLost) {
  tap_.turn(true);
  const std::uint64_t received_before = Dpdk::port().counters().received;
  std::jthread thread([&] { worker_.run(); });
  std::this_thread::sleep_for(200ms);
  for (int i = 0; i < 3'000 && tap_.dropped() == 0; ++i) std::this_thread::sleep_for(10ms);  // a slow machine
  stop_ = true;
  thread.join();
  const dataplane::Ledger ledger = worker_.final_report().ledger;
  EXPECT_GT(ledger.frames, 10 * kSlots);
  EXPECT_EQ(ledger.frames, ledger.sum_of_verdicts());
  EXPECT_EQ(ledger.frames, Dpdk::port().counters().received - received_before);
  EXPECT_EQ(ledger.events_pushed(), kSlots);
  EXPECT_EQ(ledger.ring_full, ledger.events_made() - kSlots);
  EXPECT_EQ(ring_.readable().size(), kSlots);
  const std::size_t kept = tap_.drain(std::size_t{1} << 30, [](const wire::Frame&) {});
  EXPECT_GT(tap_.dropped(), 0U);
  EXPECT_EQ(kept + tap_.dropped(), tap_.offered());
}

// By the clock that packets would be stamped with: an idle worker is never more than 10 ms behind, unless the
// system takes its core away, which it does now and then.
TEST_F(LiveWorkerTest, AnIdleWorkerTellsTheShardsThatTimePasses) {
  dataplane::LiveWorker idle(Dpdk::silent_port(), 0, outlet_, settings(), rules_, 0, stop_);
  std::jthread thread([&] { idle.run(); });
  int in_time = 0;
  for (int look = 0; look < 1000 && in_time < 20; ++look) {
    std::this_thread::sleep_for(5ms);
    const auto announced = std::chrono::nanoseconds(ring_.announced());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    EXPECT_LT(announced, now + 10ms);
    in_time += announced > now - 10ms;
  }
  stop_ = true;
  thread.join();
  EXPECT_EQ(in_time, 20);
  EXPECT_EQ(idle.final_report().ledger.frames, 0U);
  EXPECT_EQ(ring_.announced(), dataplane::kFinished);
}

TEST_F(LiveWorkerTest, RulesChangeWithoutLosingAFrame) {
  std::jthread thread([&] { worker_.run(); });
  std::jthread drain([&](std::stop_token done) {
    while (!done.stop_requested()) ring_.release(ring_.readable().size());
  });
  for (std::uint64_t version = 2; version < 200; ++version) {
    rules_.replace(std::make_unique<dataplane::WorkerRules>(
        dataplane::WorkerRules{version, version % 2 == 0 ? 10'000'000 : 0, nullptr, nullptr}));
    std::this_thread::sleep_for(1ms);
  }
  stop_ = true;
  thread.join();
  const dataplane::WorkerReport report = worker_.final_report();
  EXPECT_EQ(report.ledger.frames, report.ledger.sum_of_verdicts());
  // The same frames over and over: with the window open they are copies, without it they are not.
  EXPECT_GT(report.ledger[wire::Verdict::kDuplicate], 0U);
  EXPECT_GT(report.ledger[wire::Verdict::kDns], 0U);
  EXPECT_EQ(rules_.destroy_unread(), 0U);
}

#if !TAPLINE_SANITIZED
void count_system_call(int, siginfo_t*, void*) {
  if (counting) ++system_calls;
}

// From here on each of this thread's system calls ends in the signal handler and does nothing, but for those
// that handlers and the thread's end need.
void trap_system_calls() {
  struct sigaction action {};
  action.sa_sigaction = count_system_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSYS, &action, nullptr);
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigprocmask, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {static_cast<unsigned short>(std::size(filter)), filter};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

TEST_F(LiveWorkerTest, NeitherAllocatesNorCallsTheSystem) {
  allocations = system_calls = 0;
  tap_.turn(true);
  std::jthread drain([&](std::stop_token done) {
    while (!done.stop_requested()) {
      ring_.release(ring_.readable().size());
      tap_.drain(1 << 20, [](const wire::Frame&) {});
    }
  });
  std::jthread thread([&] {
    trap_system_calls();
    counting = true;
    worker_.run();
    counting = false;
  });
  std::this_thread::sleep_for(2500ms);  // over two ends of windows
  stop_ = true;
  thread.join();
  EXPECT_GT(worker_.final_report().ledger.frames, 1'000U);
  EXPECT_GT(tap_.offered(), tap_.dropped());
  EXPECT_EQ(allocations, 0U);
  EXPECT_EQ(system_calls, 0U);
}

// That the two counts above can be other than 0.
TEST(Counting, SeesAllocationsAndSystemCalls) {
  allocations = system_calls = 0;
  std::jthread([] {
    trap_system_calls();
    counting = true;
    void* volatile memory = std::malloc(100);
    std::free(memory);
    syscall(SYS_getppid);
    counting = false;
  }).join();
  EXPECT_EQ(allocations, 1U);
  EXPECT_EQ(system_calls, 1U);
}
#endif

}  // namespace
}  // namespace tests

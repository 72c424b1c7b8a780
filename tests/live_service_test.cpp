// `tapline run` as a service: what systemd is told, and that what may happen often does not fill the journal.
#include <fstream>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "mgmt/bounded_telling.h"
#include "tests/support/captures.h"
#include "tests/support/program.h"

namespace tests {
namespace {

// systemd's end of sd_notify(3).
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path) : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un here{};
    here.sun_family = AF_UNIX;
    path.copy(here.sun_path, sizeof here.sun_path - 1);
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0)
      throw std::runtime_error("cannot bind " + path);
  }
  ~NotifySocket() { close(socket_); }

  bool comes(const std::string& state) {
    return eventually([&] {
      std::array<char, 4096> message{};
      for (ssize_t length = 0; (length = recv(socket_, message.data(), message.size(), 0)) > 0;)
        said_.append(message.data(), static_cast<std::size_t>(length)).append("\n");
      return said_.find(state) != std::string::npos;
    });
  }
  void forget() { said_.clear(); }
  const std::string& said() const { return said_; }

 private:
  int socket_;
  std::string said_;
};

class LiveService : public testing::Test {
 protected:
  LiveService() {
    std::ofstream(scratch_.path("tapline.toml"))
        << "[[port]]\nname = \""
        << (source_root() / "tests/fixtures/d_sessions/suri_browse_tls.pcap").string()
        << "\"\ndriver = \"pcap\"\ndevargs = \"infinite_rx=1\"\n[socket]\npath = \"" << scratch_.path("sock")
        << "\"\n";
  }

  std::vector<std::string> words(const std::string& watchdog_us) const {
    return {"env",
            "NOTIFY_SOCKET=" + scratch_.path("notify"),
            "WATCHDOG_USEC=" + watchdog_us,
            tapline(),
            "run",
            "--config",
            scratch_.path("tapline.toml")};
  }

  ScratchDirectory scratch_;
};

TEST_F(LiveService, SystemdIsToldOfEachState) {
  NotifySocket systemd(scratch_.path("notify"));
  Process process(words("2000000"), scratch_.path("out"), scratch_.path("err"));
  ASSERT_TRUE(systemd.comes("READY=1")) << contents_of(scratch_.path("err"));
  EXPECT_TRUE(systemd.comes("WATCHDOG=1")) << systemd.said();
  systemd.forget();
  process.signal(SIGHUP);
  EXPECT_TRUE(systemd.comes("RELOADING=1\nMONOTONIC_USEC=")) << systemd.said();
  EXPECT_TRUE(systemd.comes("READY=1")) << systemd.said();
  EXPECT_EQ(systemd.said().find("STOPPING=1"), std::string::npos);
  process.signal(SIGTERM);
  EXPECT_TRUE(systemd.comes("STOPPING=1"));
  EXPECT_EQ(process.wait(), 0) << contents_of(scratch_.path("err"));
}

TEST_F(LiveService, WithoutAWatchdogNobodyIsFed) {
  NotifySocket systemd(scratch_.path("notify"));
  Process process(words("0"), scratch_.path("out"), scratch_.path("err"));
  ASSERT_TRUE(systemd.comes("READY=1"));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  process.signal(SIGTERM);
  EXPECT_TRUE(systemd.comes("STOPPING=1"));
  EXPECT_EQ(systemd.said().find("WATCHDOG"), std::string::npos);
}

// Seen under systemd: its null for the lines would be that for the errors too, and DPDK's iopl(2) the end.
TEST(ServiceUnit, TellsErrorsAndEndsForNoSystemCall) {
  const std::string unit = contents_of(source_root() / "mgmt/service/tapline.service.in");
  for (const char* line :
       {"\nStandardOutput=null\n", "\nStandardError=journal\n", "\nSystemCallErrorNumber=EPERM\n"})
    EXPECT_NE(unit.find(line), std::string::npos) << line;
}

TEST(BoundedTelling, TellsSomeAtOnceAndThenOneASecond) {
  mgmt::BoundedTelling say;
  auto now = mgmt::BoundedTelling::Clock::now();
  testing::internal::CaptureStderr();
  int told = 0;
  for (int i = 0; i < 1000; ++i) told += say.tell_at("a link", now) ? 1 : 0;
  EXPECT_EQ(told, 60);
  now += std::chrono::seconds(3);
  for (int i = 0; i < 1000; ++i) told += say.tell_at("a link", now) ? 1 : 0;
  EXPECT_EQ(told, 63);
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("tapline: 940 lines like the next were left out\ntapline: a link\n"),
            std::string::npos);
}

}  // namespace
}  // namespace tests

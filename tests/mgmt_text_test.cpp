#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mgmt/duration_text.h"
#include "mgmt/nearest_name.h"
#include "mgmt/number_text.h"
#include "mgmt/progress.h"
#include "mgmt/service_names.h"

namespace mgmt {
namespace {

TEST(NumberText, DigitsAreGroupedByThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(NumberText, CompactCountsAreRoundedDownAndFitFiveColumns) {
  EXPECT_EQ(compact(999), "999");
  EXPECT_EQ(compact(1'009), "1.00k");
  EXPECT_EQ(compact(12'399), "12.3k");
  EXPECT_EQ(compact(999'999), "999k");
  EXPECT_EQ(compact(4'569'999), "4.56M");
  EXPECT_EQ(compact(UINT64_MAX), "18.4E");
}

TEST(NumberText, AShareNeverHidesThatThereIsSomethingOrThatSomethingIsMissing) {
  EXPECT_EQ(share(0, 10), "0.0 %");
  EXPECT_EQ(share(1, 1'000'000), "<0.1 %");
  EXPECT_EQ(share(123, 1000), "12.3 %");
  EXPECT_EQ(share(999'999, 1'000'000), ">99.9 %");
  EXPECT_EQ(share(10, 10), "100.0 %");
  EXPECT_EQ(share(0, 0), "-");
}

TEST(NumberText, SecondsTakeTheUnitThatFits) {
  EXPECT_EQ(seconds_text(0), "0 ns");
  EXPECT_EQ(seconds_text(0.00000125), "1.25 us");
  EXPECT_EQ(seconds_text(0.0139), "13.9 ms");
  EXPECT_EQ(seconds_text(0.99999), "1.00 s");
  EXPECT_EQ(seconds_text(150), "150 s");
}

TEST(NumberText, TimesBefore1970AreRoundedDownToo) {
  EXPECT_EQ(utc_text(0), "1970-01-01 00:00:00.000000 UTC");
  EXPECT_EQ(utc_text(-1), "1969-12-31 23:59:59.999999 UTC");
}

TEST(NumberText, LengthsOfTimeNameTheirUnits) {
  EXPECT_EQ(time_span_text(59'999'999'999), "59.999 s");
  EXPECT_EQ(time_span_text(60'000'000'000), "1 min 00 s");
  EXPECT_EQ(time_span_text(93'784'000'000'000), "1 d 02 h 03 min 04 s");
}

TEST(DurationText, WhatIsWrittenIsRead) {
  for (const std::int64_t ns : {1LL, 20'000'000LL, 2'500'000LL, 1'000'000'000LL, 3'600'000'000'000LL}) {
    EXPECT_EQ(parse_duration(duration_text(ns)), ns) << duration_text(ns);
  }
  EXPECT_EQ(duration_text(500'000'000), "500 ms");
  EXPECT_EQ(duration_text(2'500'000'000), "2.5 s");
  EXPECT_EQ(parse_duration("90min"), parse_duration("1.5h"));
  EXPECT_EQ(parse_duration("2 d"), parse_duration("172800"));
}

TEST(DurationText, WhatIsNoLengthOfTimeIsNothing) {
  for (const char* text : {"", "s", "-1s", "1y", "1  s", "1s ", " 1s", "nan", "inf", "1e9", "99999999999s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(NearestName, AFewEditsAreForgivenAndAnotherWordIsNot) {
  constexpr std::string_view kNames[] = {"workers", "shards", "window"};
  EXPECT_EQ(nearest_name("worker", kNames), "workers");
  EXPECT_EQ(nearest_name("shrads", kNames), "shards");
  EXPECT_EQ(nearest_name("widnow", kNames), "window");
  EXPECT_EQ(nearest_name("json", kNames), "");
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'w'), kNames), "");
}

TEST(ServiceNames, WellKnownPortsHaveTheirIanaNames) {
  EXPECT_EQ(service_name(25), "smtp");
  EXPECT_EQ(service_name(80), "http");
  EXPECT_EQ(service_name(443), "https");
  EXPECT_EQ(service_name(143), "imap");  // Where Debian's services(5) says imap2.
  EXPECT_EQ(service_name(0), "");
}

constexpr TextStyle kAscii = {false, false, 10};
constexpr TextStyle kUtf8 = {true, false, 10};

TEST(ProgressLine, ShowsShareRatesAndTimeLeft) {
  EXPECT_EQ(progress_line({2'000'000, 500'000'000, 1'000'000'000, 2.0}, 80, kAscii),
            "###############...............  50 %  1.00M frames/s   250 MB/s  2 s left      ");
}

TEST(ProgressLine, AlwaysFitsTheTerminal) {
  for (std::size_t columns = 0; columns <= 200; ++columns) {
    for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX}) {
      const ProgressSample sample = {UINT64_MAX, bytes, 1000, 0};
      EXPECT_LT(columns_of(progress_line(sample, columns, kUtf8)), std::max<std::size_t>(columns, 1));
      EXPECT_LT(columns_of(progress_line({UINT64_MAX, bytes, std::nullopt, 0}, columns, kUtf8)),
                std::max<std::size_t>(columns, 1));
    }
  }
}

TEST(ProgressLine, WithoutATotalCountsAreShownAndNoBar) {
  EXPECT_EQ(progress_line({1'234'567, 2'000'000, std::nullopt, 1}, 80, kAscii),
            "1,234,567 frames  2.0 MB  1.23M frames/s   2.0 MB/s");
}

TEST(ProgressLine, AFileThatGrowsWhileItIsReadStopsAtTheFullBar) {
  const std::string line = progress_line({1, 2000, 1000, 1}, 80, kAscii);
  EXPECT_NE(line.find(" 100 % "), std::string::npos) << line;
  EXPECT_EQ(line.find('.'), line.find("2.0 kB/s") + 1) << line;
}

TEST(Progress, IsSilentWhereStandardErrorIsNoTerminal) {
  testing::internal::CaptureStderr();
  {
    Progress progress(true, 1000, kAscii);
    for (std::uint64_t i = 0; i < 1000; ++i) progress.update(i, i);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

// What a terminal of 60 columns on standard error receives.
template <class Body>
std::string terminal_shows(Body&& body) {
  winsize size{};
  size.ws_col = 60;
  int terminal = -1;
  int side = -1;
  EXPECT_EQ(openpty(&terminal, &side, nullptr, nullptr, &size), 0);
  const int saved = dup(STDERR_FILENO);
  dup2(side, STDERR_FILENO);
  body();
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(side);
  std::string shown;
  std::array<char, 4096> part;
  for (ssize_t size_read; (size_read = read(terminal, part.data(), part.size())) > 0;) {
    shown.append(part.data(), static_cast<std::size_t>(size_read));
  }
  close(terminal);
  return shown;
}

TEST(Progress, DrawsAtMostTenTimesASecondAndErasesItself) {
  std::chrono::duration<double> took{};
  const std::string shown = terminal_shows([&] {
    const auto start = std::chrono::steady_clock::now();
    Progress progress(true, 1000, kAscii);
    std::uint64_t updates = 0;
    do {
      progress.update(500, 500);
      took = std::chrono::steady_clock::now() - start;
      ++updates;
    } while (took < std::chrono::milliseconds(350) || updates < 1000);
  });
  const auto lines = std::ranges::count(shown, '\r');
  EXPECT_GE(lines, 2) << shown;
  EXPECT_LE(static_cast<double>(lines), 10 * took.count() + 1) << shown;  // The last one erases.
  EXPECT_NE(shown.find("50 %"), std::string::npos) << shown;
  EXPECT_TRUE(shown.ends_with("\r\x1b[K")) << shown;
}

// A process that is ended by `signal` right after it has drawn: how it ended, as waitpid() tells.
int status_of_interrupted_progress(int signal) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(signal, SIG_DFL);  // whoever runs the tests may ignore it
    Progress progress(true, 1000, kAscii);
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    for (int i = 0; i < 100; ++i) progress.update(500, 500);
    raise(signal);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(Progress, ASignalErasesTheLineAndEndsTheProgram) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    int status = 0;
    const std::string shown = terminal_shows([&] { status = status_of_interrupted_progress(signal); });
    EXPECT_NE(shown.find("50 %"), std::string::npos) << shown;
    EXPECT_TRUE(shown.ends_with("\r\x1b[K")) << shown;
    EXPECT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(WTERMSIG(status), signal);
  }
}

TEST(Progress, SignalsAreAsTheyWereAfterwardsAndIgnoredOnesAllTheTime) {
  const auto action = [] {
    struct sigaction now {};
    sigaction(SIGHUP, nullptr, &now);
    return now.sa_handler;
  };
  std::signal(SIGHUP, SIG_DFL);
  terminal_shows([&] {
    Progress progress(true, 1000, kAscii);
    EXPECT_NE(action(), SIG_DFL);
    progress.finish();
    EXPECT_EQ(action(), SIG_DFL);
  });
  std::signal(SIGHUP, SIG_IGN);
  terminal_shows([&] {
    const Progress progress(true, 1000, kAscii);
    EXPECT_EQ(action(), SIG_IGN);
  });
  EXPECT_EQ(action(), SIG_IGN);
  std::signal(SIGHUP, SIG_DFL);
}

TEST(Progress, IsSilentWhereItIsNotWanted) {
  EXPECT_EQ(terminal_shows([] {
              Progress progress(false, 1000, kAscii);
              std::this_thread::sleep_for(std::chrono::milliseconds(150));
              for (int i = 0; i < 100; ++i) progress.update(1, 1);
            }),
            "");
}

}  // namespace
}  // namespace mgmt

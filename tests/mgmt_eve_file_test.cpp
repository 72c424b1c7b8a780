// Events in files: what is closed is whole, and nothing is closed twice, lost or somebody else's.
#include <algorithm>
#include <filesystem>
#include <regex>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "mgmt/eve/event_file.h"
#include "tests/support/event_records.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using mgmt::EventFile;
using mgmt::WriteError;

class EveFile : public testing::Test {
 protected:
  std::string path() const { return scratch_.path("eve.json"); }
  std::string part() const { return path() + ".part"; }

  // Those with a time in their name, oldest first.
  std::vector<std::string> closed() const {
    static const std::regex kName(R"(eve-\d{8}T\d{6}Z(-(\d+))?\.json)");
    std::vector<std::tuple<std::string, int, std::string>> found;
    for (const auto& entry : std::filesystem::directory_iterator(scratch_.path(""))) {
      const std::string name = entry.path().filename();
      std::smatch match;
      if (!std::regex_match(name, match, kName)) continue;
      found.emplace_back(name.substr(0, 20), match[2].matched ? std::stoi(match[2]) : 1, entry.path());
    }
    std::ranges::sort(found);
    std::vector<std::string> paths;
    for (const auto& each : found) paths.push_back(std::get<2>(each));
    return paths;
  }

  std::string all_closed() const {
    std::string text;
    for (const std::string& file : closed()) text += contents_of(file);
    return text;
  }

  ScratchDirectory scratch_;
};

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += numbered_record(i).json + "\n";
  return text;
}

void write(EventFile& file, int from, int to) {
  for (int i = from; i < to; ++i) file.write(numbered_record(i));
}

TEST_F(EveFile, IsAPartUntilItIsClosed) {
  EventFile file(path(), 1'000'000, 0);
  write(file, 0, 3);
  EXPECT_EQ(contents_of(part()), lines(0, 3));
  EXPECT_TRUE(closed().empty());
  file.close();
  EXPECT_FALSE(std::filesystem::exists(part()));
  EXPECT_EQ(all_closed(), lines(0, 3));
}

TEST_F(EveFile, NothingWrittenLeavesNothing) {
  EventFile file(path(), 1'000'000, 0);
  file.close();
  EXPECT_TRUE(std::filesystem::is_empty(scratch_.path("")));
}

TEST_F(EveFile, IsClosedBeforeItIsTooLong) {
  EventFile file(path(), 100, 0);
  write(file, 0, 1000);
  file.close();
  EXPECT_GT(closed().size(), 100U);
  for (const std::string& each : closed()) EXPECT_LE(std::filesystem::file_size(each), 100U);
  EXPECT_EQ(all_closed(), lines(0, 1000)) << "in their order, none twice";
}

TEST_F(EveFile, ALineLongerThanAFileMayBeIsAFileOfItsOwn) {
  EventFile file(path(), 100, 0);
  file.write(numbered_record(1));
  file.write(numbered_record(2, 5000));
  file.write(numbered_record(3));
  file.close();
  EXPECT_EQ(closed().size(), 3U);
}

TEST_F(EveFile, IsClosedWhenItIsOldUnlessItIsEmpty) {
  EventFile file(path(), 1'000'000, 100'000'000);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  file.tend();
  EXPECT_TRUE(closed().empty());
  write(file, 0, 1);
  file.tend();
  EXPECT_EQ(all_closed(), lines(0, 1));
  file.tend();
  EXPECT_EQ(contents_of(part()), "");
  EXPECT_TRUE(std::filesystem::exists(part()));
}

TEST_F(EveFile, MovedAwayItIsWrittenOnUntilToldAndThenAnew) {
  EventFile file(path(), 1'000'000, 0);
  write(file, 0, 2);
  std::filesystem::rename(part(), scratch_.path("moved"));
  write(file, 2, 4);
  file.reopen();
  write(file, 4, 6);
  file.reopen();
  write(file, 6, 7);
  file.close();
  EXPECT_EQ(contents_of(scratch_.path("moved")), lines(0, 4));
  EXPECT_EQ(all_closed(), lines(4, 7));
}

TEST_F(EveFile, MovedAwayItKeepsThatNameWhenItsTimeComes) {
  EventFile file(path(), 100, 0);
  write(file, 0, 2);
  std::filesystem::rename(part(), scratch_.path("moved"));
  write(file, 2, 1000);
  file.close();
  const std::string moved = contents_of(scratch_.path("moved"));
  EXPECT_TRUE(moved.starts_with(lines(0, 3)));
  EXPECT_EQ(moved + all_closed(), lines(0, 1000));
}

TEST_F(EveFile, WhatSomebodyPutInItsPlaceIsClosedAsItIs) {
  EventFile file(path(), 1'000'000, 0);
  write(file, 0, 2);
  std::filesystem::rename(part(), scratch_.path("moved"));
  std::ofstream(part()) << lines(7, 8) << "{";
  file.reopen();
  EXPECT_EQ(all_closed(), lines(7, 8));
  write(file, 2, 3);
  EXPECT_EQ(contents_of(part()), lines(2, 3));
}

TEST_F(EveFile, WhatADeadProgramLeftIsClosedWithoutItsHalfLine) {
  std::ofstream(part()) << lines(0, 3) << "{\"number\":3,\"he";
  EventFile file(path(), 1'000'000, 0);
  EXPECT_EQ(all_closed(), lines(0, 3));
  write(file, 4, 5);
  EXPECT_EQ(contents_of(part()), lines(4, 5));
}

TEST_F(EveFile, HalfALineAloneIsThrownAway) {
  std::ofstream(part()) << std::string(200'000, 'x');
  EventFile file(path(), 1'000'000, 0);
  EXPECT_TRUE(closed().empty());
  EXPECT_EQ(contents_of(part()), "");
}

TEST_F(EveFile, BelongsToOne) {
  const EventFile file(path(), 1'000'000, 0);
  try {
    EventFile(path(), 1'000'000, 0);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "[[event_log]]: the file " + part() +
                  " is written by another tapline. Its folder must exist and be writable to this user; the "
                  "folder of the service is /var/log/tapline.");
  }
}

// Two logs whose closed files have the same names: each is written on all the same.
TEST_F(EveFile, TwoThatCloseUnderOneNameLoseNothing) {
  constexpr int kEach = 200;
  const auto write_all = [&](const std::string& where, int from) {
    EventFile file(where, 4096, 0);
    write(file, from, from + kEach);
    file.close();
  };
  {
    const std::jthread other([&] { write_all(scratch_.path("eve"), kEach); });
    write_all(path(), 0);
  }
  const std::string all = all_closed();
  for (int i = 0; i < 2 * kEach; ++i) EXPECT_NE(all.find(lines(i, i + 1)), std::string::npos) << i;
}

TEST_F(EveFile, WhatCannotBeOpenedIsSaid) {
  EXPECT_THROW(EventFile("/nowhere/at/all/eve.json", 1'000'000, 0), std::runtime_error);
  std::filesystem::create_directory(part());
  EXPECT_THROW(EventFile(path(), 1'000'000, 0), std::runtime_error);
}

// A limit of the process stands for a full disk: half a line fits.
TEST_F(EveFile, ALineThatDoesNotFitLeavesNoHalfAndIsWrittenLater) {
  std::signal(SIGXFSZ, SIG_IGN);
  EventFile file(path(), 1'000'000, 0);
  write(file, 0, 3);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight = {lines(0, 3).size() + 5, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  EXPECT_THROW(write(file, 3, 4), WriteError);
  EXPECT_EQ(contents_of(part()), lines(0, 3));
  EXPECT_THROW(write(file, 3, 4), WriteError);
  setrlimit(RLIMIT_FSIZE, &before);
  write(file, 3, 5);
  EXPECT_EQ(contents_of(part()), lines(0, 5));
}

}  // namespace
}  // namespace tests

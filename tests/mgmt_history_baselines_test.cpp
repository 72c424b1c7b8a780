#include <fstream>

#include <gtest/gtest.h>

#include "mgmt/history/baseline_keeper.h"
#include "mgmt/history/baselines_file.h"
#include "mgmt/history/record.h"
#include "tests/support/made_up_mail.h"
#include "tests/support/made_up_steps.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using aggregator::Baselines;

class BaselinesFile : public testing::Test {
 protected:
  BaselinesFile() {
    network_.run(60, [](MadeUpStep& step, std::int64_t) {
      ordinary_mail_day(step);
      step.browse(host(7), 3);
    });
  }
  std::string folder() const { return scratch_.path("."); }
  std::string file() const { return mgmt::baselines_file(folder()); }

  ScratchDirectory scratch_;
  MadeUpNetwork network_{1};
};

TEST_F(BaselinesFile, WhatIsWrittenIsRead) {
  EXPECT_FALSE(mgmt::read_baselines({folder()}).has_value());
  const Baselines written = network_.detectors().baselines();
  mgmt::write_baselines({folder()}, written);
  const auto read = mgmt::read_baselines({folder()});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->step_ns, written.step_ns);
  EXPECT_EQ(read->window_ns, written.window_ns);
  EXPECT_EQ(read->steps, 60);
  EXPECT_EQ(read->end_ns, network_.begin_ns(60));
  EXPECT_EQ(read->accepts_seen, written.accepts_seen);
  EXPECT_EQ(read->numbers, written.numbers);
  ASSERT_EQ(read->hosts.size(), written.hosts.size());
  for (std::size_t i = 0; i < read->hosts.size(); ++i) {
    EXPECT_EQ(read->hosts[i].address, written.hosts[i].address);
    EXPECT_EQ(read->hosts[i].habits, written.hosts[i].habits);
    EXPECT_EQ(read->hosts[i].answers, written.hosts[i].answers);
  }
}

TEST_F(BaselinesFile, OneThatIsCutOrChangedIsASentence) {
  mgmt::write_baselines({folder()}, network_.detectors().baselines());
  const std::string whole = contents_of(file());
  for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 97) {
    std::ofstream(file(), std::ios::binary) << whole.substr(0, length);
    EXPECT_THROW(mgmt::read_baselines({folder()}), mgmt::HistoryError) << length;
  }
  for (const char* key : {"\"steps\":", "\"numbers\":{", "\"hosts\":[[\"", "\"version\":"}) {
    std::string changed = whole;
    const std::size_t place = changed.find(key);
    ASSERT_NE(place, std::string::npos) << key;
    std::ofstream(file(), std::ios::binary) << changed.insert(place + std::string(key).size(), "x");
    EXPECT_THROW(mgmt::read_baselines({folder()}), mgmt::HistoryError) << key;
  }
}

TEST_F(BaselinesFile, IsKeptEachTenMinutesAndAtTheEnd) {
  std::vector<std::string> said;
  mgmt::BaselineKeeper keeper({folder()}, [&](const std::string& sentence) { said.push_back(sentence); });
  keeper.take(600, network_.detectors());
  keeper.take(1'199, network_.detectors());
  EXPECT_FALSE(std::filesystem::exists(file()));
  keeper.take(1'200, network_.detectors());
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(file()); }));
  network_.run(10, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
  keeper.finish(network_.detectors());
  EXPECT_EQ(mgmt::read_baselines({folder()})->steps, 70);
  EXPECT_EQ(said, std::vector<std::string>());
}

TEST_F(BaselinesFile, WhatCannotBeWrittenIsSaidAndTheOldOneStays) {
  mgmt::write_baselines({folder()}, network_.detectors().baselines());
  std::filesystem::create_directory(file() + ".part");
  std::vector<std::string> said;
  mgmt::BaselineKeeper keeper({folder()}, [&](const std::string& sentence) { said.push_back(sentence); });
  keeper.take(599, network_.detectors());
  keeper.take(600, network_.detectors());
  keeper.finish(network_.detectors());
  ASSERT_EQ(said.size(), 2U);
  EXPECT_NE(said[0].find("cannot be written"), std::string::npos) << said[0];
  EXPECT_TRUE(mgmt::read_baselines({folder()}).has_value());
}

TEST_F(BaselinesFile, WhatDoesNotHoldIsKeptBesideAndNothingIsWrittenBeforeTheFirstStep) {
  mgmt::write_baselines({folder()}, network_.detectors().baselines());
  std::vector<std::string> said;
  mgmt::BaselineKeeper keeper({folder()}, [&](const std::string& sentence) { said.push_back(sentence); });
  aggregator::DetectorSettings other = quick_settings();
  other.window_ns += kSecond;
  network_.restart(other);
  keeper.take(600, network_.detectors());
  keeper.take(1'200, network_.detectors());
  keeper.finish(network_.detectors());
  EXPECT_EQ(mgmt::read_baselines({folder()})->steps, 60) << "no step came, nothing is written";
  network_.run(2, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
  keeper.finish(network_.detectors());
  EXPECT_EQ(mgmt::read_baselines({folder()})->steps, 2);
  EXPECT_NE(contents_of(file() + ".before").find("\"steps\":60"), std::string::npos);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("does not hold"), std::string::npos);
}

}  // namespace
}  // namespace tests

// What the API keeps: answers for a moment, and acknowledgements from one run to the next.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "mgmt/api/api.h"
#include "mgmt/history/record.h"
#include "tests/support/fixed_sensor.h"
#include "tests/support/program.h"

namespace tests {
namespace {

using mgmt::Acknowledgements;
using mgmt::AnswerCache;
using mgmt::ApiAnswer;

ApiAnswer answer(const std::string& body) {
  return {200, "application/json", body};
}

class Answers : public testing::Test {
 protected:
  AnswerCache cache_;
  AnswerCache::Moment now_ = std::make_shared<const mgmt::SensorState>();
};

TEST_F(Answers, AreOfTheirMomentAndQuestionAlone) {
  const auto later = std::make_shared<const mgmt::SensorState>();
  cache_.keep({"GET", "/a", {{"limit", "1"}}, false}, now_, answer("one"));
  EXPECT_EQ(cache_.find({"GET", "/a", {{"limit", "1"}}, true}, now_)->body, "one");
  EXPECT_FALSE(cache_.find({"GET", "/a", {{"limit", "2"}}, false}, now_));
  EXPECT_FALSE(cache_.find({"GET", "/b", {{"limit", "1"}}, false}, now_));
  EXPECT_FALSE(cache_.find({"GET", "/a", {{"limit", "1"}}, false}, later));
  cache_.keep({"GET", "/b", {}, false}, later, answer("two"));
  EXPECT_FALSE(cache_.find({"GET", "/a", {{"limit", "1"}}, false}, now_));
  EXPECT_EQ(cache_.find({"GET", "/b", {}, false}, later)->body, "two");
}

TEST_F(Answers, AreBoundedInNumberAndOctets) {
  const ApiAnswer large = answer(std::string(AnswerCache::kMostOctets / 4, 'x'));
  std::size_t kept = 0;
  for (int i = 0; i < 8; ++i) {
    const mgmt::ApiRequest request = {"GET", "/" + std::to_string(i), {}, false};
    cache_.keep(request, now_, large);
    kept += cache_.find(request, now_).has_value() ? 1 : 0;
  }
  EXPECT_EQ(kept, 3U);
  AnswerCache many;
  kept = 0;
  for (std::size_t i = 0; i < 2 * AnswerCache::kMostAnswers; ++i) {
    const mgmt::ApiRequest request = {"GET", "/" + std::to_string(i), {}, false};
    many.keep(request, now_, answer("small"));
    kept += many.find(request, now_).has_value() ? 1 : 0;
  }
  EXPECT_EQ(kept, AnswerCache::kMostAnswers);
}

// Of a sensor that would say something else each time.
TEST(ApiCache, TheSameMomentGivesTheSameAnswerUntilSomethingIsChanged) {
  class Counting final : public FixedSensor {
   public:
    std::optional<std::vector<aggregator::SensorPoint>> sensor_points(const mgmt::CurveAsked&) override {
      aggregator::SensorCounts counts;
      counts[aggregator::SensorField::kQueries] = ++asked;
      return {{{1'700'000'000, counts}}};
    }
    std::uint64_t asked = 0;
  } sensor;
  mgmt::Api api(sensor);
  const auto get = [&](const std::string& step) {
    return api.answer({"GET", "/api/v1/series", {{"step", step}}, false}).body;
  };
  const std::string first = get("1m");
  EXPECT_EQ(get("1m"), first);
  EXPECT_EQ(sensor.asked, 1U);
  get("1h");
  EXPECT_EQ(sensor.asked, 2U);
  EXPECT_EQ(api.answer({"GET", "/api/v1/series", {{"step", "7m"}}, false}).status, 400);
  EXPECT_EQ(api.answer({"POST", "/api/v1/findings/1", {}, false}).status, 403);
  EXPECT_EQ(get("1m"), first);
  EXPECT_EQ(api.answer({"POST", "/api/v1/findings/1", {}, true}).status, 200);
  EXPECT_NE(get("1m"), first);
}

class KeptAcknowledgements : public testing::Test {
 protected:
  std::string folder() const { return scratch_.path("."); }
  std::string file() const { return scratch_.path("acknowledgements.json"); }

  ScratchDirectory scratch_;
};

TEST_F(KeptAcknowledgements, AreKnownToTheNextRun) {
  Acknowledgements(folder(), 100).add(7, 1'700'000'000);
  Acknowledgements again(folder(), 100);
  again.add(7, 1'800'000'000);
  again.add(8, 1'800'000'000);
  const Acknowledgements third(folder(), 100);
  EXPECT_EQ(third.of(7), 1'700'000'000);
  EXPECT_EQ(third.of(8), 1'800'000'000);
  EXPECT_EQ(third.of(9), std::nullopt);
}

// Whose history was taken away counts from 1 again, and later comes to those numbers.
TEST_F(KeptAcknowledgements, OfFindingsThatAreNoMoreAreForgottenForGood) {
  Acknowledgements(folder(), 100).add(7, 1'700'000'000);
  EXPECT_EQ(Acknowledgements(folder(), 1).of(7), std::nullopt);
  EXPECT_EQ(Acknowledgements(folder(), 100).of(7), std::nullopt);
}

TEST_F(KeptAcknowledgements, AFileThatIsDamagedIsPutAsideAndNewOnesAreKept) {
  for (const char* text : {"", "{", "[7]", "[{\"finding\":1}]", "[{\"finding\":\"1\",\"at\":1}]"}) {
    std::ofstream(file()) << text;
    Acknowledgements damaged(folder(), 100);
    EXPECT_NE(damaged.trouble().find("cannot be read"), std::string::npos) << text;
    EXPECT_EQ(contents_of(file() + ".damaged"), text);
    damaged.add(7, 1);
    EXPECT_EQ(Acknowledgements(folder(), 100).of(7), 1) << text;
  }
}

// A pipe, which nobody waits for.
TEST_F(KeptAcknowledgements, WhatIsNoFileIsPutAsideToo) {
  ASSERT_EQ(mkfifo(file().c_str(), 0600), 0);
  Acknowledgements odd(folder(), 100);
  EXPECT_NE(odd.trouble().find("no regular file"), std::string::npos) << odd.trouble();
  odd.add(7, 1);
  EXPECT_EQ(Acknowledgements(folder(), 100).of(7), 1);
}

TEST_F(KeptAcknowledgements, OneThatCannotBeKeptIsSaidAndHoldsForThisRun) {
  Acknowledgements kept(folder(), 100);
  std::filesystem::create_directory(file() + ".part");
  EXPECT_THROW(kept.add(7, 1), mgmt::HistoryError);
  EXPECT_EQ(kept.of(7), 1);
}

}  // namespace
}  // namespace tests

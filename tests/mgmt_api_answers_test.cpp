// What the API keeps: answers for a moment, and acknowledgements from one run to the next.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

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
  using Parameters = std::multimap<std::string, std::string>;

  // Whether it had to be made.
  bool is_made(const std::string& path, const Parameters& parameters, const AnswerCache::Moment& moment,
               const std::string& body = "") {
    bool made = false;
    const ApiAnswer got = cache_.answer({"GET", path, parameters, false}, moment, [&] {
      made = true;
      return answer(path + body);
    });
    EXPECT_EQ(got.body, path + body);
    return made;
  }

  AnswerCache cache_;
  AnswerCache::Moment now_ = std::make_shared<const mgmt::SensorState>();
};

TEST_F(Answers, AreOfTheirMomentAndQuestionAlone) {
  const auto later = std::make_shared<const mgmt::SensorState>();
  EXPECT_TRUE(is_made("/a", {{"limit", "1"}}, now_));
  EXPECT_FALSE(is_made("/a", {{"limit", "1"}}, now_));
  EXPECT_TRUE(is_made("/a", {{"limit", "2"}}, now_));
  EXPECT_TRUE(is_made("/b", {{"limit", "1"}}, now_));
  EXPECT_TRUE(is_made("/a", {{"limit", "1"}}, later));
  EXPECT_FALSE(is_made("/a", {{"limit", "1"}}, later));
  EXPECT_TRUE(is_made("/a", {{"limit", "1"}}, now_));
}

TEST_F(Answers, AreBoundedInNumber) {
  std::size_t made = 0;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 2 * AnswerCache::kMostAnswers; ++i)
      made += is_made("/" + std::to_string(i), {}, now_) ? 1 : 0;
  }
  EXPECT_EQ(made, 3 * AnswerCache::kMostAnswers);
}

TEST_F(Answers, AreBoundedInOctets) {
  const std::string large(AnswerCache::kMostOctets / 4, 'x');
  std::size_t made = 0;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 8; ++i) made += is_made("/" + std::to_string(i), {}, now_, large) ? 1 : 0;
  }
  EXPECT_EQ(made, 8U + 5U);
}

// As two hundred dashboards do when a second ends.
TEST_F(Answers, AreMadeOnceForAllWhoAskMeanwhile) {
  constexpr int kAsking = 8;
  std::atomic<int> made = 0;
  std::atomic<int> asking = 0;
  std::atomic<int> right = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kAsking; ++i) {
    threads.emplace_back([&] {
      ++asking;
      const ApiAnswer got = cache_.answer({"GET", "/a", {}, false}, now_, [&] {
        ++made;
        while (asking < kAsking) std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return answer("one");
      });
      right += got.body == "one" ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(right, kAsking);
}

TEST_F(Answers, ThatCannotBeMadeAreNotForAnybodyAndAreTriedAgain) {
  const auto refused = [&] {
    try {
      cache_.answer({"GET", "/a", {}, false}, now_, []() -> ApiAnswer { throw mgmt::ApiError(404, "none"); });
    } catch (const mgmt::ApiError& error) {
      return error.status();
    }
    return 200;
  };
  EXPECT_EQ(refused(), 404);
  EXPECT_EQ(refused(), 404);
  EXPECT_TRUE(is_made("/a", {}, now_));
  EXPECT_FALSE(is_made("/a", {}, now_));
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

// Detectors of a mail server's log: mail_regression, mail_efficiency, dominant_smtp_client, deferred_mail and
// user_unknown_flood.
#include <cmath>
#include <functional>
#include <numbers>

#include <gtest/gtest.h>

#include "aggregator/detectors/access_lines.h"
#include "tests/support/made_up_mail.h"
#include "tests/support/sanitized.h"

namespace tests {
namespace {

using aggregator::Finding;
using namespace std::chrono_literals;

using Happens = std::function<void(MadeUpStep&, std::int64_t)>;

constexpr std::int64_t kQuiet = 60;

// Learns for 60 steps, then `happens` besides.
MadeUpNetwork mail_server_with(std::uint64_t seed, std::int64_t steps, const Happens& happens) {
  MadeUpNetwork network(seed);
  network.run(kQuiet, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
  network.run(steps, [&](MadeUpStep& step, std::int64_t number) {
    ordinary_mail_day(step);
    happens(step, number);
  });
  return network;
}

// How many of twenty seeds have exactly one finding of this detector.
int found_by(std::string_view detector, std::int64_t steps, const Happens& happens) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    found += mail_server_with(seed, steps, happens).of(detector).size() == 1;
  }
  return found;
}

double day(std::int64_t step) {
  return 1 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(step) / 300);
}

TEST(MailLog, OfOrdinaryDaysRaisesNoAlarm) {
  TAPLINE_NOT_WHEN_SANITIZED();
  std::string alarms;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    MadeUpNetwork network(seed);
    network.run(300, [](MadeUpStep& step, std::int64_t number) { ordinary_mail_day(step, day(number)); });
    if (!network.findings().empty()) alarms += std::to_string(seed) + ": " + network.summary() + "\n";
  }
  EXPECT_LE(std::count(alarms.begin(), alarms.end(), '\n'), 1) << alarms;
}

TEST(MailLog, IsLearnedFromWhenItBegins) {
  MadeUpNetwork network(1);
  network.run(60, [](MadeUpStep& step, std::int64_t) {
    ordinary_mail_day(step);
    step.forget_log();
  });
  network.run(60, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
  EXPECT_EQ(network.summary(), "");
}

TEST(MailLog, IsJudgedWhenItWasLearned) {
  MadeUpNetwork network(1);
  network.run(60, [](MadeUpStep& step, std::int64_t) {
    ordinary_mail_day(step);
    step.forget_log();
    step.log() = {};
    step.log()[Log::kLoggedA] = step.row(kMailServer).counts.queries();  // a query log is none
  });
  const auto guesses = [](MadeUpStep& step, std::int64_t number) {
    ordinary_mail_day(step);
    if (number % 60 > 10) MadeUpMail(step).guesses(host(9), 500, 2);
  };
  network.run(14, guesses);
  EXPECT_TRUE(network.of("dominant_smtp_client").empty());
  EXPECT_TRUE(network.of("user_unknown_flood").empty());
}

TEST(MailLog, ThatStopsIsNoAttack) {
  MadeUpNetwork network(1);
  network.run(kQuiet, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
  network.run(60, [](MadeUpStep& step, std::int64_t) {
    ordinary_mail_day(step);
    step.forget_log();
  });
  EXPECT_EQ(network.summary(), "");
}

// Queries that rise with the day are nothing to explain where no mail log explains them.
TEST(MailLog, IsMoreThanAQueryLog) {
  MadeUpNetwork network(1);
  network.run(300, [](MadeUpStep& step, std::int64_t number) {
    ordinary_mail_day(step, day(number));
    step.forget_log();
    step.log() = {};
    step.log()[Log::kLoggedA] = step.row(kMailServer).counts.queries() * (number < 60 ? 1 : 3);
  });
  EXPECT_EQ(network.summary(), "");
}

TEST(MailLog, OfANewsletterRaisesNoAlarm) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const MadeUpNetwork network = mail_server_with(
        seed, 60, [](MadeUpStep& step, std::int64_t) { MadeUpMail(step).newsletter(step.poisson(100)); });
    EXPECT_EQ(network.summary(), "") << seed;
  }
}

// Half of the connections, and fewer of them bring mail: as they do on Sundays, at another hour.
TEST(MailLog, OfAQuietHolidayRaisesNoAlarm) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(kQuiet, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
    network.run(120, [](MadeUpStep& step, std::int64_t) {
      MadeUpMail(step).comes(8, 0.6);
      MadeUpMail(step).is_read(3);
    });
    EXPECT_EQ(network.summary(), "") << seed;
  }
}

TEST(MailRegression, FindsQueriesThatNoMailExplains) {
  const auto flood = [](MadeUpStep& step, std::int64_t) {
    step.ask(kMailServer, Field::kQueriesTxt, step.poisson(150));
  };
  EXPECT_GE(found_by("mail_regression", 20, flood), 19);
  const MadeUpNetwork network = mail_server_with(3, 20, flood);
  const Finding finding = network.of("mail_regression").at(0);
  EXPECT_EQ(finding.subject, kMailServer);
  EXPECT_EQ(finding.name, "mx1");
  EXPECT_EQ(evidence<std::string>(finding, "cause"), "queries that no mail explains");
  EXPECT_NEAR(evidence<double>(finding, "observed_per_s") - evidence<double>(finding, "calculated_per_s"),
              150, 40);
  EXPECT_LT(evidence<double>(finding, "cache_efficiency"), 0);
  EXPECT_EQ(evidence<std::string>(finding, "queries_counted"), "on the wire");
  EXPECT_NEAR(static_cast<double>(finding.since_ns - network.begin_ns(kQuiet)), 0, 10e9);
}

TEST(MailRegression, TellsADeadCacheFromAFlood) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    MadeUpNetwork network(seed);
    network.run(kQuiet, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
    network.run(20, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step, 1, {3}); });
    if (network.of("mail_regression").size() != 1) continue;
    const Finding finding = network.of("mail_regression")[0];
    EXPECT_EQ(evidence<std::string>(finding, "cause"), "each session asks more") << seed;
    EXPECT_NEAR(evidence<double>(finding, "cache_efficiency"), -2, 0.5);
    EXPECT_NE(finding.advice.find("cache"), std::string::npos);
    ++found;
  }
  EXPECT_GE(found, 19);
}

TEST(MailRegression, FindsQueriesThatAreMissingUnlessTheyMayBeLost) {
  for (const bool lossy : {false, true}) {
    MadeUpNetwork network(1);
    network.run(kQuiet, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
    network.run(20, [&](MadeUpStep& step, std::int64_t) {
      ordinary_mail_day(step, 1, {0.2});
      if (lossy) step.lose(6'000);
    });
    EXPECT_EQ(network.of("mail_regression").size(), lossy ? 0U : 1U);
    EXPECT_EQ(network.detectors().losses().withheld > 0, lossy);
    if (lossy) continue;
    EXPECT_EQ(evidence<std::string>(network.of("mail_regression")[0], "cause"), "queries are missing");
    EXPECT_NEAR(evidence<double>(network.of("mail_regression")[0], "cache_efficiency"), 0.8, 0.1);
  }
}

TEST(MailRegression, TakesTheQueryLogIfThereIsOne) {
  const auto logged = [](MadeUpStep& step, std::uint64_t more) {
    ordinary_mail_day(step);
    const std::uint64_t seen = step.row(kMailServer).counts.queries();
    step.log()[Log::kLoggedA] += 2 * seen + more;  // there is a second interface
  };
  MadeUpNetwork network(1);
  network.run(kQuiet, [&](MadeUpStep& step, std::int64_t) { logged(step, 0); });
  network.run(20, [&](MadeUpStep& step, std::int64_t) { logged(step, 600); });
  ASSERT_EQ(network.of("mail_regression").size(), 1U);
  EXPECT_EQ(evidence<std::string>(network.of("mail_regression")[0], "queries_counted"), "in the query log");
  EXPECT_NEAR(evidence<double>(network.of("mail_regression")[0], "queries_for_a_connect"), 4, 3);
}

TEST(MailRegression, LearnsAgainWhenTheQueryLogBegins) {
  MadeUpNetwork network(1);
  network.run(kQuiet, [](MadeUpStep& step, std::int64_t) { ordinary_mail_day(step); });
  network.run(60, [](MadeUpStep& step, std::int64_t) {
    ordinary_mail_day(step);
    step.log()[Log::kLoggedA] += 4 * step.row(kMailServer).counts.queries();
  });
  EXPECT_EQ(network.summary(), "");
}

TEST(MailEfficiency, FindsConnectionsThatBringNoMail) {
  const auto flood = [](MadeUpStep& step, std::int64_t) { MadeUpMail(step).comes(50, 0.02, 5'000); };
  EXPECT_GE(found_by("mail_efficiency", 20, flood), 19);
  const Finding finding = mail_server_with(3, 20, flood).of("mail_efficiency").at(0);
  EXPECT_NEAR(evidence<double>(finding, "mee"), 15.0 / 70, 0.1);
  EXPECT_NEAR(evidence<double>(finding, "usual_mee"), 0.7, 0.1);
  EXPECT_NE(finding.advice.find("bring no mail"), std::string::npos);
}

// A server that takes mail for unknown users, and then bounces it.
TEST(MailEfficiency, FindsMoreMailsThanConnections) {
  const auto bounces = [](MadeUpStep& step, std::int64_t) { MadeUpMail(step).taken_in(step.poisson(20)); };
  EXPECT_GE(found_by("mail_efficiency", 20, bounces), 19);
  const Finding finding = mail_server_with(3, 20, bounces).of("mail_efficiency").at(0);
  EXPECT_GT(evidence<double>(finding, "mee"), 1.3);
  EXPECT_NE(finding.advice.find("bounces"), std::string::npos);
}

// 10.0.0.25's weeks in steps of ten minutes: 0.70, at weekends and on holidays 0.35.
class Weeks {
 public:
  Weeks() : network_(4, settings()) {}

  void restart() { network_.restart(); }

  void live(int days) {
    for (; days > 0; --days) {
      // from Monday: the first day is a Wednesday
      const std::int64_t of_week = (network_.now() / kDay + 2) % 7;
      day(of_week >= 5 ? 0.35 : 0.70, of_week >= 5 ? 8 : 20);
    }
  }
  std::size_t day(double mee, double connects) {
    const std::size_t before = network_.of("mail_efficiency").size();
    network_.run(kDay, [&](MadeUpStep& step, std::int64_t) { MadeUpMail(step).comes(30 * connects, mee); });
    return network_.of("mail_efficiency").size() - before;
  }

 private:
  static constexpr std::int64_t kDay = 144;
  static aggregator::DetectorSettings settings() {
    aggregator::DetectorSettings settings = quick_settings();
    settings.step_ns = 600 * kSecond;
    settings.window_ns = 3'600 * kSecond;
    settings.learn_ns = 2 * 86'400 * kSecond;
    settings.calendar.utc_offset_s = 24 * 3600 - (22 * 3600 + 13 * 60 + 20);  // midnight, a Wednesday
    settings.calendar.holidays = {std::chrono::year(2023) / 12 / 14};
    return settings;
  }
  MadeUpNetwork network_;
};

TEST(MailEfficiency, KnowsThePapersDaysAfterARestart) {
  Weeks weeks;
  weeks.live(28);
  weeks.restart();
  EXPECT_EQ(weeks.day(0.70, 20), 0U);
  EXPECT_EQ(weeks.day(0.35, 8), 0U) << "a holiday, in the list";
  weeks.restart();
  EXPECT_EQ(weeks.day(0.70, 20), 0U);
  EXPECT_EQ(weeks.day(0.35, 8), 0U);
  EXPECT_EQ(weeks.day(0.35, 8), 0U);
  EXPECT_EQ(weeks.day(0.70, 20), 0U);
  weeks.restart();
  EXPECT_GE(weeks.day(0.21, 40), 1U);
}

TEST(MailEfficiency, KnowsThePapersDays) {
  TAPLINE_NOT_WHEN_SANITIZED();
  Weeks weeks;
  weeks.live(28);
  EXPECT_EQ(weeks.day(0.70, 20), 0U);  // Wednesday
  EXPECT_EQ(weeks.day(0.35, 8), 0U);   // a holiday, in the list
  EXPECT_EQ(weeks.day(0.70, 20), 0U);  // Friday
  EXPECT_EQ(weeks.day(0.35, 8), 0U);   // Saturday
  EXPECT_EQ(weeks.day(0.35, 8), 0U);
  EXPECT_EQ(weeks.day(0.35, 8), 0U);  // Monday, a holiday that is not in the list
  EXPECT_EQ(weeks.day(0.70, 20), 0U);
  EXPECT_GE(weeks.day(0.21, 40), 1U);
  weeks.live(1);
  EXPECT_GE(weeks.day(0.11, 40), 1U);
}

TEST(DominantSmtpClient, IsNamedWithTheLineThatEndsIt) {
  const auto client = [](MadeUpStep& step, std::int64_t) { MadeUpMail(step).guesses(host(9), 60, 1); };
  EXPECT_EQ(found_by("dominant_smtp_client", 20, client), 20);
  const MadeUpNetwork network = mail_server_with(3, 20, client);
  const Finding finding = network.of("dominant_smtp_client").at(0);
  EXPECT_EQ(evidence<std::string>(finding, "client"), "10.0.0.9");
  EXPECT_NEAR(evidence<double>(finding, "client_share"), 0.75, 0.06);
  EXPECT_NEAR(evidence<double>(finding, "connects_per_s_without"), 20, 5);
  EXPECT_NEAR(evidence<double>(finding, "queries_per_s") - evidence<double>(finding, "queries_per_s_without"),
              120, 30);
  EXPECT_EQ(evidence<std::vector<std::string>>(finding, "postfix_check_client_access"),
            (std::vector<std::string>{"# tapline: remove on 2023-11-28", "10.0.0.9 REJECT"}));
  EXPECT_EQ(evidence<std::vector<std::string>>(finding, "sendmail_access_map").at(1),
            "Connect:10.0.0.9 REJECT");
}

TEST(DominantSmtpClient, IsNobodyWhoBringsMailAndNotMany) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const MadeUpNetwork list = mail_server_with(seed, 30, [](MadeUpStep& step, std::int64_t) {
      MadeUpMail(step).connects(host(9), 60);
      MadeUpMail(step).taken_in(step.poisson(55));
    });
    EXPECT_TRUE(list.of("dominant_smtp_client").empty()) << seed;
    const MadeUpNetwork many = mail_server_with(
        seed, 30, [](MadeUpStep& step, std::int64_t) { MadeUpMail(step).comes(60, 0.02, 5'000); });
    EXPECT_TRUE(many.of("dominant_smtp_client").empty()) << seed;
  }
}

TEST(AccessLines, AreAsTheServersReadThem) {
  const auto v6 = wire::address_from("2001:db8::9").value();
  const std::chrono::sys_days until = std::chrono::year(2027) / 1 / 5;
  const std::string comment = "# tapline: remove on 2027-01-05";
  EXPECT_EQ(aggregator::postfix_access_lines(v6, until),
            (aggregator::AccessLines{comment, "2001:db8::9 REJECT"}));
  EXPECT_EQ(aggregator::sendmail_access_lines(v6, until),
            (aggregator::AccessLines{comment, "Connect:IPv6:2001:db8::9 REJECT"}));
}

// A worm hands in mail for domains that do not take it, which is tried again every twenty steps.
TEST(DeferredMail, NamesTheDomainsAndTheRipple) {
  const auto worm = [](MadeUpStep& step, std::int64_t number) {
    MadeUpMail(step).deliver(step.poisson(number % 20 < 6 ? 120 : 30), 0.9, "gone.example");
  };
  EXPECT_GE(found_by("deferred_mail", 100, worm), 19);
  const Finding finding = mail_server_with(3, 200, worm).of("deferred_mail").at(0);
  EXPECT_EQ(evidence<std::vector<std::string>>(finding, "deferred_domains").at(0), "gone.example");
  EXPECT_GT(evidence<double>(finding, "attempts_for_a_mail"), 2);
  EXPECT_NEAR(evidence<double>(finding, "ripple_period_s"), 20, 1);
  EXPECT_LT(evidence<double>(finding, "ripple_chance"), 0.01);
  EXPECT_NE(finding.advice.find("gone.example"), std::string::npos);
}

TEST(UserUnknownFlood, NamesOneClientOrSaysThatThereAreMany) {
  const auto one = [](MadeUpStep& step, std::int64_t) { MadeUpMail(step).guesses(host(9), 2, 10); };
  EXPECT_EQ(found_by("user_unknown_flood", 20, one), 20);
  const Finding finding = mail_server_with(3, 20, one).of("user_unknown_flood").at(0);
  EXPECT_EQ(evidence<std::string>(finding, "top_client"), "10.0.0.9");
  EXPECT_EQ(evidence<std::string>(finding, "source"), "one client");
  EXPECT_EQ(evidence<std::vector<std::string>>(finding, "rejected_domains").at(0), "campus.example");
  EXPECT_NE(finding.advice.find("10.0.0.9 tries"), std::string::npos);

  const auto many = [](MadeUpStep& step, std::int64_t) {
    for (int i = 0; i < 20; ++i) {
      MadeUpMail(step).guesses(host(5'000'000 + static_cast<std::uint32_t>(step.below(5'000))), 1, 1);
    }
  };
  EXPECT_EQ(found_by("user_unknown_flood", 20, many), 20);
  EXPECT_EQ(evidence<std::string>(mail_server_with(3, 20, many).of("user_unknown_flood").at(0), "source"),
            "many clients");
}

TEST(Backscatter, QuotesTheLogToo) {
  const auto bounces = [](MadeUpStep& step, std::int64_t) {
    const std::uint64_t count = step.poisson(15);
    for (std::uint64_t i = 0; i < count; ++i) {
      const wire::Address client = host(2'000'000 + static_cast<std::uint32_t>(step.below(500)));
      step.smtp(client, 0);
      step.log_client(client, 1, 1);
      step.names_fail("forged.example", 4);
    }
    step.log()[Log::kUserUnknown] += count;
  };
  const MadeUpNetwork network = mail_server_with(3, 30, bounces);
  ASSERT_EQ(network.of("backscatter").size(), 1U);
  const Finding finding = network.of("backscatter")[0];
  EXPECT_NEAR(evidence<double>(finding, "log_user_unknown_per_s"), 16, 4);
  EXPECT_NEAR(evidence<double>(finding, "log_baseline_user_unknown_per_s"), 1, 0.7);
  EXPECT_NEAR(evidence<double>(finding, "log_connects_per_s"), 35, 6);
  EXPECT_TRUE(network.of("user_unknown_flood").empty());
}

}  // namespace
}  // namespace tests

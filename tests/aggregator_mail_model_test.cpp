#include <gtest/gtest.h>

#include "aggregator/mail_model.h"

namespace tests {
namespace {

// As Musashi et al. print them, for m_S = 8.6.
TEST(MailModel, FindsThePapersDestinations) {
  EXPECT_NEAR(aggregator::destinations_per_mail(8.6, 0.50, 4).value(), 3.3, 1e-12);
  EXPECT_NEAR(aggregator::destinations_per_mail(8.6, 0.75, 4).value(), 6.6, 1e-12);
  EXPECT_NEAR(aggregator::destinations_per_mail(8.6, 0.75, 2).value(), 13.2, 1e-12);
}

TEST(MailModel, SaysNothingWhereNothingIsSentNorConnects) {
  EXPECT_FALSE(aggregator::destinations_per_mail(8.6, 1, 4));
  EXPECT_FALSE(aggregator::cache_efficiency(10, 0));
  EXPECT_FALSE(aggregator::mail_exchange_efficiency(0, 0));
}

TEST(MailModel, TakesTheSharesOfTheirWholes) {
  EXPECT_DOUBLE_EQ(aggregator::cache_efficiency(150, 1000).value(), 0.85);
  EXPECT_DOUBLE_EQ(aggregator::cache_efficiency(1200, 1000).value(), -0.2);
  EXPECT_DOUBLE_EQ(aggregator::mail_exchange_efficiency(70, 100).value(), 0.70);
}

}  // namespace
}  // namespace tests

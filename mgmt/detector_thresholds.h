// The keys of the detectors' thresholds, as the configuration reads and shows them.
#pragma once

#include <string_view>

#include "mgmt/config.h"

namespace mgmt {

inline constexpr Range<std::uint64_t> kThresholdCountRange = {1, 1'000'000'000};
inline constexpr Range<double> kRatioRange = {1, 1000};
inline constexpr Range<double> kShareRange = {0, 1};
inline constexpr Range<double> kChanceRange = {-300, -1};
inline constexpr Range<double> kDemandRange = {0, 1'000'000};

// Calls visit(SECTION, KEY, value, range) for each, in the order of the sample; a value is a count or a
// double.
template <class Detectors, class Visit>
void visit_thresholds(Detectors& detectors, Visit&& visit) {
  auto& surge = detectors.surge;
  visit("surge", "ratio", surge.ratio, kRatioRange);
  visit("surge", "two_steps_ratio", surge.two_steps_ratio, kRatioRange);
  visit("surge", "lasting_ratio", surge.lasting_ratio, kRatioRange);
  visit("surge", "log10_chance", surge.log10_chance, kChanceRange);
  auto& backscatter = detectors.backscatter;
  visit("backscatter", "least", backscatter.least, kThresholdCountRange);
  visit("backscatter", "unresolved_share", backscatter.unresolved_share, kShareRange);
  auto& mailer = detectors.mass_mailer;
  visit("mass_mailer", "mx_queries", mailer.mx_queries, kThresholdCountRange);
  visit("mass_mailer", "destinations", mailer.destinations, kThresholdCountRange);
  visit("mass_mailer", "destinations_without_mx", mailer.destinations_without_mx, kThresholdCountRange);
  visit("mass_mailer", "ratio", mailer.ratio, kRatioRange);
  auto& scan = detectors.scan;
  visit("scan", "addresses", scan.addresses, kThresholdCountRange);
  visit("scan", "web_addresses", scan.web_addresses, kThresholdCountRange);
  visit("scan", "ports", scan.ports, kThresholdCountRange);
  visit("scan", "share", scan.share, kShareRange);
  visit("scan", "web_failed", scan.web_failed, kShareRange);
  visit("scan", "concentration", scan.concentration, kShareRange);
  visit("scan", "ratio", scan.ratio, kRatioRange);
  auto& answers = detectors.answer_flood;
  visit("answer_flood", "least", answers.least, kThresholdCountRange);
  visit("answer_flood", "unsolicited", answers.unsolicited, kShareRange);
  visit("answer_flood", "unfollowed", answers.unfollowed, kThresholdCountRange);
  visit("answer_flood", "followed", answers.followed, kShareRange);
  auto& flood = detectors.flood;
  visit("flood", "queries", flood.queries, kThresholdCountRange);
  visit("flood", "ptr_queries", flood.ptr_queries, kThresholdCountRange);
  visit("flood", "nxdomain", flood.nxdomain, kThresholdCountRange);
  visit("flood", "connections", flood.connections, kThresholdCountRange);
  visit("flood", "queries_per_connection", flood.queries_per_connection, kDemandRange);
  visit("flood", "ptr_per_connection", flood.ptr_per_connection, kDemandRange);
  visit("flood", "ptr_per_received", flood.ptr_per_received, kDemandRange);
  visit("flood", "nxdomain_per_connection", flood.nxdomain_per_connection, kDemandRange);
  visit("flood", "nxdomain_per_received", flood.nxdomain_per_received, kDemandRange);
  visit("flood", "one_client", flood.one_client, kShareRange);
  auto& mail = detectors.mail;
  visit("mail", "queries", mail.queries, kThresholdCountRange);
  visit("mail", "deviations", mail.deviations, kRatioRange);
  visit("mail", "query_ratio", mail.query_ratio, kRatioRange);
  visit("mail", "connects", mail.connects, kThresholdCountRange);
  visit("mail", "profile_deviations", mail.profile_deviations, kRatioRange);
  visit("mail", "profile_least_spread", mail.profile_least_spread, kShareRange);
  visit("mail", "efficiency_ratio", mail.efficiency_ratio, kRatioRange);
  visit("mail", "deferred", mail.deferred, kThresholdCountRange);
  visit("mail", "deferred_share", mail.deferred_share, kShareRange);
  visit("mail", "attempts_ratio", mail.attempts_ratio, kRatioRange);
  visit("mail", "user_unknown", mail.user_unknown, kThresholdCountRange);
  visit("mail", "fruitless", mail.fruitless, kShareRange);
  visit("mail", "access_days", mail.access_days, kThresholdCountRange);
}

inline constexpr std::string_view kThresholdSections[] = {
    "surge", "backscatter", "mass_mailer", "scan", "answer_flood", "flood", "mail"};

}  // namespace mgmt

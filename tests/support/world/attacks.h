// Attacks on the campus and by its hosts, and what a detector has to say of each.
#pragma once

#include <string>
#include <vector>

#include "tests/support/world/label.h"
#include "tests/support/world/stage.h"

namespace tests::world {

struct Attack {
  const Stage& stage;  // its span is the attack's; its name server remembers nothing of the day
  // Of what the attack raises: how many times its rate at that time of the day; or, where there is nothing on
  // an ordinary day, its rate a second.
  unsigned strength = 0;
  std::vector<Label>& labels;

  // Arrivals that make `baseline` of the day `strength` times as much.
  template <class Visit>
  void each_surplus(Random& random, Rate baseline, Visit&& visit) const {
    const Rate surplus = {baseline.per_1000_s * (strength - 1)};
    each_arrival(random, surplus, stage.shape, stage.span, visit);
  }

  void found_by(const std::string& detector, const Address& subject) const {
    labels.push_back({detector, subject, stage.span, true});
  }
  void may_be_found_by(const std::string& detector, const Address& subject) const {
    labels.push_back({detector, subject, stage.span, false});
  }
};

// Strength in times of the baseline.
void backscatter_many_clients(const Attack& attack);
void backscatter_few_clients(const Attack& attack);
void backscatter_thin(const Attack& attack);  // a few of a hundred queries are unresolved
void smtp_flood_one_client(const Attack& attack);
void smtp_flood_many_clients(const Attack& attack);
void nxdomain_burst_one_client(const Attack& attack);
void nxdomain_burst_many_clients(const Attack& attack);
void query_flood_one_client(const Attack& attack);
void query_flood_many_clients(const Attack& attack);
void ptr_flood(const Attack& attack);
void answer_flood_at_cache(const Attack& attack);

// Strength in events a second.
void answer_flood_at_client(const Attack& attack);
void answers_never_used(const Attack& attack);
void mass_mailer(const Attack& attack);
void horizontal_scan_135(const Attack& attack);
void horizontal_scan_445(const Attack& attack);
void horizontal_scan_22(const Attack& attack);
void horizontal_scan_ipv6(const Attack& attack);
void vertical_scan(const Attack& attack);
void slow_scan(const Attack& attack);  // a target in two seconds, whatever the strength
void backscatter_during_scan(const Attack& attack);

}  // namespace tests::world

#include "tests/support/world/scenario.h"

namespace tests::world {
namespace {

constexpr const char* kUnresolvedConnections = "connections_without_resolution";
constexpr const char* kUnusedAnswers = "answers_without_connections";

Scenario day(std::string_view name, Day day) {
  Scenario scenario;
  scenario.name = name;
  scenario.day = day;
  return scenario;
}

Scenario surplus(std::string_view name, std::string_view detector, void (*attack)(const Attack&)) {
  Scenario scenario;
  scenario.name = name;
  scenario.kind = Kind::kAttack;
  scenario.detector = detector;
  scenario.unit = Unit::kTimes;
  scenario.strengths = {2, 3, 5, 10};
  scenario.found_from = 3;
  scenario.attack = attack;
  return scenario;
}

// The last two strengths have to be found.
Scenario novelty(std::string_view name, std::string_view detector, std::vector<unsigned> per_second,
                 void (*attack)(const Attack&)) {
  Scenario scenario = surplus(name, detector, attack);
  scenario.unit = Unit::kPerSecond;
  scenario.found_from = per_second[1];
  scenario.strengths = std::move(per_second);
  return scenario;
}

Scenario timed(Scenario scenario, Timing timing) {
  scenario.timing = timing;
  scenario.strengths = {scenario.strengths[1], scenario.strengths[2]};
  return scenario;
}

Scenario on_weekday(Scenario scenario) {
  scenario.day = Day::kWeekday;
  scenario.strengths = {scenario.strengths[2]};
  scenario.found_from = scenario.strengths[0];
  return scenario;
}

// Never has to be found: it is only told how often it is.
Scenario too_slow(Scenario scenario) {
  scenario.unit = Unit::kNone;
  scenario.strengths = {0};
  scenario.found_from = 1;
  return scenario;
}

Scenario look_alike(std::string_view name, void (*play)(const Stage&), Timing timing = Timing::kOnce) {
  Scenario scenario;
  scenario.name = name;
  scenario.kind = Kind::kLookAlike;
  scenario.timing = timing;
  scenario.look_alike = play;
  return scenario;
}

Scenario name_server_restart() {
  Scenario scenario = look_alike("name_server_restart", nullptr);
  scenario.name_server_restarts = true;
  return scenario;
}

Scenario lunch_time_peaks() {
  Scenario scenario = look_alike("lunch_time_peaks", nullptr);
  scenario.day = Day::kLunchTimePeaks;
  return scenario;
}

Scenario unjudged(Scenario scenario) {
  scenario.kind = Kind::kUnjudged;
  return scenario;
}

std::vector<Scenario> all_scenarios() {
  return {
      day("steady", Day::kSteady),
      day("weekday", Day::kWeekday),
      day("holiday", Day::kHoliday),

      surplus("backscatter_many_clients", "backscatter", backscatter_many_clients),
      surplus("backscatter_few_clients", "backscatter", backscatter_few_clients),
      surplus("backscatter_thin", "backscatter", backscatter_thin),
      surplus("smtp_flood_one_client", "smtp_flood", smtp_flood_one_client),
      surplus("smtp_flood_many_clients", "smtp_flood", smtp_flood_many_clients),
      surplus("nxdomain_burst_one_client", "nxdomain_burst", nxdomain_burst_one_client),
      surplus("nxdomain_burst_many_clients", "nxdomain_burst", nxdomain_burst_many_clients),
      surplus("query_flood_one_client", "query_flood", query_flood_one_client),
      surplus("query_flood_many_clients", "query_flood", query_flood_many_clients),
      surplus("ptr_flood", "ptr_flood", ptr_flood),
      surplus("answer_flood_at_cache", kUnusedAnswers, answer_flood_at_cache),

      novelty("answer_flood_at_client", kUnusedAnswers, {10, 50, 300}, answer_flood_at_client),
      novelty("answers_never_used", kUnusedAnswers, {5, 30, 150}, answers_never_used),
      novelty("mass_mailer", "mass_mailer", {1, 5, 20}, mass_mailer),
      novelty("horizontal_scan_135", kUnresolvedConnections, {5, 20, 200}, horizontal_scan_135),
      novelty("horizontal_scan_445", kUnresolvedConnections, {5, 20, 200}, horizontal_scan_445),
      novelty("horizontal_scan_22", kUnresolvedConnections, {5, 20, 200}, horizontal_scan_22),
      novelty("horizontal_scan_ipv6", kUnresolvedConnections, {5, 20, 200}, horizontal_scan_ipv6),
      novelty("vertical_scan", kUnresolvedConnections, {5, 20, 200}, vertical_scan),
      too_slow(novelty("slow_scan", kUnresolvedConnections, {1, 1}, slow_scan)),

      surplus("backscatter_during_scan", "backscatter", backscatter_during_scan),
      timed(surplus("backscatter_flapping", "backscatter", backscatter_many_clients), Timing::kFlapping),
      timed(surplus("query_flood_flapping", "query_flood", query_flood_many_clients), Timing::kFlapping),
      timed(novelty("scan_flapping", kUnresolvedConnections, {5, 20, 200}, horizontal_scan_445),
            Timing::kFlapping),
      timed(surplus("backscatter_brief", "backscatter", backscatter_many_clients), Timing::kBrief),
      timed(surplus("smtp_flood_brief", "smtp_flood", smtp_flood_many_clients), Timing::kBrief),
      on_weekday(surplus("backscatter_on_weekday", "backscatter", backscatter_many_clients)),
      on_weekday(surplus("query_flood_on_weekday", "query_flood", query_flood_one_client)),
      on_weekday(novelty("mass_mailer_on_weekday", "mass_mailer", {1, 5, 20}, mass_mailer)),

      lunch_time_peaks(),
      name_server_restart(),
      look_alike("newsletter", newsletter),
      look_alike("queue_flush", queue_flush),
      look_alike("web_crawler", web_crawler),
      look_alike("thirty_tabs", thirty_tabs),
      look_alike("short_ttl_cdn", short_ttl_cdn),
      look_alike("doh_browser", doh_browser, Timing::kAllTheTime),
      look_alike("dot_client", dot_client, Timing::kAllTheTime),
      look_alike("vpn_ends", vpn_ends),
      look_alike("dual_stack", dual_stack, Timing::kAllTheTime),
      look_alike("nat_gateway", nat_gateway_clients, Timing::kAllTheTime),
      look_alike("hosts_in_cc", hosts_in_cc),
      look_alike("monitoring", monitoring, Timing::kAllTheTime),
      look_alike("backup", backup, Timing::kAllTheTime),
      unjudged(look_alike("backup_begins", backup)),
      unjudged(look_alike("peer_to_peer", peer_to_peer)),
  };
}

}  // namespace

std::span<const Scenario> scenarios() {
  static const std::vector<Scenario> all = all_scenarios();
  return all;
}

const Scenario* scenario_named(std::string_view name) {
  for (const Scenario& scenario : scenarios())
    if (scenario.name == name) return &scenario;
  return nullptr;
}

std::string strength_text(Unit unit, unsigned strength) {
  if (unit == Unit::kNone) return "-";
  return std::to_string(strength) + (unit == Unit::kTimes ? "x" : "/s");
}

std::optional<unsigned> strength_from(const Scenario& scenario, std::string_view text) {
  for (const unsigned strength : scenario.strengths)
    if (strength_text(scenario.unit, strength) == text) return strength;
  return std::nullopt;
}

}  // namespace tests::world

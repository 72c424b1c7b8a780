#include "aggregator/detectors/mail_efficiency.h"

#include <algorithm>
#include <cmath>

#include "aggregator/detectors/wording.h"
#include "aggregator/mail_model.h"

namespace aggregator {
namespace {

constexpr double kConnectsBunch = 1.5;
constexpr double kMailsBunch = 3;  // several mails in a connection, or none in many

// The random error of N_f / N_c.
double error_of(double mee, double connects) noexcept {
  return std::sqrt(kMailsBunch * std::max(mee, 0.1) / connects);
}

}  // namespace

MailEfficiency::Server::Server(const DetectorSettings& settings, const StepCounts& steps)
    : profile(settings.mail.profile_least_spread, settings.mail.profile_deviations),
      connects(settings.surge, steps, kConnectsBunch, settings.mail.connects) {}

MailEfficiency::MailEfficiency(const DetectorSettings& settings)
    : settings_(settings),
      steps_(settings),
      servers_(settings.mail_servers.size(), Server(settings, steps_)) {}

void MailEfficiency::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const ServerStep& step = view.mail_servers[i];
    Server& server = servers_[i];
    if (!step.logged) continue;
    add(server, view, step, book);
    if (view.learning_log(step)) continue;
    const auto judgement = judge(server);
    const bool open = book.is_open(kName, step.subject());
    const double deviations = settings_.mail.profile_deviations / (open ? 2 : 1);
    if (!judgement || !remarkable(server, *judgement, deviations)) continue;
    server.of_hour.learned = true;
    server.connects.hold();
    for (Exchange& exchange : server.recent) exchange.learned = true;
    book.saw(sighting(server, step, *judgement));
  }
}

void MailEfficiency::add(Server& server, const StepView& view, const ServerStep& step,
                         const FindingBook& book) {
  const bool open = book.is_open(kName, step.subject());
  const Exchange now = {static_cast<double>(step.mail[MailField::kConnects]),
                        static_cast<double>(step.mail[MailField::kFrom]), false};
  add_to_profile(server, CalendarHour::at(view.step.begin_ns, settings_.calendar), now, open);
  server.connects.add(step.mail[MailField::kConnects], view.learn_log(book, kName, step));
  server.recent.push_back(now);
  if (view.learning_log(step)) learn(server, server.recent.back());
  if (server.recent.size() <= static_cast<std::size_t>(steps_.window)) return;
  if (!open) learn(server, server.recent.front());
  server.recent.pop_front();
}

// An hour in which something stood out teaches nothing.
void MailEfficiency::add_to_profile(Server& server, const CalendarHour& hour, const Exchange& now,
                                    bool open) {
  if (server.hour && (server.hour->of_week != hour.of_week || server.hour->holiday != hour.holiday)) {
    const Exchange& whole = server.of_hour;
    if (!whole.learned && whole.connects >= static_cast<double>(settings_.mail.connects)) {
      server.profile.learn(*server.hour, whole.mails / whole.connects);
    }
    if (server.hour->day_off() != hour.day_off()) forget_lately(server);
    server.of_hour = {};
    server.steps_of_hour = 0;
  }
  ++server.steps_of_hour;
  server.hour = hour;
  server.of_hour.connects += now.connects;
  server.of_hour.mails += now.mails;
  server.of_hour.learned |= open;
}

// What was usual on Friday says nothing of Saturday.
void MailEfficiency::forget_lately(Server& server) {
  server.lately = {};
  server.learned = 0;
  for (Exchange& exchange : server.recent) exchange.learned = true;
}

void MailEfficiency::learn(Server& server, Exchange& exchange) const {
  if (exchange.learned) return;
  exchange.learned = true;
  server.learned = std::min(server.learned + 1, static_cast<double>(steps_.adapt));
  server.lately.connects += (exchange.connects - server.lately.connects) / server.learned;
  server.lately.mails += (exchange.mails - server.lately.mails) / server.learned;
}

MailEfficiency::Recent MailEfficiency::recent(const Server& server) {
  Recent result;
  const std::size_t steps = std::min(server.recent.size(), server.steps_of_hour);
  for (std::size_t i = server.recent.size() - steps; i < server.recent.size(); ++i) {
    const Exchange& exchange = server.recent[i];
    result.sum.connects += exchange.connects;
    result.sum.mails += exchange.mails;
    if (exchange.connects > result.most.connects) result.most = exchange;
  }
  result.steps = static_cast<double>(steps);
  return result;
}

// Without the step of the most connections: one alone is a burst.
std::optional<MailEfficiency::Judgement> MailEfficiency::judge(const Server& server) const {
  const Recent window = recent(server);
  const double connects = window.sum.connects - window.most.connects;
  const auto mee = mail_exchange_efficiency(window.sum.mails - window.most.mails, connects);
  if (!mee || connects < static_cast<double>(settings_.mail.connects)) return std::nullopt;
  const auto usual = server.profile.usual(*server.hour);
  const auto lately = mail_exchange_efficiency(server.lately.mails, server.lately.connects);
  const bool known_lately = lately && server.learned >= static_cast<double>(steps_.window);
  if (!usual && !known_lately) return std::nullopt;
  const double median = usual ? usual->median : *lately;
  const double spread = usual ? usual->spread : 0.1 * median;
  const double error = error_of(median, connects);
  return Judgement{*mee, median, error, (*mee - median) / std::hypot(spread, error),
                   usual ? usual->learned : 0};
}

bool MailEfficiency::remarkable(const Server& server, const Judgement& judgement, double deviations) const {
  const double ratio = settings_.mail.efficiency_ratio;
  if (std::abs(judgement.deviations) < deviations) return false;
  if (judgement.low() ? judgement.mee * ratio > judgement.usual : judgement.mee < ratio * judgement.usual) {
    return false;
  }
  const DayClass day = server.profile.classify(*server.hour, judgement.mee, judgement.error);
  return day != DayClass::kHoliday || server.connects.surge().clear;
}

Sighting MailEfficiency::sighting(const Server& server, const ServerStep& step,
                                  const Judgement& judgement) const {
  const Recent window = recent(server);
  const double seconds = window.steps * steps_.step_seconds;
  const double ratio = judgement.low() ? judgement.usual / std::max(judgement.mee, 0.01)
                                       : judgement.mee / std::max(judgement.usual, 0.01);
  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(window.steps) - 1;
  sighting.score = 1 - std::exp2(-std::abs(judgement.deviations) / 6);
  sighting.severity = ratio >= 6 ? Severity::kHigh : ratio >= 3 ? Severity::kMedium : Severity::kLow;
  sighting.evidence = {
      {"mee", judgement.mee},
      {"usual_mee", judgement.usual},
      {"deviations", judgement.deviations},
      {"weeks_learned", static_cast<std::uint64_t>(judgement.weeks)},
      {"connects_per_s", window.sum.connects / seconds},
      {"baseline_connects_per_s", server.connects.baseline() / steps_.step_seconds},
      {"mails_per_s", window.sum.mails / seconds},
      {"rejected", step.mail.rejected()},
      {"user_unknown", step.mail[MailField::kUserUnknown]},
  };
  const std::string name = name_of(*step.server);
  sighting.advice =
      judgement.low()
          ? "Most connections to " + name +
                " bring no mail: see which clients are turned away and why, and limit how often one "
                "may connect."
          : name +
                " takes in or makes more mails than its connections bring: if these are bounces, "
                "have it reject unknown recipients during SMTP.";
  return sighting;
}

}  // namespace aggregator

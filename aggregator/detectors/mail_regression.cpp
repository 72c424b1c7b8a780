#include "aggregator/detectors/mail_regression.h"

#include <algorithm>
#include <cmath>

#include "aggregator/detectors/wording.h"
#include "aggregator/mail_model.h"

namespace aggregator {
namespace {

// What a connect, a mail, a delivery or a session may cost before anything is known of it: queries.
constexpr double kPriorQueries = 6;

constexpr std::size_t kLeastRows = 10;
constexpr std::int64_t kAdapts = 4;  // time constants of the other baselines that it looks back

}  // namespace

MailRegression::Server::Server(const StepCounts& steps)
    : model(MailLoad::kColumns,
            std::max<std::size_t>(3 * kLeastRows,
                                  static_cast<std::size_t>(kAdapts * steps.adapt * kBlocks / steps.window)),
            {.intercept = true, .nonnegative = false}, kPriorQueries) {}

double MailRegression::Verdict::ratio() const noexcept {
  const double more = std::max(observed, calculated);
  return more / std::max(1.0, std::min(observed, calculated));
}

MailRegression::MailRegression(const DetectorSettings& settings)
    : settings_(settings),
      steps_(settings),
      block_steps_((steps_.window + static_cast<std::int64_t>(kBlocks) - 1) /
                   static_cast<std::int64_t>(kBlocks)),
      servers_(settings.mail_servers.size(), Server(steps_)) {}

void MailRegression::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const ServerStep& step = view.mail_servers[i];
    Server& server = servers_[i];
    if (!step.logged || !close_block(server, step)) continue;
    const bool learning = view.learning_log(step);
    const bool open = book.is_open(kName, step.subject());
    const auto most = static_cast<double>(server.model.window());
    if (learning) learn(server, server.recent.back(), most);
    if (server.recent.size() > kBlocks) {
      if (!open) learn(server, server.recent.front(), most);
      server.recent.pop_front();
    }
    const auto fit = server.model.fit();
    if (learning || !fit || fit->rows < kLeastRows || server.recent.size() < kBlocks) continue;
    if (silent(server)) continue;
    const Verdict newest = verdict(server, *fit, 2);
    const Verdict window = verdict(server, *fit, kBlocks);
    const auto& limits = settings_.mail;
    const bool stands_out = open ? out(newest, limits.deviations / 2, std::sqrt(limits.query_ratio))
                                 : out(newest, limits.deviations, limits.query_ratio) &&
                                       out(window, limits.deviations, limits.query_ratio) &&
                                       newest.off() * window.off() > 0;
    if (!stands_out) continue;
    for (Block& block : server.recent) block.learned = true;
    if (lost_explains(server, newest, book)) {
      book.withhold();
      continue;
    }
    book.saw(sighting(server, step, *fit));
  }
}

// Its log has stopped, or nobody uses it: that explains no queries.
bool MailRegression::silent(const Server& server) {
  return server.recent.back().load.mail() + server.recent[server.recent.size() - 2].load.mail() == 0;
}

// True if the step is the last of a block.
bool MailRegression::close_block(Server& server, const ServerStep& step) {
  if (server.by_query_log != step.query_logged) {
    server = Server(steps_);  // other queries: what was learned of the wire's does not hold
    server.by_query_log = step.query_logged;
  }
  server.open += MailLoad::of(step);
  if (++server.open_steps < block_steps_) return false;
  server.recent.push_back({server.open, false});
  server.open = {};
  server.open_steps = 0;
  return true;
}

void MailRegression::learn(Server& server, Block& block, double most) {
  if (block.learned) return;
  block.learned = true;
  server.model.add(block.load.x, block.load.queries);
  server.learned = std::min(server.learned + 1, most);
  const double weight = 1 / server.learned;
  server.usual.queries += weight * (block.load.queries - server.usual.queries);
  for (std::size_t i = 0; i < MailLoad::kTypes; ++i) {
    server.usual.types[i] += weight * (block.load.types[i] - server.usual.types[i]);
  }
}

// Counts vary more where they are greater: as the square root, beyond what is usual.
MailRegression::Verdict MailRegression::verdict(const Server& server, const RollingFit& fit,
                                                std::size_t blocks) {
  MailLoad sum;
  for (std::size_t i = server.recent.size() - blocks; i < server.recent.size(); ++i) {
    sum += server.recent[i].load;
  }
  const auto rows = static_cast<double>(blocks);
  const auto predicted = fit.predict(sum.x, rows);
  const double calculated = std::max(0.0, predicted.value);
  const double usual = std::max(1.0, server.usual.queries * rows);
  const double deviation = std::max(predicted.deviation * std::sqrt(std::max(1.0, calculated / usual)),
                                    std::sqrt(std::max(1.0, calculated)));
  return {sum.queries, calculated, deviation};
}

bool MailRegression::out(const Verdict& verdict, double deviations, double ratio) const {
  const auto least = static_cast<double>(settings_.mail.queries);
  return std::max(verdict.observed, verdict.calculated) >= least && verdict.ratio() >= ratio &&
         std::abs(verdict.off()) >= deviations;
}

// Queries that are missing on the wire.
bool MailRegression::lost_explains(const Server& server, const Verdict& verdict,
                                   const FindingBook& book) const {
  if (server.by_query_log || verdict.off() > 0) return false;
  const double missing = 1 - verdict.observed / verdict.calculated;
  return book.loss_share() > 0 && settings_.loss_factor * book.loss_share() >= missing;
}

// The share of the queries in the newest blocks that would have to be of another type to be as usual.
double MailRegression::type_change(const Server& server) {
  MailLoad sum = server.recent.back().load;
  sum += server.recent[server.recent.size() - 2].load;
  double change = 0;
  for (std::size_t i = 0; i < MailLoad::kTypes; ++i) {
    change += std::abs(sum.types[i] / std::max(1.0, sum.queries) -
                       server.usual.types[i] / std::max(1.0, server.usual.queries));
  }
  return change / 2;
}

Sighting MailRegression::sighting(const Server& server, const ServerStep& step, const RollingFit& fit) const {
  constexpr double kSameTypes = 0.15;
  const Verdict newest = verdict(server, fit, 2);
  const double seconds = 2 * static_cast<double>(block_steps_) * steps_.step_seconds;
  const bool above = newest.off() > 0;
  const bool cache = above && type_change(server) < kSameTypes;
  std::size_t blocks = 2;
  while (blocks < kBlocks &&
         out(verdict(server, fit, blocks + 1), settings_.mail.deviations, settings_.mail.query_ratio)) {
    ++blocks;
  }
  constexpr double kLog10OfNormal = 0.217;  // log10 of P(X > z) is about -z^2 / 2 of e's logarithm
  const Surge surge{.rate = above ? newest.observed : newest.calculated,
                    .baseline = above ? newest.calculated : newest.observed,
                    .log10_chance = -kLog10OfNormal * newest.off() * newest.off()};

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = step.subject();
  sighting.name = step.server->name;
  sighting.steps_ago = static_cast<std::int64_t>(blocks) * block_steps_ - 1;
  sighting.score = surge.sureness();
  sighting.severity = above ? surge.severity() : Severity::kLow;
  sighting.evidence = {
      {"observed_per_s", newest.observed / seconds},
      {"calculated_per_s", newest.calculated / seconds},
      {"deviations", newest.off()},
      {"cause", std::string(cache   ? "each session asks more"
                            : above ? "queries that no mail explains"
                                    : "queries are missing")},
      {"type_change", type_change(server)},
      {"cache_efficiency", cache_efficiency(newest.observed, newest.calculated).value_or(0)},
      {"queries_for_a_connect", fit.coefficients[0]},
      {"queries_for_a_mail", fit.coefficients[1]},
      {"queries_for_a_delivery", fit.coefficients[2]},
      {"queries_for_a_session", fit.coefficients[3]},
      {"queries_counted", std::string(server.by_query_log ? "in the query log" : "on the wire")},
  };
  const std::string name = name_of(*step.server);
  sighting.advice =
      cache ? "Each mail makes " + name +
                  " ask more than it did, and the same questions: see whether the cache "
                  "that it asks first is still running."
      : above
          ? "Its mail does not explain what " + name +
                " asks: look for a program on it that is no mail server, and for names that others make it "
                "look up."
          : name +
                " asks less than its mail makes necessary: it may have been given another resolver that "
                "the sensor does not see, or a cache.";
  return sighting;
}

}  // namespace aggregator

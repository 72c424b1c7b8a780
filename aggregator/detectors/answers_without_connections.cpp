#include "aggregator/detectors/answers_without_connections.h"

#include <algorithm>
#include <cmath>

#include "aggregator/detectors/count_chance.h"
#include "aggregator/detectors/wording.h"

namespace aggregator {
namespace {

constexpr double kAnswersBunch = 4;  // a page asks for several names
constexpr double kMargin = 1.5;

std::uint64_t followed(const HostCounts& counts) {
  return std::max(counts[HostField::kPaired], counts[HostField::kResolved] + counts[HostField::kHinted]);
}

// Few hosts in few steps: more than usual, and unasked or not followed at once.
bool noteworthy(const HostCounts& counts, const HostHabits* habits) {
  constexpr std::uint64_t kLeast = 5;
  const std::uint64_t answers = counts[HostField::kAnswersWithAddress];
  if (answers < kLeast) return false;
  if (habits != nullptr && static_cast<double>(answers) < kMargin * static_cast<double>(habits->answers))
    return false;
  return counts.responses() >= counts.queries() + kLeast || 3 * followed(counts) < answers;
}

}  // namespace

AnswersWithoutConnections::Answers& AnswersWithoutConnections::Answers::operator+=(
    const Answers& other) noexcept {
  steps += other.steps;
  with_address += other.with_address;
  responses += other.responses;
  queries += other.queries;
  followed += other.followed;
  return *this;
}

double AnswersWithoutConnections::Answers::unsolicited() const noexcept {
  return static_cast<double>(responses) - static_cast<double>(queries);
}

AnswersWithoutConnections::AnswersWithoutConnections(const DetectorSettings& settings)
    : settings_(settings), steps_(settings), hosts_(settings.suspects) {
  for (const auto* servers : {&settings_.mail_servers, &settings_.dns_servers}) {
    for (const WatchedServer& server : *servers) {
      for (const wire::Address& address : server.addresses) servers_.emplace(address, &server);
    }
  }
}

void AnswersWithoutConnections::observe(const StepView& view, FindingBook& book) {
  for (std::size_t i = 0; i < view.step.hosts.size(); ++i) {
    const HostRow& row = view.step.hosts[i];
    HostHabits* habits = view.habits[i];
    if (!view.learning &&
        (noteworthy(row.counts, habits) || (habits != nullptr && habits->answers_suspect))) {
      observe_host(row, habits, view, book);
    }
    if (habits != nullptr)
      habits->learn_answers(view.number, steps_.adapt, steps_.window, view.learning, row.counts);
  }
}

void AnswersWithoutConnections::observe_host(const HostRow& row, HostHabits* habits, const StepView& view,
                                             FindingBook& book) {
  Host* host = hosts_.at(row.host, view.number);
  if (host == nullptr) return;
  if (!host->known) {
    host->answers = TimeBlocks<Answers>(steps_.window);
    host->last = view.number - steps_.window - 1;
    host->last_noteworthy = view.number;
    host->known = true;
    // What was asked for before may be answered now.
    if (habits != nullptr && view.number - habits->answers_step < steps_.window) {
      add(*host, view.number - 1, Answers{1, 0, 0, static_cast<std::uint64_t>(habits->unanswered), 0});
    }
  }
  add(*host, view.number, answers_of(row.counts));
  host->receives_mail |= row.counts[HostField::kReceivedSmtp] > 0;
  if (noteworthy(row.counts, habits)) host->last_noteworthy = view.number;
  if (habits != nullptr) habits->answers_suspect = view.number - host->last_noteworthy <= steps_.window;
  if (row.counts[HostField::kAnswersWithAddress] == 0) return;
  const auto server = servers_.find(row.host);
  const wire::Address& subject = server == servers_.end() ? row.host : server->second->addresses.front();
  const bool follows =
      server == servers_.end() && !host->receives_mail && (habits == nullptr || !habits->asked);
  const Usual baseline = usual(habits, view.number);
  const Flood found =
      flood(*host, baseline, follows, view.number, book.is_open(kName, subject), book.loss_share());
  if (!found.found) return;
  if (found.by_loss) {
    book.withhold();
    return;
  }
  if (view.number - host->last > steps_.window)
    host->since = first_to_stand_out(*host, baseline, view.number);
  host->last = view.number;
  book.saw(sighting(row, *host, baseline, found, view.number));
}

AnswersWithoutConnections::Answers AnswersWithoutConnections::answers_of(const HostCounts& counts) noexcept {
  return {1, counts[HostField::kAnswersWithAddress], counts.responses(), counts.queries(), followed(counts)};
}

void AnswersWithoutConnections::add(Host& host, std::int64_t number, const Answers& answers) {
  host.answers.now(number) += answers;
  host.newest[static_cast<std::size_t>(number % 3)] = answers;
  host.newest_steps[static_cast<std::size_t>(number % 3)] = number;
}

AnswersWithoutConnections::Answers AnswersWithoutConnections::newest(const Host& host,
                                                                     std::int64_t number) const {
  Answers sum;
  for (std::size_t i = 0; i < host.newest.size(); ++i) {
    if (host.newest_steps[i] > number - 3) sum += host.newest[i];
  }
  sum.steps = 3;
  return sum;
}

// Of the newest steps; they may stand out together where none does alone.
std::int64_t AnswersWithoutConnections::first_to_stand_out(const Host& host, const Usual& usual,
                                                           std::int64_t number) const {
  std::int64_t first = number;
  for (std::size_t i = 0; i < host.newest.size(); ++i) {
    const std::int64_t step = host.newest_steps[i];
    const bool stands_out =
        static_cast<double>(host.newest[i].with_address) >= settings_.surge.lasting_ratio * usual.answers &&
        host.newest[i].unsolicited() > 0;
    if (stands_out && step > number - 3) first = std::min(first, step);
  }
  return first;
}

AnswersWithoutConnections::Usual AnswersWithoutConnections::usual(const HostHabits* habits,
                                                                  std::int64_t number) const {
  if (habits == nullptr) return {};
  return {habits->answers, static_cast<double>(std::min(number, steps_.adapt))};
}

AnswersWithoutConnections::Flood AnswersWithoutConnections::flood(const Host& host, const Usual& usual,
                                                                  bool follows, std::int64_t number,
                                                                  bool open, double loss) const {
  Answers window = host.answers.last(TimeBlocks<Answers>::kWindow);
  window.steps = static_cast<double>(steps_.window);
  const Flood lately = judge(newest(host, number), window, usual, false, open, loss);
  if (lately.found) return lately;
  return judge(window, window, usual, follows, open, loss);
}

// `follows`: a host that is to connect to what it is told.
AnswersWithoutConnections::Flood AnswersWithoutConnections::judge(const Answers& answers,
                                                                  const Answers& window, const Usual& usual,
                                                                  bool follows, bool open,
                                                                  double loss) const {
  const AnswerFloodThresholds& wanted = settings_.answer_flood;
  Flood flood;
  flood.answers = answers;
  const double baseline = usual.answers * answers.steps;
  const auto count = static_cast<double>(answers.with_address);
  const double ratio = open ? settings_.surge.lasting_ratio : settings_.surge.ratio;
  flood.log10_chance = log10_chance(count / kAnswersBunch, usual.answers * usual.learned / kAnswersBunch,
                                    kMargin * answers.steps / usual.learned);
  if (count < ratio * baseline) return flood;

  const double least = static_cast<double>(wanted.least) * (open ? 0.5 : 1);
  const double unsolicited = answers.unsolicited();
  const auto connected = static_cast<double>(answers.followed);
  const double explained = settings_.loss_factor * loss;
  // Hardly any answer comes unasked by chance, so their number need not be so unlikely.
  const double chance_unasked = open ? -1 : 0.6 * settings_.surge.log10_chance;
  if (flood.log10_chance <= chance_unasked && unsolicited >= least &&
      unsolicited >= wanted.unsolicited * static_cast<double>(answers.responses) &&
      window.unsolicited() >= 0.5 * unsolicited && connected < 0.3 * count) {
    flood.found = flood.unsolicited = true;
    flood.by_loss = unsolicited <= explained * static_cast<double>(answers.responses);
    return flood;
  }
  constexpr double kUsuallyFollowed = 0.5;  // Rikitake et al.: 57.5 %
  const double chance = open ? -1 : settings_.surge.log10_chance;
  if (flood.log10_chance <= chance && follows && answers.with_address >= wanted.unfollowed &&
      connected <= wanted.followed * count) {
    flood.found = true;
    flood.by_loss = kUsuallyFollowed * (1 - explained) <= wanted.followed;
  }
  return flood;
}

Sighting AnswersWithoutConnections::sighting(const HostRow& row, const Host& host, const Usual& usual,
                                             const Flood& flood, std::int64_t number) const {
  const Answers& answers = flood.answers;
  const double seconds = answers.steps * steps_.step_seconds;
  const auto count = static_cast<double>(answers.with_address);
  const auto server = servers_.find(row.host);
  const bool watched = server != servers_.end();
  const std::string subject = watched ? name_of(*server->second) : to_text(row.host);

  Sighting sighting;
  sighting.detector = kName;
  sighting.subject = watched ? server->second->addresses.front() : row.host;
  if (watched) sighting.name = server->second->name;
  sighting.steps_ago = number - host.since;
  sighting.score = 1 - std::exp2(flood.log10_chance / 6);
  sighting.severity =
      flood.unsolicited && count >= 10 * usual.answers * answers.steps ? Severity::kHigh : Severity::kMedium;
  sighting.evidence = {
      {"answers_per_s", count / seconds},
      {"baseline_per_s", usual.answers / steps_.step_seconds},
      {"queries_per_s", static_cast<double>(answers.queries) / seconds},
      {"unsolicited_share", std::max(0.0, answers.unsolicited()) /
                                static_cast<double>(std::max<std::uint64_t>(1, answers.responses))},
      {"followed_share", std::min(1.0, static_cast<double>(answers.followed) / count)},
  };
  sighting.advice = flood.unsolicited
                        ? "Drop DNS responses to " + subject +
                              " that it did not ask for at the border: others ask in its name, or try to "
                              "poison a cache. See "
                              "that it uses random source ports and checks DNSSEC."
                        : "Look at what asks for so many names on " + subject +
                              " and never connects to them: a tunnel, a survey of names, or malware.";
  return sighting;
}

}  // namespace aggregator

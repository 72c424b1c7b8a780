// A mail server whose mail exchange efficiency, MEE = N_f / N_c, is not what it is at that hour (Musashi et
// al.).
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "aggregator/detectors/baseline_carrier.h"
#include "aggregator/detectors/step_view.h"
#include "aggregator/detectors/surge_series.h"
#include "aggregator/weekly_profile.h"

namespace aggregator {

// For each mail server with a log. Low: connections that bring no mail, such as a flood of rejected
// recipients. High: more mails than connections, such as bounces of a server that takes mail for unknown
// users. While its profile knows nothing of an hour, the last hours of such days stand in. MEE as on
// holidays is one, unless there are more connections than usual.
class MailEfficiency {
 public:
  static constexpr std::string_view kName = "mail_efficiency";

  explicit MailEfficiency(const DetectorSettings& settings);

  void observe(const StepView& view, FindingBook& book);
  void carry(BaselineCarrier& carry, const std::vector<WatchedServer>& servers) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const wire::Address& subject = servers[i].addresses.front();
      carry(kName, "profile", subject, servers_[i].profile);
      carry(kName, "connects", subject, servers_[i].connects);
      carry.numbers(kName, "lately", subject,
                    {&servers_[i].learned, &servers_[i].lately.connects, &servers_[i].lately.mails});
    }
  }

 private:
  struct Exchange {
    double connects = 0;
    double mails = 0;
    bool learned = false;  // or never to be
  };
  struct Server {
    Server(const DetectorSettings& settings, const StepCounts& steps);

    WeeklyProfile profile;
    SurgeSeries connects;
    std::deque<Exchange> recent;  // steps of the window, the newest last
    Exchange lately;              // a step, as far as it remembers
    double learned = 0;           // steps in that
    std::optional<CalendarHour> hour;
    Exchange of_hour;  // `learned`: something stood out
    std::size_t steps_of_hour = 0;
  };
  // Of the steps of the window in the newest one's hour: another hour has another profile.
  struct Recent {
    Exchange sum;
    Exchange most;  // the step of the most connects
    double steps = 0;
  };
  struct Judgement {
    double mee = 0;
    double usual = 0;
    double error = 0;  // of the MEE, by chance
    double deviations = 0;
    std::size_t weeks = 0;  // that the profile has learned; 0: by the last hours
    bool low() const noexcept { return mee < usual; }
  };

  void add(Server& server, const StepView& view, const ServerStep& step, const FindingBook& book);
  void add_to_profile(Server& server, const CalendarHour& hour, const Exchange& now, bool open);
  static void forget_lately(Server& server);
  void learn(Server& server, Exchange& exchange) const;
  static Recent recent(const Server& server);
  std::optional<Judgement> judge(const Server& server) const;
  bool remarkable(const Server& server, const Judgement& judgement, double deviations) const;
  Sighting sighting(const Server& server, const ServerStep& step, const Judgement& judgement) const;

  DetectorSettings settings_;
  StepCounts steps_;
  std::vector<Server> servers_;
};

}  // namespace aggregator

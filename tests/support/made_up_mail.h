// What mail does to a mail server's log and to its DNS queries, in words; the rates are per step.
#pragma once

#include "tests/support/made_up_steps.h"

namespace tests {

using Log = aggregator::MailField;

// Queries cost PTR and A for a connection, MX and A for a mail, and two for a delivery.
struct QueryCost {
  double cache = 1;  // times as many as with the usual cache
};

class MadeUpMail {
 public:
  explicit MadeUpMail(MadeUpStep& step, QueryCost cost = {}) : step_(step), cost_(cost) {}

  // Connections of many clients that bring mails, as MEE has it; a few name unknown users.
  void comes(double rate, double mee = 0.7, std::uint32_t clients = 200) {
    const std::uint64_t count = step_.poisson(rate);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t rejected = step_.below(20) == 0;
      connects(host(1'000'000 + static_cast<std::uint32_t>(step_.below(clients))), 1, rejected);
      step_.log()[Log::kUserUnknown] += rejected;
    }
    taken_in(step_.poisson(mee * static_cast<double>(count)));
    ask(Field::kQueriesPtr, count);
    ask(Field::kQueriesA, count);
  }
  void taken_in(std::uint64_t mails) {
    step_.log()[Log::kFrom] += mails;
    step_.log()[Log::kRecipients] += mails;
    ask(Field::kQueriesMx, mails);
    ask(Field::kQueriesA, mails);
    deliver(mails, 0.05);
  }
  // So many attempts, of which a share is deferred.
  void deliver(std::uint64_t attempts, double deferred_share, const std::string& domain = "slow.example") {
    const std::uint64_t deferred =
        std::min(attempts, step_.poisson(deferred_share * static_cast<double>(attempts)));
    step_.log()[Log::kSent] += attempts - deferred;
    step_.log()[Log::kDeferred] += deferred;
    step_.log_domain(domain, deferred, 0);
    ask(Field::kQueriesA, attempts);
    ask(Field::kQueriesMx, attempts);
    step_.connect(kMailServer, 25, 4'000'000 + static_cast<std::uint32_t>(step_.below(100'000)), attempts,
                  Field::kResolved, true);
  }
  // As the log and the wire have it.
  void connects(const wire::Address& client, std::uint64_t connections, std::uint64_t rejected = 0) {
    step_.log_client(client, connections, rejected);
    for (std::uint64_t i = 0; i < connections; ++i) step_.smtp(client, 0);
  }
  void is_read(double sessions) { step_.log()[Log::kPop] += step_.poisson(sessions); }

  // Its own mail to a list: one mail, many recipients, some of them gone.
  void newsletter(std::uint64_t recipients) {
    step_.log()[Log::kFrom] += 1;
    step_.log()[Log::kRecipients] += recipients;
    step_.log()[Log::kBounced] += recipients / 20;
    step_.log()[Log::kBouncedUnknown] += recipients / 20;
    deliver(recipients - recipients / 20, 0.05);
  }
  // A client that names users who are not there.
  void guesses(const wire::Address& client, std::uint64_t connections, std::uint64_t users_each) {
    connects(client, connections, connections * users_each);
    step_.log()[Log::kUserUnknown] += connections * users_each;
    step_.log_domain("campus.example", 0, connections * users_each);
    ask(Field::kQueriesPtr, connections);
    ask(Field::kQueriesA, connections);
  }

 private:
  void ask(Field type, std::uint64_t queries) {
    step_.ask(kMailServer, type, step_.poisson(cost_.cache * static_cast<double>(queries)));
  }

  MadeUpStep& step_;
  QueryCost cost_;
};

inline void ordinary_mail_day(MadeUpStep& step, double level = 1, QueryCost cost = {}) {
  MadeUpMail mail(step, cost);
  mail.comes(20 * level);
  mail.is_read(15 * level);
}

}  // namespace tests

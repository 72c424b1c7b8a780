#include "aggregator/detectors/mail_load.h"

namespace aggregator {

MailLoad MailLoad::of(const ServerStep& step) noexcept {
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  const MailCounts& mail = step.mail;
  const HostCounts& seen = step.counts;
  MailLoad load;
  load.x = {number(mail[MailField::kConnects]), number(mail[MailField::kFrom]), number(mail.to()),
            number(mail[MailField::kPop] + mail[MailField::kImap])};
  load.queries = number(step.queries());
  if (step.query_logged) {
    load.types = {number(mail[MailField::kLoggedA] + mail[MailField::kLoggedAaaa]),
                  number(mail[MailField::kLoggedPtr]), number(mail[MailField::kLoggedMx])};
  } else {
    load.types = {number(seen[HostField::kQueriesA] + seen[HostField::kQueriesAaaa]),
                  number(seen[HostField::kQueriesPtr]), number(seen[HostField::kQueriesMx])};
  }
  load.types[3] = load.queries - load.types[0] - load.types[1] - load.types[2];
  return load;
}

MailLoad& MailLoad::operator+=(const MailLoad& other) noexcept {
  for (std::size_t i = 0; i < kColumns; ++i) x[i] += other.x[i];
  for (std::size_t i = 0; i < kTypes; ++i) types[i] += other.types[i];
  queries += other.queries;
  return *this;
}

}  // namespace aggregator

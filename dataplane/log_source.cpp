#include "dataplane/log_source.h"

#include <algorithm>

#include "wire/log_program.h"
#include "wire/mail_line.h"

namespace dataplane {

bool LogSource::passed(const wire::Address& client) noexcept {
  if (came_ == 0 || client == wire::Address{}) return false;
  const auto place = std::ranges::find(waiting_, client);
  if (place == waiting_.end()) return false;
  *place = {};
  return true;
}

bool LogSource::repeats(const wire::LogLine& line, const wire::MailFact& fact) noexcept {
  if (fact.kind == wire::MailFactKind::kConnect) {
    if (wire::postfix_daemon(line.program) != "postscreen") return passed(fact.client);
    waiting_[came_++ % kWaiting] = fact.client;
    return false;
  }
  if (fact.kind == wire::MailFactKind::kPop &&
      wire::log_program(line.program) == wire::LogProgram::kQpopper) {
    const bool last = wire::is_qpopper_statistics(line.message);
    pop_logins_ = pop_logins_ || !last;
    return pop_logins_ && last;
  }
  return false;
}

}  // namespace dataplane
